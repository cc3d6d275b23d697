// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/reconcile/action.h"
#include "agent/reconcile/agent_facts.h"
#include "shared/base/status.h"

namespace ifrit::agent::app {

/// What carrying out one action came to.
struct ActionOutcome {
    std::string agent;
    reconcile::ActionKind kind = reconcile::ActionKind::WaitUntil;
    std::string digest;                       ///< of the desired entry that it was about
    std::string releaseId;                    ///< of the same
    absl::Status status;                      ///< reason is one of reconcile/reasons.h
    std::optional<reconcile::Permit> permit;  ///< AskPermit, granted
    std::chrono::milliseconds retryAfter{0};  ///< failed, and a master said so: not sooner
};

}  // namespace ifrit::agent::app
