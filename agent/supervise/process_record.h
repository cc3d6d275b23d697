// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/platform/process_id.h"
#include "agent/supervise/run_spec.h"
#include "shared/base/status.h"

namespace ifrit::agent::supervise {

/// Where the Supervisor writes down which process runs, so that the next ifrit-agent can adopt it.
/// Called under the Supervisor's lock, on any of its threads: must not call the Supervisor.
class ProcessRecord {
public:
    virtual ~ProcessRecord() = default;
    /// Before the program runs (see ProcessLauncher::BeforeProgram). An error does not keep the
    /// agent from running, because a full disk must not stop it; it becomes an event.
    virtual absl::Status started(const RunSpec& spec, const platform::ProcessId& process) = 0;
    virtual absl::Status ended(const std::string& agent) = 0;
};

}  // namespace ifrit::agent::supervise
