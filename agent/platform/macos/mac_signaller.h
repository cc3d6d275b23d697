// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"

namespace ifrit::agent::platform {

/// Over kill(2), right after the identity was looked at. macOS has no handle of a process that a
/// signal can be sent to; pids are given out in turn there, so one that just ended is not another's
/// within the few microseconds between.
class MacSignaller final : public Signaller {
public:
    explicit MacSignaller(const ProcessTable& processes) : m_processes(processes) {}

    absl::Status signal(const ProcessId& process, Signal signal) override;
    absl::Status signalSession(const ProcessId& leader, Signal signal) override;

private:
    const ProcessTable& m_processes;
};

}  // namespace ifrit::agent::platform
