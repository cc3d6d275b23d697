// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/repairer.h"

#include <spdlog/spdlog.h>

#include "agent/integrity/file_restorer.h"
#include "agent/reconcile/reasons.h"

namespace ifrit::agent::integrity {
namespace {

/// The installed version with this manifest, or nullopt when nobody needs it any more.
std::optional<Installation> installed(const std::string& agent, const journal::AgentRecord& record,
                                      const std::string& digest) {
    if (record.current && record.current->digest == digest) {
        return Installation{agent, *record.current};
    }
    if (record.previous && record.previous->digest == digest) {
        return Installation{agent, *record.previous};
    }
    return std::nullopt;
}

/// The archive itself is to blame, not the disk or the network.
bool isBadArchive(const absl::Status& status) {
    const std::string reason = base::errorInfo(status).reason;
    return reason == "PACKAGE_ARCHIVE" || reason == "PACKAGE_DIGEST";
}

}  // namespace

absl::Status Repairer::repair(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    if (record.step) return absl::OkStatus();
    m_parts.board.repairBegins(agent);
    absl::Status first;
    for (const auto& [digest, finding] : m_parts.board.findings(agent)) {
        const auto installation = installed(agent, record, digest);
        if (!installation) continue;
        const absl::Status status = repairVersion(*installation, finding);
        if (!status.ok()) failed(*installation, status);
        if (first.ok()) first = status;
    }
    m_parts.board.repairEnds(agent);
    return first;
}

absl::Status Repairer::repairVersion(const Installation& installation, const Finding& finding) {
    IFRIT_RETURN_IF_ERROR(restoreManifest(installation, finding));
    if (!finding.linkProblem.empty()) {
        IFRIT_RETURN_IF_ERROR(
            m_parts.versions.pointCurrentTo(installation.agent, installation.version));
    }
    std::string what = summaryOf(finding);
    if (!finding.drifts.empty()) {
        IFRIT_ASSIGN_OR_RETURN(
            const domain::Manifest manifest,
            m_parts.manifests.load(installation.agent, installation.version.digest));
        IFRIT_RETURN_IF_ERROR(restore(installation, manifest, finding));
        IFRIT_ASSIGN_OR_RETURN(const bool restarted, restartIfTouched(installation, finding));
        if (restarted) what += "; restarted";
    }
    succeeded(installation, what);
    return absl::OkStatus();
}

absl::Status Repairer::restoreManifest(const Installation& installation, const Finding& finding) {
    if (finding.manifestProblem.empty()) return absl::OkStatus();
    const auto& [agent, version] = installation;
    if (m_parts.manifests.load(agent, version.digest).ok()) return absl::OkStatus();
    m_parts.manifests.remove(agent, version.digest);
    domain::DesiredEntry entry;
    entry.agent = agent;
    entry.version = version.version;
    entry.manifestDigest = version.digest;
    return m_parts.manifestFetcher.fetch(entry);
}

absl::Status Repairer::fetchArchive(const Installation& installation,
                                    const domain::Manifest& manifest) {
    return m_parts.archiveFetcher.fetch(
        {installation.version.digest, manifest.archiveSha256, manifest.archiveSizeBytes, 0},
        nullptr);
}

absl::Status Repairer::restore(const Installation& installation, const domain::Manifest& manifest,
                               const Finding& finding) {
    const auto& [agent, version] = installation;
    const RestoreOrder order{m_layout.version(agent, version), m_layout.repairing(agent, version),
                             m_parts.cache.archivePath(manifest.archiveSha256), manifest,
                             finding.drifts};
    IFRIT_RETURN_IF_ERROR(m_parts.versions.prepareVersions(agent));
    if (needsArchive(order)) IFRIT_RETURN_IF_ERROR(fetchArchive(installation, manifest));
    const absl::Status status = restoreFiles(order);
    if (!isBadArchive(status)) return status;
    // Whoever changed the files may have changed their archive as well.
    spdlog::warn("{} {}: the cached archive is not the signed one and is fetched again: {}", agent,
                 version.version, base::messageOf(status));
    m_parts.cache.remove(manifest.archiveSha256);
    IFRIT_RETURN_IF_ERROR(fetchArchive(installation, manifest));
    return restoreFiles(order);
}

absl::StatusOr<bool> Repairer::restartIfTouched(const Installation& installation,
                                                const Finding& finding) {
    const auto& [agent, version] = installation;
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    const bool runs = record.process && record.process->version == version;
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(agent, version.digest));
    if (!touchesProgram(manifest, finding.drifts)) return false;
    if (!runs) {
        // Ended meanwhile, it is started again without us, and needs what a restart would make.
        if (record.current == version)
            IFRIT_RETURN_IF_ERROR(m_parts.versions.ensureData(agent, manifest.start.user));
        return false;
    }
    IFRIT_RETURN_IF_ERROR(m_parts.installer.restartCurrent(agent));
    return true;
}

void Repairer::keepEvent(const char* kind, const Installation& about, std::string message) {
    const absl::Status written = m_parts.journal.update([&](journal::JournalState& state) {
        state.addEvent(
            {kind, about.agent, about.version.version, std::move(message), m_parts.clock.now()});
    });
    if (!written.ok()) spdlog::error("{}: {}", about.agent, base::messageOf(written));
}

void Repairer::succeeded(const Installation& installation, const std::string& what) {
    const auto& [agent, version] = installation;
    spdlog::warn("{} {}: repaired: {}", agent, version.version, what);
    const auto alert =
        m_parts.board.repaired(agent, version.digest, what, m_parts.clock.steadyNow());
    keepEvent("repaired", installation, what);
    if (alert == AgentIntegrity::Alert::None) return;
    keepEvent("integrity-recurring", installation,
              "the files are changed again and again; find out who writes there. Repairs go on, at "
              "most one an hour");
}

void Repairer::failed(const Installation& installation, const absl::Status& status) {
    const auto& [agent, version] = installation;
    const std::string found = base::errorInfo(status).reason;
    const bool isOurs = !found.empty() && found != "SYSTEM";
    const std::string reason(isOurs ? std::string_view(found) : reconcile::kRepairFailed);
    const std::string message = base::messageOf(status);
    const auto alert =
        m_parts.board.repairFailed(agent, reason, message, m_parts.clock.steadyNow());
    if (alert == AgentIntegrity::Alert::None) return;
    keepEvent("repair-failed", installation, fmt::format("{} ({})", message, reason));
}

}  // namespace ifrit::agent::integrity
