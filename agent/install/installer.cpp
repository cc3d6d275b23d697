// SPDX-License-Identifier: Apache-2.0
#include "agent/install/installer.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "agent/reconcile/probation.h"
#include "agent/reconcile/reasons.h"
#include "agent/reconcile/retry_policy.h"
#include "agent/reconcile/step_positions.h"
#include "agent/supervise/program_check.h"
#include "shared/base/exhaustion.h"
#include "shared/filter/version_order.h"

namespace ifrit::agent::install {
namespace {

std::string reasonOr(const absl::Status& status, std::string_view otherwise) {
    const std::string reason = base::errorInfo(status).reason;
    return reason.empty() || reason == "SYSTEM" ? std::string(otherwise) : reason;
}

absl::Status confirmed(const ConfirmPermit& permit) {
    return permit ? permit() : absl::OkStatus();
}

}  // namespace

Installer::Installer(Parts parts) : m_parts(std::move(parts)) {}

domain::MachineEvent Installer::event(std::string_view kind, const std::string& agent,
                                      const std::string& version, std::string message) const {
    return {std::string(kind), agent, version, std::move(message), m_parts.clock.now()};
}

void Installer::tell(const domain::MachineEvent& event) {
    spdlog::warn("{} {}: {} {}", event.agent, event.version, event.kind, event.message);
    const absl::Status written =
        m_parts.journal.update([&](journal::JournalState& state) { state.addEvent(event); });
    if (!written.ok()) spdlog::error("{}: {}", event.agent, base::messageOf(written));
}

absl::Status Installer::write(const std::string& agent, std::string_view change,
                              const std::function<void(journal::AgentRecord&)>& update, Room room) {
    if (m_parts.beforeChange) m_parts.beforeChange(change);
    return m_parts.journal.updateAgent(agent, update, room);
}

absl::Status Installer::finishWith(const std::string& agent, std::string_view name,
                                   const domain::MachineEvent& event,
                                   const std::function<void(journal::AgentRecord&)>& update,
                                   Room room) {
    if (m_parts.beforeChange) m_parts.beforeChange(name);
    spdlog::info("{} {}: {} {}", agent, event.version, event.kind, event.message);
    const auto change = [&](journal::JournalState& state) {
        journal::AgentRecord& record = state.agents[agent];
        update(record);
        if (record == journal::AgentRecord()) state.agents.erase(agent);
        state.addEvent(event);
    };
    return m_parts.journal.update(change, room);
}

absl::Status Installer::switchTo(const SwitchOrder& order) {
    const std::string& agent = order.agent;
    const journal::AgentRecord before = m_parts.journal.agent(agent);
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(agent, order.target.digest));
    IFRIT_RETURN_IF_ERROR(announce(order));
    m_parts.hooks.takeSaid(agent);  // of an attempt that came to nothing
    // After the announcement, or nobody would give it back to the old version.
    absl::Status status = giveData(order, manifest.start.user, before.current);
    if (status.ok()) status = m_parts.hooks.run(agent, order.target, HookPoint::PreInstall);
    if (status.ok()) status = confirmed(order.confirmPermit);
    if (status.ok()) status = leaveOld(order, before.current);
    if (!status.ok()) {
        const absl::Status undone = undoSwitch(agent);
        if (!undone.ok()) spdlog::error("{}: {}", agent, base::messageOf(undone));
        return status;
    }
    return finishStart(agent);
}

absl::Status Installer::announce(const SwitchOrder& order) {
    const absl::MutexLock lock(&m_arrivals);
    if (order.fitsStill) IFRIT_RETURN_IF_ERROR(order.fitsStill());
    return write(order.agent, "permitted", [&](journal::AgentRecord& record) {
        journal::StepInProgress step;
        step.operation = record.current ? journal::Operation::Upgrade : journal::Operation::Install;
        step.position = std::string(reconcile::kPermitted);
        step.target = order.target;
        step.releaseId = order.releaseId;
        step.attempt = record.attempts ? record.attempts->count + 1 : 1;
        step.started = m_parts.clock.now();
        record.step = step;
    });
}

absl::Status Installer::leaveOld(const SwitchOrder& order, const std::optional<Version>& old) {
    const std::string& agent = order.agent;
    IFRIT_RETURN_IF_ERROR(write(agent, "switching", [](journal::AgentRecord& record) {
        record.step->position = std::string(reconcile::kSwitching);
    }));
    if (old) IFRIT_RETURN_IF_ERROR(stop(agent, *old));
    IFRIT_RETURN_IF_ERROR(m_parts.versions.pointCurrentTo(agent, order.target));
    return write(agent, "starting", [&](journal::AgentRecord& record) {
        if (!record.isUnproved()) record.previous = old;
        record.unproved.clear();
        record.current = order.target;
        record.releaseId = order.releaseId;
        record.step->position = std::string(reconcile::kStarting);
    });
}

absl::Status Installer::pointBackTo(const std::string& agent,
                                    const std::optional<Version>& version) {
    absl::Status status = m_parts.versions.pointCurrentTo(agent, version);
    while (absl::IsResourceExhausted(status) && m_parts.journal.giveReserve())
        status = m_parts.versions.pointCurrentTo(agent, version);
    return status;
}

absl::Status Installer::undoSwitch(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    giveDataBack(agent, record.current);
    absl::Status undone = pointBackTo(agent, record.current);
    if (undone.ok()) {
        undone = write(
            agent, "undone", [](journal::AgentRecord& changed) { changed.step.reset(); },
            Room::Reserved);
    }
    if (undone.ok()) return undone;
    // It is tried again; what the disk does not take must not keep the old version down till then.
    if (const absl::Status started = startCurrent(agent); !started.ok())
        spdlog::error("{}: {}", agent, base::messageOf(started));
    return undone;
}

absl::Status Installer::finishStart(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    const Version target = record.step->target;
    const auto loaded = m_parts.manifests.load(agent, target.digest);
    if (package::isLost(loaded.status()))
        return revert(agent, std::string(reconcile::kManifestLost),
                      base::messageOf(loaded.status()));
    IFRIT_RETURN_IF_ERROR(loaded.status());
    const domain::Manifest& manifest = *loaded;
    absl::Status status = m_parts.hooks.run(agent, target, HookPoint::PostInstall);
    if (status.ok()) status = run(agent, target);
    // Repeated by recover(): what the machine wants for convicts no version, nor does what somebody
    // did to the file of a hook, which is put back.
    if (base::isExhaustion(status) || supervise::isRefusedProgram(status) ||
        base::errorInfo(status).reason == reconcile::kNoAddress)
        return status;
    if (!status.ok()) {
        return revert(agent, reasonOr(status, reconcile::kStartFailed), base::messageOf(status));
    }
    // The new version may be what fills the disk: unwatched it would never be put back.
    return write(
        agent, "watching",
        [&](journal::AgentRecord& changed) {
            const auto span = reconcile::probeSpan(manifest.probe);
            changed.step->position = std::string(reconcile::kWatching);
            changed.step->deadline =
                reconcile::probationDeadline(m_parts.clock.now(), manifest.probation, span);
        },
        Room::Reserved);
}

absl::Status Installer::withdrawOlder(const std::string& agent, const Version& proved) {
    const auto manifest = m_parts.manifests.load(agent, proved.digest);
    if (!manifest.ok() || manifest->withdrawsBelow == 0) return absl::OkStatus();
    if (m_parts.beforeChange) m_parts.beforeChange("withdrawing");
    return m_parts.journal.update([&](journal::JournalState& state) {
        state.withdrawBelow(agent, manifest->withdrawsBelow);
    });
}

absl::Status Installer::commit(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    if (!record.step || !record.current) return absl::OkStatus();
    const bool upgrade = record.step->operation == journal::Operation::Upgrade;
    const bool goesBack = record.previous && filter::compareVersions(record.current->version,
                                                                     record.previous->version) < 0;
    std::string text = record.previous ? "from " + record.previous->version : "";
    if (const std::string said = m_parts.hooks.takeSaid(agent); !said.empty())
        text += (text.empty() ? "" : "; ") + said;
    IFRIT_RETURN_IF_ERROR(withdrawOlder(agent, *record.current));
    IFRIT_RETURN_IF_ERROR(finishWith(agent, "committed",
                                     event(!upgrade   ? "installed"
                                           : goesBack ? "downgraded"
                                                      : "upgraded",
                                           agent, record.current->version, text),
                                     [](journal::AgentRecord& changed) {
                                         changed.step.reset();
                                         changed.attempts.reset();
                                         changed.lastError.reset();
                                     }));
    removeOthers(agent, {record.current, record.previous});
    return absl::OkStatus();
}

absl::Status Installer::giveUpProbation(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    if (!record.step || !record.current) return absl::OkStatus();
    IFRIT_RETURN_IF_ERROR(
        finishWith(agent, "given-up",
                   event("probation-ended", agent, record.current->version,
                         "without a verdict, because something else is wanted now"),
                   [](journal::AgentRecord& changed) {
                       changed.unproved = changed.current->digest;
                       changed.step.reset();
                       changed.attempts.reset();
                   }));
    removeOthers(agent, {record.current, record.previous});
    return absl::OkStatus();
}

void Installer::removeOthers(const std::string& agent,
                             const std::vector<std::optional<Version>>& kept) {
    std::vector<Version> keep;
    for (const std::optional<Version>& version : kept)
        if (version) keep.push_back(*version);
    if (const absl::Status status = m_parts.versions.keepOnly(agent, keep); !status.ok()) {
        // Room is lost, nothing else; the next commit tries again.
        spdlog::warn("{}: old versions could not be removed: {}", agent, base::messageOf(status));
    }
}

absl::Status Installer::revert(const std::string& agent, const std::string& reason,
                               const std::string& message) {
    const auto change = [&](journal::AgentRecord& record) {
        const base::WallTime now = m_parts.clock.now();
        // What the disk lost, or nobody could see, is no fault of the version.
        if (reason != reconcile::kManifestLost && reason != reconcile::kNoVerdict)
            record.addKnownBad({record.step->target, reason, now});
        record.lastError =
            domain::AgentError{reason, message, record.step->position, record.step->attempt, now};
        record.step->position = std::string(reconcile::kReverting);
    };
    IFRIT_RETURN_IF_ERROR(write(agent, "reverting", change, Room::Reserved));
    return finishRevert(agent);
}

absl::Status Installer::finishRevert(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    const Version bad = record.step->target;
    IFRIT_RETURN_IF_ERROR(stop(agent, bad));
    giveDataBack(agent, record.previous);
    IFRIT_RETURN_IF_ERROR(pointBackTo(agent, record.previous));
    const std::string message =
        fmt::format("{} ({}); {}", record.lastError ? record.lastError->message : "failed",
                    record.lastError ? record.lastError->reason : "",
                    record.previous ? record.previous->version + " runs again" : "nothing runs");
    // Not known bad it is wanted again: with a pause, for the same may come of it.
    std::optional<journal::Attempts> retry;
    if (!record.isKnownBad(bad.digest)) {
        const std::uint32_t count = std::max<std::uint32_t>(1, record.step->attempt);
        const bool unjudged = record.lastError && record.lastError->reason == reconcile::kNoVerdict;
        const auto pause = unjudged ? reconcile::unjudgedPause(count)
                                    : reconcile::retryDelay(reconcile::RetryPolicy{}, count, 0.5);
        retry = journal::Attempts{bad.digest, count, m_parts.clock.now() + pause};
    }
    IFRIT_RETURN_IF_ERROR(finishWith(
        agent, "reverted",
        event(record.previous ? "reverted" : "failed", agent, bad.version, message),
        [&retry](journal::AgentRecord& changed) {
            changed.current = changed.previous;
            changed.unproved.clear();
            changed.previous.reset();
            changed.releaseId.clear();
            changed.step.reset();
            changed.attempts = retry;
        },
        Room::Reserved));
    const absl::Status started = startCurrent(agent);
    // What is bad is remembered as bad, and not kept: else each bad version would add to what is on
    // the disk until one succeeds.
    removeOthers(agent, {record.previous});
    return started;
}

absl::Status Installer::uninstall(const UninstallOrder& order) {
    const std::string& agent = order.agent;
    const journal::AgentRecord before = m_parts.journal.agent(agent);
    if (!before.step) {
        m_parts.hooks.takeSaid(agent);  // of an attempt that came to nothing
        if (before.current) {
            IFRIT_RETURN_IF_ERROR(
                m_parts.hooks.run(agent, *before.current, HookPoint::PreUninstall));
        }
        IFRIT_RETURN_IF_ERROR(confirmed(order.confirmPermit));
        IFRIT_RETURN_IF_ERROR(write(agent, "removing", [&](journal::AgentRecord& record) {
            journal::StepInProgress step;
            step.operation = journal::Operation::Uninstall;
            step.position = std::string(reconcile::kRemoving);
            step.purge = order.data == VersionDirectories::Data::Purge;
            // For the event, also after a kill. No digest: an attempt to remove is of none.
            if (record.current) step.target.version = record.current->version;
            step.releaseId = order.releaseId;
            step.started = m_parts.clock.now();
            record.step = step;
        }));
    }
    return finishUninstall(agent);
}

absl::Status Installer::finishUninstall(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    if (record.current) IFRIT_RETURN_IF_ERROR(stop(agent, *record.current));
    const auto data =
        record.step->purge ? VersionDirectories::Data::Purge : VersionDirectories::Data::Keep;
    // Forget what is current before its manifest goes: a repetition could no longer stop it.
    IFRIT_RETURN_IF_ERROR(write(agent, "stopped", [](journal::AgentRecord& changed) {
        changed.current.reset();
        changed.unproved.clear();
        changed.previous.reset();
    }));
    IFRIT_RETURN_IF_ERROR(m_parts.versions.removeAgent(agent, data));
    // A step that an older ifrit-agent began does not name it.
    const std::string version = record.step->target.version.empty() && record.current
                                    ? record.current->version
                                    : record.step->target.version;
    std::string text = record.step->purge ? "with its data" : "its data stays";
    if (const std::string said = m_parts.hooks.takeSaid(agent); !said.empty()) text += "; " + said;
    return finishWith(agent, "uninstalled", event("uninstalled", agent, version, std::move(text)),
                      [](journal::AgentRecord& changed) {
                          const std::vector<journal::KnownBad> knownBad = changed.knownBad;
                          changed = journal::AgentRecord();
                          changed.knownBad = knownBad;
                      });
}

absl::Status Installer::recover(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    if (!record.step) return absl::OkStatus();
    if (record.step->operation == journal::Operation::Uninstall) return finishUninstall(agent);
    const std::string& position = record.step->position;
    if (position == reconcile::kWatching) return absl::OkStatus();
    if (position == reconcile::kStarting) return finishStart(agent);
    if (position == reconcile::kReverting) return finishRevert(agent);
    return undoSwitch(agent);
}

}  // namespace ifrit::agent::install
