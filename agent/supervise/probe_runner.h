// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "agent/platform/process_launcher.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::supervise {

struct ProbeResult {
    bool ok = false;
    std::string message;  ///< "HTTP 200", "nothing listens on 127.0.0.1:9100", "timed out after..."
    bool asked = true;    ///< false: the runner did not come to it, and the agent is not to blame

    bool isWant = false;     ///< and that for want of descriptors, memory or processes
    bool isRefused = false;  ///< or since the probe's program is not the signed one

    static ProbeResult notAsked(const std::string& why) {
        return {false, "not asked: " + why, false};
    }
};

struct ProbeRequest {
    std::string agent;  ///< of one agent, one probe runs at a time
    domain::Probe probe;
    std::map<std::string, std::string> environment;  ///< exec: as the agent's own
    std::string workingDirectory;                    ///< exec
    std::optional<platform::Account> account;        ///< exec: the agent's
    /// exec, without an account: finds it, on a thread of the runner; may block, and be empty.
    std::function<absl::StatusOr<platform::Account>()> findAccount;
    platform::LaunchSpec::ProgramCheck checkProgram;  ///< exec: of its program; may be empty
    /// Called when it begins to run, on a thread of the runner, before `done`; may be empty.
    std::function<void()> begun;
};

/// Asks managed agents whether they are alive.
class ProbeRunner {
public:
    using Callback = std::function<void(ProbeResult)>;
    virtual ~ProbeRunner() = default;
    /// Returns at once. `done` is called exactly once, on a thread of the runner or, when the
    /// runner is too busy or being destroyed, possibly inside this call or the destructor; never
    /// later than the probe's timeout after it began to run and its account was found.
    virtual void run(ProbeRequest request, Callback done) = 0;
};

}  // namespace ifrit::agent::supervise
