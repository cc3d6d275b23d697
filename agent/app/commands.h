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
/// Gets a certificate and ends; OK when there is a valid one already.
absl::Status enrolMachine(const Config& config);
/// Ends every managed agent. FAILED_PRECONDITION LOCKED while ifrit-agent runs, which would start
/// them again.
absl::Status stopAllAgents(const Config& config);
enum class StatusForm { Text, Json };
/// Prints what the journal says; needs no running ifrit-agent and takes no lock.
absl::Status printStatus(const Config& config, StatusForm form);

}  // namespace ifrit::agent::app
