// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"

namespace ifrit::agent::platform {

/// Over pidfd_send_signal: between the check of the identity and the signal the pid cannot come to
/// mean another process. Where no handle is to be had (ENFILE) right after the check, by the pid.
/// The table must outlive it.
class LinuxSignaller final : public Signaller {
public:
    explicit LinuxSignaller(const ProcessTable& processes) : m_processes(processes) {}

    absl::Status signal(const ProcessId& process, Signal signal) override;
    absl::Status signalSession(const ProcessId& leader, Signal signal) override;

private:
    const ProcessTable& m_processes;
};

}  // namespace ifrit::agent::platform
