// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "master/release/model.h"

namespace ifrit::master::release {

struct MachineVerdict {
    domain::Outcome outcome = domain::Outcome::Pending;
    std::string reason;
    std::string message;
    bool operator==(const MachineVerdict&) const = default;
};

/// Of a machine that has as many agents as it can tell of: in a plan a refusal, in a release
/// skipped (and what its row says before its stage is open), of a permit a refusal.
inline constexpr char kAgentsFull[] = "AGENTS_FULL";
/// What to do there, for people.
std::string sayAgentsFull(const std::string& agent);

/// How a report counts for a release. `report` nullopt: the machine says that it does not have the
/// agent. Pending: nothing final can be said of it. Pure.
MachineVerdict judge(const Target& target, const std::string& releaseId,
                     const std::optional<domain::AgentReport>& report);

/// The machine runs what `target` says, in good health (or has nothing, for an uninstall).
bool isOn(const Target& target, const std::optional<domain::AgentReport>& report);

/// The same over what a progress row remembers of the last report.
bool isOn(const Target& target, const MachineProgress& machine);

}  // namespace ifrit::master::release
