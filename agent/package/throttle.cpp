// SPDX-License-Identifier: Apache-2.0
#include "agent/package/throttle.h"

#include <algorithm>
#include <thread>

namespace ifrit::agent::package {
namespace {

/// A pause saved up is spent in bursts of this length, so that the rate holds over short times too.
constexpr std::chrono::milliseconds kBurst{100};

}  // namespace

Throttle::Throttle(const base::Clock& clock, std::uint64_t bytesPerSecond, Sleep sleep)
    : m_clock(clock),
      m_bytesPerSecond(bytesPerSecond),
      m_sleep(std::move(sleep)),
      m_paidUntil(clock.steadyNow()) {}

std::chrono::nanoseconds Throttle::take(std::size_t bytes) {
    if (m_bytesPerSecond == 0) return std::chrono::nanoseconds(0);
    const std::chrono::duration<double> cost(static_cast<double>(bytes) /
                                             static_cast<double>(m_bytesPerSecond));
    std::chrono::nanoseconds wait{0};
    {
        const absl::MutexLock lock(&m_mutex);
        const base::SteadyTime now = m_clock.steadyNow();
        m_paidUntil = std::max(m_paidUntil, now - kBurst) +
                      std::chrono::duration_cast<base::SteadyTime::duration>(cost);
        wait = std::max<std::chrono::nanoseconds>(m_paidUntil - now, std::chrono::nanoseconds(0));
    }
    if (wait.count() > 0) m_sleep(wait);
    return wait;
}

void sleepFor(std::chrono::nanoseconds time) {
    std::this_thread::sleep_for(time);
}

}  // namespace ifrit::agent::package
