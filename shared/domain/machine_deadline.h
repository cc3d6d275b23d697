// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <chrono>

namespace ifrit::domain {

/// What a release gives each machine from opening to an outcome. In less than the least no machine
/// polls, downloads and starts anything, and all would come out as failed.
inline constexpr std::chrono::seconds kLeastMachineDeadline{10};
inline constexpr std::chrono::hours kMostMachineDeadline{30 * 24};

/// INVALID_ARGUMENT (DEADLINE_INVALID) where it is out of these bounds.
absl::Status checkMachineDeadline(std::chrono::milliseconds deadline);

}  // namespace ifrit::domain
