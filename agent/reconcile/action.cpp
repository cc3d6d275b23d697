// SPDX-License-Identifier: Apache-2.0
#include "agent/reconcile/action.h"

namespace ifrit::agent::reconcile {

std::string_view nameOf(ActionKind kind) {
    switch (kind) {
        case ActionKind::FetchManifest:
            return "fetch manifest";
        case ActionKind::Preflight:
            return "preflight";
        case ActionKind::Download:
            return "download";
        case ActionKind::Unpack:
            return "unpack";
        case ActionKind::AskPermit:
            return "ask permit";
        case ActionKind::Switch:
            return "switch";
        case ActionKind::Start:
            return "start";
        case ActionKind::Restart:
            return "restart";
        case ActionKind::Watch:
            return "watch";
        case ActionKind::Commit:
            return "commit";
        case ActionKind::GiveUp:
            return "give up probation";
        case ActionKind::Revert:
            return "revert";
        case ActionKind::Uninstall:
            return "uninstall";
        case ActionKind::Recover:
            return "recover";
        case ActionKind::Repair:
            return "repair";
        case ActionKind::WaitUntil:
            return "wait";
    }
    return "unknown";
}

bool isNewChange(ActionKind kind) {
    switch (kind) {
        case ActionKind::FetchManifest:
        case ActionKind::Preflight:
        case ActionKind::Download:
        case ActionKind::Unpack:
        case ActionKind::AskPermit:
        case ActionKind::Switch:
        case ActionKind::Uninstall:
            return true;
        default:
            return false;
    }
}

}  // namespace ifrit::agent::reconcile
