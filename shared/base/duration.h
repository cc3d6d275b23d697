// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>

namespace ifrit::base {

/// "500ms", "10s", "5m", "2h", "1d": a whole number and a unit, at most 30 days.
absl::StatusOr<std::chrono::milliseconds> parseDuration(std::string_view text);
/// The shortest form that parseDuration() reads back equal.
std::string formatDuration(std::chrono::milliseconds duration);

}  // namespace ifrit::base
