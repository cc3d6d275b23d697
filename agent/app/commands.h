// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/app/config.h"
#include "shared/base/status.h"

namespace ifrit::agent::app {

/// What this program calls itself, e.g. "1.4.0".
const char* programVersion();

/// Until a signal ends it, or another version takes over; the exit code.
absl::StatusOr<int> runAgent(const Config& config);
/// Gets a certificate and ends; OK when there is a valid one already, which no master says was
/// revoked.
absl::Status enrolMachine(const Config& config);
/// Ends every managed agent. FAILED_PRECONDITION LOCKED while ifrit-agent runs, which would start
/// them again.
absl::Status stopAllAgents(const Config& config);

enum class OutputForm { Text, Json };
/// Prints how the machine is: asks the ifrit-agent that runs, else reads what it left on the disk
/// and says so.
absl::Status printStatus(const Config& config, OutputForm form);
/// Prints why an agent is as it is. As printStatus().
absl::Status explainAgent(const Config& config, const std::string& agent);
/// Lets bad versions be tried again, of one agent or of "all"; `digest` empty: each of them.
absl::Status resetBadVersions(const Config& config, const std::string& agent,
                              const std::string& digest);
/// Prints what Doctor finds; true when nothing failed. `file`: why `config` is not what its file
/// says.
absl::StatusOr<bool> examineMachine(const Config& config, const absl::Status& file,
                                    OutputForm form);

}  // namespace ifrit::agent::app
