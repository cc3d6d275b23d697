// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"

namespace ifrit::agent::platform {

/// signal(7)'s number.
int signalNumber(Signal signal);

/// NOT_FOUND PROCESS_GONE, as Signaller's methods say.
absl::Status processGone(const ProcessId& process);

/// Sends to every member of the session, also to those that come up meanwhile; the result is that
/// of Signaller::signalSession(). `found` (out, may be null): whether there was any member.
absl::Status signalMembers(const ProcessTable& processes, Signaller& signaller,
                           const ProcessId& leader, Signal signal, bool* found = nullptr);

}  // namespace ifrit::agent::platform
