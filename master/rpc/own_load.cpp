// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/own_load.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ifrit::master::rpc {
namespace {

std::uint32_t microseconds(std::chrono::nanoseconds time) {
    const auto out = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(out, 0, kMost));
}

v1::LoadSample toWire(const services::LoadSample& sample) {
    v1::LoadSample out;
    out.set_at_ms(base::toUnixMillis(sample.at));
    out.set_span_ms(static_cast<std::uint32_t>(sample.span.count()));
    out.set_polls(sample.polls);
    out.set_shed(sample.shed);
    out.set_poll_p50_us(microseconds(sample.pollP50));
    out.set_poll_p99_us(microseconds(sample.pollP99));
    out.set_other_calls(sample.otherCalls);
    return out;
}

}  // namespace

std::chrono::milliseconds loadWithin(std::uint64_t withinMs) {
    constexpr auto kAll =
        static_cast<std::uint64_t>(std::chrono::milliseconds(std::chrono::hours(24)).count());
    return std::chrono::milliseconds(withinMs > kAll ? 0 : withinMs);
}

void OwnLoad::reachedAt(std::string address) {
    const absl::MutexLock lock(&m_mutex);
    m_address = std::move(address);
}

v1::MasterLoad OwnLoad::tell(std::chrono::milliseconds within) const {
    v1::MasterLoad out;
    {
        const absl::MutexLock lock(&m_mutex);
        out.set_address(m_address);
    }
    out.set_server_version(m_parts.version);
    out.set_leads(m_parts.services.isLeading());
    for (const auto& sample : m_parts.history.samples(within, m_parts.clock.now()))
        *out.add_samples() = toWire(sample);
    return out;
}

}  // namespace ifrit::master::rpc
