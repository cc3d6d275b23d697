// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/byte_budget.h"

#include <algorithm>

namespace ifrit::agent::integrity {
namespace {

constexpr std::chrono::milliseconds kBurst{50};

}  // namespace

std::chrono::nanoseconds ByteBudget::spend(std::uint64_t bytes) {
    if (m_bytesPerSecond == 0) return std::chrono::nanoseconds(0);
    const double seconds = static_cast<double>(bytes) / static_cast<double>(m_bytesPerSecond);
    const auto cost = std::chrono::duration_cast<base::SteadyTime::duration>(
        std::chrono::duration<double>(seconds));
    const base::SteadyTime now = m_clock.steadyNow();
    m_paidUntil = std::max(m_paidUntil, now - kBurst) + cost;
    return std::max<std::chrono::nanoseconds>(m_paidUntil - now, std::chrono::nanoseconds(0));
}

}  // namespace ifrit::agent::integrity
