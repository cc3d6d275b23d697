// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "agent/app/machine_view.h"
#include "shared/domain/desired_state.h"

namespace ifrit::agent::app {

/// "1.5.0", "uninstall", "nothing (left alone)".
std::string wanted(const std::optional<domain::DesiredEntry>& entry);
/// Every agent that is known or wanted, with the entry that counts.
std::map<std::string, std::optional<domain::DesiredEntry>> chosen(
    const journal::JournalState& state);
/// "1 try", "2 tries".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);
/// nullptr: none, or ifrit-agent does not run.
const domain::AgentReport* reportOf(const MachineView& machine, const std::string& agent);
/// What it is about, and that it crash-loops, where it does.
std::string doingOf(const domain::AgentReport& report);
/// What went wrong last: of what is wanted or done now where ifrit-agent runs and says so, else
/// what it wrote down.
const std::optional<domain::AgentError>& lastErrorOf(const journal::AgentRecord& record,
                                                     const domain::AgentReport* report);
/// An empty one for an agent that the journal does not know.
const journal::AgentRecord& recordOf(const journal::JournalState& state, const std::string& name);

}  // namespace ifrit::agent::app
