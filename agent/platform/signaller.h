// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "agent/platform/process_id.h"
#include "shared/base/status.h"

namespace ifrit::agent::platform {

enum class Signal { Terminate, Interrupt, Quit, Hangup, User1, User2, Kill, Continue };

/// "SIGTERM" and so on, as manifests write it; INVALID_ARGUMENT BAD_SIGNAL for another name.
absl::StatusOr<Signal> signalFromName(std::string_view name);

/// Sends signals to processes whose identity still holds, and to no other. Thread-safe, never
/// waits. NOT_FOUND PROCESS_GONE when nothing was there to be signalled; an exhaustion
/// (shared/base/exhaustion.h) when nobody could look.
class Signaller {
public:
    virtual ~Signaller() = default;
    virtual absl::Status signal(const ProcessId& process, Signal signal) = 0;
    /// The whole session that `leader` leads, also after the leader's own end.
    virtual absl::Status signalSession(const ProcessId& leader, Signal signal) = 0;
};

}  // namespace ifrit::agent::platform
