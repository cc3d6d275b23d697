// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/open_streams.h"

#include <algorithm>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::seconds kInterval{1};

template <typename Held>
void forgetEnded(std::vector<Held>& all) {
    all.erase(std::remove_if(all.begin(), all.end(),
                             [](const Held& held) { return held.stream.expired(); }),
              all.end());
}

/// Outside of any lock of ours: gRPC may call back at once, on this thread.
template <typename Refused>
void endAll(const Refused& refused) {
    for (const auto& [stream, status] : refused)
        stream->end(status);
}

}  // namespace

void OpenStreams::add(const Principal& caller, std::weak_ptr<Endable> stream) {
    Held held{{caller.name, caller.tokenHash, caller.serialHex, caller.expires}, std::move(stream)};
    absl::MutexLock lock(&m_mutex);
    auto& all = caller.kind == Principal::Kind::Machine ? m_machines : m_operators;
    all.push_back(std::move(held));
}

void OpenStreams::tick() {
    const base::SteadyTime now = m_clock.steadyNow();
    if (now - m_asked < kInterval) return;
    m_asked = now;
    endAll(refusedMachines());
    {
        absl::MutexLock lock(&m_mutex);
        forgetEnded(m_operators);
        if (m_operators.empty()) return;
    }
    if (m_isAsking.exchange(true)) return;
    const bool taken = m_workers.submitAdmitted([self = shared_from_this()] {
        self->checkOperators();
        self->m_isAsking = false;
    });
    if (!taken) m_isAsking = false;
}

OpenStreams::Refused OpenStreams::refusedMachines() {
    const base::WallTime now = m_clock.now();
    Refused out;
    absl::MutexLock lock(&m_mutex);
    forgetEnded(m_machines);
    for (const Held& held : m_machines) {
        const absl::Status status =
            now < held.who.expires
                ? m_identities.checkMachine(held.who.name, held.who.serialHex)
                : base::makeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_EXPIRED",
                                  held.who.name, "the client certificate has expired");
        if (status.ok()) continue;
        if (auto stream = held.stream.lock()) out.emplace_back(std::move(stream), status);
    }
    return out;
}

void OpenStreams::checkOperators() {
    std::vector<Held> all;
    {
        absl::MutexLock lock(&m_mutex);
        all = m_operators;
    }
    std::vector<services::SignedIn> who;
    who.reserve(all.size());
    for (const Held& held : all)
        who.push_back(held.who);
    const std::vector<absl::Status> verdicts = m_identities.stillSignedIn(who);
    Refused refused;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (verdicts[i].ok()) continue;
        if (auto stream = all[i].stream.lock())
            refused.emplace_back(std::move(stream), verdicts[i]);
    }
    endAll(refused);
}

std::size_t OpenStreams::count() const {
    const absl::MutexLock lock(&m_mutex);
    return m_machines.size();
}

}  // namespace ifrit::master::rpc
