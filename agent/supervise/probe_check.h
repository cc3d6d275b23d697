// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "agent/platform/command_runner.h"
#include "agent/supervise/probe_runner.h"

namespace ifrit::agent::supervise {

/// Asks once and waits for the answer, at most the probe's timeout (for exec: and the few
/// milliseconds of a kill), or until `stop` is asked for. Thread-safe. Never uses a proxy or a kept
/// connection: a probe asks whether the agent answers now.
ProbeResult checkProbe(const ProbeRequest& request, platform::CommandRunner& commands,
                       std::stop_token stop = {});

/// What an error says of the agent that was asked: nothing, where we had no descriptor for it,
/// or the probe's program is not the signed one.
ProbeResult notOk(const absl::Status& status, const std::string& context);

}  // namespace ifrit::agent::supervise
