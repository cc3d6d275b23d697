// SPDX-License-Identifier: Apache-2.0
#include "agent/app/action_executor.h"

#include <algorithm>

#include "agent/reconcile/reasons.h"
#include "shared/base/call_details.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::app {
namespace {

using reconcile::ActionKind;

/// A permit that a clock jump or a slow master made endless is none.
constexpr std::chrono::minutes kLongestPermit{10};
constexpr std::chrono::seconds kLeastPermitPause{1};

std::string_view defaultReason(ActionKind kind) {
    switch (kind) {
        case ActionKind::FetchManifest:
            return reconcile::kManifestUnavailable;
        case ActionKind::Download:
            return reconcile::kDownloadFailed;
        case ActionKind::Unpack:
            return reconcile::kUnpackFailed;
        case ActionKind::AskPermit:
            return reconcile::kPermitUnavailable;
        case ActionKind::Preflight:
            return reconcile::kPackageInvalid;
        case ActionKind::Repair:
            return reconcile::kRepairFailed;
        default:
            return reconcile::kStartFailed;
    }
}

/// Keeps the reasons of ours and replaces those of the transport and the system, which say how but
/// not what failed.
absl::Status withReason(const absl::Status& status, ActionKind kind) {
    if (status.ok()) return status;
    static constexpr std::string_view kOurs[] = {
        "PACKAGE_", "PREFLIGHT_", "DOWNLOAD_", "UNPACK_", "PERMIT_", "MANIFEST_",
        "HOOK_",    "START_",     "STOP_",     "REPAIR_", "SELF_",   "NO_ADDRESS"};
    const std::string reason = base::errorInfo(status).reason;
    const bool ours = std::any_of(std::begin(kOurs), std::end(kOurs), [&](std::string_view prefix) {
        return reason.rfind(prefix, 0) == 0;
    });
    if (ours) return status;
    if (base::isExhaustion(status)) {
        return base::makeError(status.code(), reconcile::kMachineExhausted, "",
                               "waits until this machine has room: " + base::messageOf(status));
    }
    return base::makeError(status.code(), defaultReason(kind), base::errorInfo(status).subject,
                           base::messageOf(status));
}

/// Else the archive of every version that ever was here would stay until the next start.
bool leavesArchives(ActionKind kind) {
    return kind == ActionKind::Commit || kind == ActionKind::GiveUp ||
           kind == ActionKind::Uninstall || kind == ActionKind::Recover ||
           // A switch that failed has put the version before back.
           kind == ActionKind::Revert || kind == ActionKind::Switch;
}

/// What the attempt is of. An uninstall that was begun stays one, whatever is wanted meanwhile.
std::string digestOf(ActionKind kind, const reconcile::AgentFacts& facts) {
    const bool isInstall = facts.desired && kind != ActionKind::Uninstall;
    return isInstall ? facts.desired->manifestDigest : std::string();
}

package::ArchiveDescription archiveOf(const domain::DesiredEntry& entry,
                                      const domain::Manifest& manifest) {
    return {entry.manifestDigest, manifest.archiveSha256, manifest.archiveSizeBytes,
            entry.downloadRate};
}

}  // namespace

ActionOutcome ActionExecutor::execute(const reconcile::Action& action,
                                      const reconcile::AgentFacts& facts) {
    ActionOutcome outcome;
    outcome.agent = facts.agent;
    outcome.kind = action.kind;
    outcome.digest = digestOf(action.kind, facts);
    if (facts.desired) outcome.releaseId = facts.desired->releaseId;
    const absl::Status status = perform(action, facts, outcome);
    outcome.retryAfter = std::max(outcome.retryAfter, base::callDetails(status).retryAfter);
    outcome.status = withReason(status, action.kind);
    m_parts.progress.clear(facts.agent);
    if (outcome.status.ok() && leavesArchives(action.kind) && m_parts.removeUnneededArchives)
        m_parts.removeUnneededArchives();
    return outcome;
}

absl::Status ActionExecutor::perform(const reconcile::Action& action,
                                     const reconcile::AgentFacts& facts, ActionOutcome& outcome) {
    const std::string& agent = facts.agent;
    const bool isOwnWay = action.kind == ActionKind::Switch || action.kind == ActionKind::Start ||
                          action.kind == ActionKind::Revert ||
                          action.kind == ActionKind::Uninstall ||
                          action.kind == ActionKind::Recover;
    if (facts.self && isOwnWay) return performSelf(action, facts, outcome);
    switch (action.kind) {
        case ActionKind::FetchManifest:
            return m_parts.manifestFetcher.fetch(*facts.desired);
        case ActionKind::Preflight:
            return m_parts.preflight.check(*facts.desired);
        case ActionKind::Download:
            return download(*facts.desired);
        case ActionKind::Unpack:
            return unpack(*facts.desired);
        case ActionKind::AskPermit:
            return askPermit(*facts.desired, outcome);
        case ActionKind::Switch:
            return m_parts.installer.switchTo(
                {agent,
                 {facts.desired->version, facts.desired->manifestDigest},
                 facts.desired->releaseId,
                 [&] { return confirmPermit(facts, outcome); },
                 [&] { return m_parts.preflight.check(*facts.desired); }});
        case ActionKind::Start:
            return m_parts.installer.startCurrent(agent);
        case ActionKind::Restart:
            return m_parts.installer.restartCurrent(agent, action.message);
        case ActionKind::Commit:
            return m_parts.installer.commit(agent);
        case ActionKind::GiveUp:
            return m_parts.installer.giveUpProbation(agent);
        case ActionKind::Revert:
            return m_parts.installer.revert(agent, action.reason, action.message);
        case ActionKind::Uninstall: {
            const bool purge =
                facts.desired && facts.desired->action == domain::DesiredAction::UninstallPurge;
            return m_parts.installer.uninstall({agent,
                                                purge ? install::VersionDirectories::Data::Purge
                                                      : install::VersionDirectories::Data::Keep,
                                                facts.desired ? facts.desired->releaseId : "",
                                                [&] { return confirmPermit(facts, outcome); }});
        }
        case ActionKind::Recover:
            return m_parts.installer.recover(agent);
        case ActionKind::Repair:
            m_parts.progress.set(agent, "repairing files");
            return m_parts.repairer.repair(agent);
        case ActionKind::Watch:
        case ActionKind::WaitUntil:
            break;
    }
    return absl::OkStatus();
}

absl::Status ActionExecutor::performSelf(const reconcile::Action& action,
                                         const reconcile::AgentFacts& facts,
                                         ActionOutcome& outcome) {
    switch (action.kind) {
        case ActionKind::Switch:
            return m_parts.self->switchTo({facts.agent,
                                           {facts.desired->version, facts.desired->manifestDigest},
                                           facts.desired->releaseId,
                                           [&] { return confirmPermit(facts, outcome); }});
        case ActionKind::Uninstall:
            return base::failedPrecondition(
                reconcile::kSelfUninstall, facts.agent,
                "{} keeps this machine and is not removed by a release; remove it with the "
                "machine's own package manager",
                facts.agent);
        case ActionKind::Recover:
            return m_parts.self->settle();
        default:
            return absl::OkStatus();  // it runs, or nobody could ask
    }
}

absl::Status ActionExecutor::download(const domain::DesiredEntry& entry) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(entry.agent, entry.manifestDigest));
    return m_parts.archiveFetcher.fetch(
        archiveOf(entry, manifest), [&](std::uint64_t done, std::uint64_t total) {
            m_parts.progress.set(entry.agent, fmt::format("downloading {} %",
                                                          total == 0 ? 100 : done * 100 / total));
        });
}

absl::Status ActionExecutor::unpack(const domain::DesiredEntry& entry) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(entry.agent, entry.manifestDigest));
    const absl::Status status =
        m_parts.versions.unpack(entry.agent, {entry.version, entry.manifestDigest},
                                m_parts.cache.archivePath(manifest.archiveSha256));
    // A bad archive must be fetched again; a full disk says nothing against it.
    if (!status.ok() && !absl::IsResourceExhausted(status)) {
        m_parts.cache.remove(manifest.archiveSha256);
    }
    return status;
}

absl::Status ActionExecutor::askPermit(const domain::DesiredEntry& entry, ActionOutcome& outcome) {
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<link::MasterClient> client,
                           m_parts.connection.client());
    // Taken before the call: the answer's way back counts against us, never for us.
    const base::WallTime asked = m_parts.clock.now();
    const base::SteadyTime steadyAsked = m_parts.clock.steadyNow();
    IFRIT_ASSIGN_OR_RETURN(
        const link::PermitReply reply,
        client->requestPermit({entry.agent, entry.releaseId, entry.version, entry.manifestDigest}));
    if (!reply.granted) {
        outcome.retryAfter =
            std::max<std::chrono::milliseconds>(reply.retryAfter, kLeastPermitPause);
        return base::failedPrecondition(reconcile::kPermitRefused, reply.reason, "{}: {}",
                                        reply.reason, reply.message);
    }
    const auto validFor = std::min<std::chrono::milliseconds>(reply.validFor, kLongestPermit);
    outcome.permit = reconcile::Permit{entry.releaseId, entry.manifestDigest, asked + validFor,
                                       steadyAsked + validFor};
    return absl::OkStatus();
}

absl::Status ActionExecutor::confirmPermit(const reconcile::AgentFacts& facts,
                                           ActionOutcome& outcome) {
    if (facts.permit && facts.permit->isValid(m_parts.clock.now(), m_parts.clock.steadyNow()))
        return absl::OkStatus();
    const absl::Status status = askPermit(*facts.desired, outcome);
    // The error that is made of it has no details any more.
    outcome.retryAfter = std::max(outcome.retryAfter, base::callDetails(status).retryAfter);
    return withReason(status, ActionKind::AskPermit);
}

}  // namespace ifrit::agent::app
