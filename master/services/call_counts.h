// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/types/span.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace ifrit::master::services {

/// Calls that ended since the start. Each number only grows.
struct CallTotals {
    std::uint64_t polls = 0;
    std::uint64_t shed = 0;  ///< polls that were told to come later
    std::uint64_t otherCalls = 0;
    /// Where each bucket of durations ends, rising; of static storage.
    absl::Span<const std::chrono::nanoseconds> bounds;
    std::vector<std::uint64_t> pollsByDuration;  ///< by bucket; one more, of those above all bounds
};

/// What a CallObserver counted. Thread-safe.
class CallCounts {
public:
    virtual ~CallCounts() = default;
    /// O(methods); no lock that a call takes.
    virtual CallTotals totals() const = 0;
};

}  // namespace ifrit::master::services
