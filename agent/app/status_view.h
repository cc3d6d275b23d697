// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/app/machine_view.h"
#include "shared/base/clock.h"

namespace ifrit::agent::app {

/// The machine for a person at night: is ifrit-agent up, does it reach a master, what is wanted,
/// what runs, what failed and when it is tried again. Pure.
std::string statusText(const MachineView& machine, base::WallTime now);
/// The same as one JSON object.
std::string statusJson(const MachineView& machine);
/// Why this agent is as it is: each desired entry with the reason why it won or lost, what is
/// done about it now, and what to do where that failed. NOT_FOUND AGENT_UNKNOWN. Pure.
absl::StatusOr<std::string> explainText(const MachineView& machine, const std::string& agent,
                                        base::WallTime now);

}  // namespace ifrit::agent::app
