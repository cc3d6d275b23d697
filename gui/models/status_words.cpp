// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/status_words.h"

#include "gui/models/text_format.h"

namespace ifrit::gui::models {

StatusLook StatusWords::of(domain::MachineState state) {
    using domain::MachineState;
    switch (state) {
        case MachineState::Scheduled:
            return {StatusKind::Wait, tr("scheduled")};
        case MachineState::WaitingPermit:
            return {StatusKind::Wait, tr("waiting for permit")};
        case MachineState::Downloading:
            return {StatusKind::Run, tr("downloading")};
        case MachineState::Verifying:
            return {StatusKind::Run, tr("verifying")};
        case MachineState::Installing:
            return {StatusKind::Run, tr("installing")};
        case MachineState::Watching:
            return {StatusKind::Wait, tr("watching")};
        case MachineState::Healthy:
            return {StatusKind::Ok, tr("healthy")};
        case MachineState::Already:
            return {StatusKind::Ok, tr("already")};
        case MachineState::Degraded:
            return {StatusKind::Wait, tr("degraded")};
        case MachineState::Failed:
            return {StatusKind::Fail, tr("failed")};
        case MachineState::Reverted:
            return {StatusKind::Fail, tr("reverted")};
        case MachineState::Silent:
            return {StatusKind::Silent, tr("silent")};
        case MachineState::NotApplicable:
            return {StatusKind::None, tr("not applicable")};
        case MachineState::Unmanaged:
            return {StatusKind::None, tr("unmanaged")};
        case MachineState::Unknown:
            break;
    }
    return {StatusKind::None, tr("unknown")};
}

StatusLook StatusWords::of(domain::Outcome outcome) {
    using domain::Outcome;
    switch (outcome) {
        case Outcome::Pending:
            return {StatusKind::None, tr("not yet")};
        case Outcome::Ok:
            return {StatusKind::Ok, tr("ok")};
        case Outcome::Already:
            return {StatusKind::Ok, tr("already")};
        case Outcome::Failed:
            return {StatusKind::Fail, tr("failed")};
        case Outcome::Reverted:
            return {StatusKind::Fail, tr("reverted")};
        case Outcome::Silent:
            return {StatusKind::Silent, tr("silent")};
        case Outcome::Skipped:
            return {StatusKind::None, tr("skipped")};
        case Outcome::Aborted:
            return {StatusKind::None, tr("aborted")};
    }
    return {StatusKind::None, tr("unknown")};
}

StatusLook StatusWords::of(domain::Integrity integrity) {
    switch (integrity) {
        case domain::Integrity::Intact:
            return {StatusKind::Ok, tr("intact")};
        case domain::Integrity::Repaired:
            return {StatusKind::Wait, tr("repaired")};
        case domain::Integrity::Damaged:
            return {StatusKind::Fail, tr("damaged")};
        case domain::Integrity::Unknown:
            break;
    }
    return {StatusKind::None, tr("not checked yet")};
}

StatusLook StatusWords::of(domain::ReleaseState state) {
    using domain::ReleaseState;
    switch (state) {
        case ReleaseState::Draft:
            return {StatusKind::None, tr("draft")};
        case ReleaseState::Running:
            return {StatusKind::Run, tr("running")};
        case ReleaseState::Paused:
            return {StatusKind::Wait, tr("paused")};
        case ReleaseState::Halted:
            return {StatusKind::Fail, tr("halted")};
        case ReleaseState::RollingBack:
            return {StatusKind::Wait, tr("rolling back")};
        case ReleaseState::RolledBack:
            return {StatusKind::None, tr("rolled back")};
        case ReleaseState::Aborted:
            return {StatusKind::None, tr("aborted")};
        case ReleaseState::Done:
            return {StatusKind::Ok, tr("done")};
    }
    return {StatusKind::None, tr("unknown")};
}

StatusLook StatusWords::of(const domain::Release& release) {
    const bool neverStarted =
        release.state == domain::ReleaseState::Aborted && !release.started.has_value();
    return neverStarted ? StatusLook{StatusKind::None, tr("discarded", "a draft")}
                        : of(release.state);
}

StatusLook StatusWords::offline() {
    return {StatusKind::None, tr("offline")};
}

StatusLook StatusWords::ofMachine(domain::MachineState state, bool isOffline) {
    return isOffline && state != domain::MachineState::Silent ? offline() : of(state);
}

QString StatusWords::nameOf(domain::StageKind kind, std::uint32_t batch) {
    switch (kind) {
        case domain::StageKind::Gray:
            return tr("Gray");
        case domain::StageKind::Pilot:
            return tr("Pilot");
        case domain::StageKind::Batch:
            return tr("Batch %1").arg(batch);
        case domain::StageKind::Full:
            return tr("Full");
    }
    return tr("unknown");
}

QString StatusWords::nameOf(domain::ReleaseVerb verb) {
    using domain::ReleaseVerb;
    switch (verb) {
        case ReleaseVerb::Start:
            return tr("Start");
        case ReleaseVerb::Verify:
            return tr("Verify");
        case ReleaseVerb::Pause:
            return tr("Pause");
        case ReleaseVerb::Resume:
            return tr("Resume");
        case ReleaseVerb::Promote:
            return tr("Promote");
        case ReleaseVerb::PromoteAll:
            return tr("Promote all");
        case ReleaseVerb::RetryFailed:
            return tr("Retry failed");
        case ReleaseVerb::Abort:
            return tr("Abort");
        case ReleaseVerb::Rollback:
            return tr("Roll back");
        case ReleaseVerb::Approve:
            return tr("Approve");
    }
    return tr("unknown");
}

QString StatusWords::nameOf(domain::Level level) {
    switch (level) {
        case domain::Level::Gray:
            return tr("gray", "level of a desired entry");
        case domain::Level::Hash:
            return tr("hash", "level of a desired entry");
        case domain::Level::Full:
            return tr("full", "level of a desired entry");
    }
    return tr("unknown");
}

QString StatusWords::nameOf(domain::DesiredAction action) {
    switch (action) {
        case domain::DesiredAction::Install:
            return tr("install");
        case domain::DesiredAction::Uninstall:
            return tr("uninstall");
        case domain::DesiredAction::UninstallPurge:
            return tr("uninstall, data too");
    }
    return tr("unknown");
}

QString StatusWords::roleName(const std::string& role) {
    if (role == "super_admin") return tr("super admin");
    return role == "reader" ? tr("reader") : toText(role);
}

QString StatusWords::methodName(const std::string& method) {
    if (method == "certificate") return tr("certificate");
    return method == "token" ? tr("token") : toText(method);
}

int severityOf(domain::MachineState state, bool offline) {
    using domain::MachineState;
    if (offline && state != MachineState::Silent) return 13;
    switch (state) {
        case MachineState::Failed:
            return 0;
        case MachineState::Reverted:
            return 1;
        case MachineState::Silent:
            return 2;
        case MachineState::Degraded:
            return 3;
        case MachineState::Watching:
            return 4;
        case MachineState::Installing:
            return 5;
        case MachineState::Verifying:
            return 6;
        case MachineState::Downloading:
            return 7;
        case MachineState::WaitingPermit:
            return 8;
        case MachineState::Scheduled:
            return 9;
        case MachineState::Healthy:
            return 10;
        case MachineState::Already:
            return 11;
        case MachineState::NotApplicable:
        case MachineState::Unmanaged:
        case MachineState::Unknown:
            break;
    }
    return 12;
}

}  // namespace ifrit::gui::models
