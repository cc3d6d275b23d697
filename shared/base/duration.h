// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>

namespace ifrit::base {

/// What most settings take at the most.
inline constexpr std::chrono::hours kMostDuration{30 * 24};

/// "500ms", "10s", "5m", "2h", "1d": a whole number and a unit, not more than `most`, which is a
/// whole number of days. INVALID_ARGUMENT (DURATION_INVALID) else.
absl::StatusOr<std::chrono::milliseconds> parseDuration(std::string_view text,
                                                        std::chrono::hours most = kMostDuration);
/// The shortest form that parseDuration() reads back equal.
std::string formatDuration(std::chrono::milliseconds duration);

}  // namespace ifrit::base
