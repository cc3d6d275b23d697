// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"

namespace ifrit::agent::platform {

/// Windows has no signals. Kill ends the process, or its whole session job. All that ask a program
/// to end (Terminate, Interrupt, Quit, Hangup) become a Ctrl-Break, which a console program can
/// handle and any other ends by. User signals are UNIMPLEMENTED; nothing is ever stopped, so
/// Continue has nothing to do.
class WindowsSignaller final : public Signaller {
public:
    explicit WindowsSignaller(const ProcessTable& processes) : m_processes(processes) {}

    absl::Status signal(const ProcessId& process, Signal signal) override;
    absl::Status signalSession(const ProcessId& leader, Signal signal) override;

private:
    const ProcessTable& m_processes;
};

}  // namespace ifrit::agent::platform
