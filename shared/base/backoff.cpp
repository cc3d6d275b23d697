// SPDX-License-Identifier: Apache-2.0
#include "shared/base/backoff.h"

#include <algorithm>
#include <random>
#include <utility>

namespace ifrit::base {

UniformRandom systemUniformRandom() {
    return [engine = std::mt19937_64(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
}

Backoff::Backoff(Policy policy, UniformRandom random)
    : m_policy(policy), m_random(std::move(random)) {}

std::chrono::milliseconds Backoff::next() {
    // 2^20 initial steps are past any cap in use; the clamp keeps the shift defined for ever.
    const std::uint32_t exponent = std::min<std::uint32_t>(m_failures, 20);
    if (m_failures != UINT32_MAX) ++m_failures;
    const auto ceiling = std::min(m_policy.cap, m_policy.initial * (std::int64_t{1} << exponent));
    const auto spread = std::max<std::int64_t>(0, (ceiling - m_policy.floor).count());
    return m_policy.floor + std::chrono::milliseconds(static_cast<std::int64_t>(
                                m_random() * static_cast<double>(spread)));
}

}  // namespace ifrit::base
