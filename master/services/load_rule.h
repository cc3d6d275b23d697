// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/types/span.h>

#include <chrono>
#include <cstdint>

#include "master/services/call_counts.h"
#include "shared/base/clock.h"

namespace ifrit::master::services {

/// What this master did in one span of time.
struct LoadSample {
    base::WallTime at{};  ///< when the span ended
    std::chrono::milliseconds span{0};
    std::uint64_t polls = 0;
    std::uint64_t shed = 0;
    std::uint64_t otherCalls = 0;
    std::chrono::nanoseconds pollP50{0};  ///< 0 where there was no poll
    std::chrono::nanoseconds pollP99{0};
    bool operator==(const LoadSample&) const = default;
};

/// The duration that `share` of all stay within, as far as buckets can tell: interpolated within
/// the one in which it falls, the last bound above all bounds, 0 of none. `counts` has one more
/// than `bounds`.
std::chrono::nanoseconds durationQuantile(absl::Span<const std::chrono::nanoseconds> bounds,
                                          absl::Span<const std::uint64_t> counts, double share);

/// What was counted between two looks.
LoadSample loadBetween(const CallTotals& before, const CallTotals& after,
                       std::chrono::milliseconds span, base::WallTime at);

}  // namespace ifrit::master::services
