// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::reconcile {

enum class ActionKind {
    FetchManifest,  ///< get the signed manifest and verify it
    Preflight,      ///< ask the machine whether the version can run here
    Download,       ///< the archive into the cache, verified by digest
    Unpack,         ///< into a directory of its own, flushed
    AskPermit,      ///< of the master; nothing is switched without one
    Switch,         ///< stop the old, point `current` to the new, start the new
    Start,          ///< run, or adopt, what is installed; needs no network
    Restart,        ///< of what runs with an address that the machine has no more
    Watch,          ///< probation: nothing to do but to wait for the verdict
    Commit,         ///< probation passed
    GiveUp,         ///< probation ends without a verdict, since something else is wanted
    Revert,         ///< probation failed: put the previous version back; needs no network
    Uninstall,      ///< stop and remove
    Recover,        ///< finish or undo a step that an error or a kill cut short; needs no network
    Repair,         ///< put back files of an installed version that are not as signed
    WaitUntil,      ///< a failed attempt's back-off
};

/// "fetch manifest", "ask permit"...
std::string_view nameOf(ActionKind kind);

struct Action {
    ActionKind kind = ActionKind::WaitUntil;
    std::optional<base::WallTime> until{};  ///< WaitUntil, Watch: when to look again at the latest
    std::string reason{};                   ///< Revert: AgentError::reason
    std::string message{};                  ///< Revert, Restart: why, a sentence
    bool operator==(const Action&) const = default;
};

/// Steps on the way to a change, as opposed to those that keep, finish or undo one.
bool isNewChange(ActionKind kind);

/// What is to be done for one agent, in order. Only the first action is carried out; then the
/// machine is looked at again, because anything may have changed meanwhile.
struct AgentPlan {
    std::string agent;
    std::vector<Action> actions;  ///< empty: all is as it should be
    domain::MachineState state = domain::MachineState::Unknown;
    std::string step;  ///< for people; progress is added by who carries it out
    std::optional<base::WallTime> nextRetry;
    std::optional<base::WallTime> deadline;
    bool operator==(const AgentPlan&) const = default;
};

}  // namespace ifrit::agent::reconcile
