// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace ifrit::base {

/// A number in [0, 1). Injected, so that tests choose it.
using UniformRandom = std::function<double()>;
/// Seeded from the system; for jitter, never for secrets. The returned function is not thread-safe.
UniformRandom systemUniformRandom();

/// Exponential back-off with full jitter ("Exponential Backoff And Jitter", AWS architecture blog):
/// the n-th delay is uniform in [floor, min(cap, initial * 2^n)]. Not thread-safe.
class Backoff {
public:
    struct Policy {
        std::chrono::milliseconds initial{500};
        std::chrono::milliseconds cap{60'000};
        std::chrono::milliseconds floor{50};
    };

    Backoff(Policy policy, UniformRandom random);

    /// The delay before the next attempt; each call counts as one failure.
    std::chrono::milliseconds next();
    /// After a success.
    void reset() { m_failures = 0; }
    std::uint32_t failures() const { return m_failures; }

private:
    Policy m_policy;
    UniformRandom m_random;
    std::uint32_t m_failures = 0;
};

}  // namespace ifrit::base
