// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string_view>

#include "master/services/fleet.h"
#include "shared/filter/machine_filter.h"

namespace ifrit::master::services {

/// filter::MachineFilter for whoever sent `text`: INVALID_ARGUMENT (FILTER) names the part that is
/// wrong and says what is allowed.
absl::StatusOr<filter::MachineFilter> parseMachineFilter(std::string_view text);

/// Whether the machine is one that the filter means. O(its agents and labels).
bool matches(const filter::MachineFilter& machineFilter, const MachineView& machine,
             base::WallTime now);

}  // namespace ifrit::master::services
