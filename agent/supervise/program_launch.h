// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"
#include "agent/supervise/supervisor.h"

namespace ifrit::agent::supervise {

/// The variable in a managed agent's environment by which its processes are found, whoever started
/// them.
inline constexpr char kMarker[] = "IFRIT_SUPERVISED";
/// Beside it, of which machine: a host and the containers on it see the same paths, and the host
/// sees the processes of all.
inline constexpr char kMachineMarker[] = "IFRIT_SUPERVISED_ON";
std::string markerOf(const SupervisorOptions& options, const RunSpec& spec);

/// How an agent's program is begun: its environment, account and limits. `account` is that of
/// spec.user; its output goes to `outputFile`.
platform::LaunchSpec launchSpecOf(const RunSpec& spec, const SupervisorOptions& options,
                                  const std::optional<platform::Account>& account,
                                  const std::string& outputFile);

/// Whether live processes other than itself are in the session that this one leads.
bool hasCompany(const platform::ProcessTable& processes, const platform::ProcessId& leader);

}  // namespace ifrit::agent::supervise
