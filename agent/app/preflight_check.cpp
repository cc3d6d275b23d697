// SPDX-License-Identifier: Apache-2.0
#include "agent/app/preflight_check.h"

#include <algorithm>

#include "agent/reconcile/reasons.h"
#include "shared/domain/names.h"

namespace ifrit::agent::app {

PreflightCheck::PreflightCheck(Parts parts, std::string machineType)
    : m_parts(parts), m_machineType(std::move(machineType)) {}

absl::Status PreflightCheck::check(const domain::DesiredEntry& entry) const {
    if (entry.agent == domain::kSelfAgent && m_parts.self != nullptr)
        IFRIT_RETURN_IF_ERROR(m_parts.self->preflight());
    const journal::InstalledVersion target{entry.version, entry.manifestDigest};
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(entry.agent, target.digest));
    const absl::Status runs = m_parts.specs.runSpec(manifest, target).status();
    if (base::errorInfo(runs).reason == reconcile::kNoAddress) return runs;
    install::PreflightFacts facts;
    facts.machineType = m_machineType;
    facts.host = m_parts.host.facts();
    IFRIT_ASSIGN_OR_RETURN(facts.space, m_parts.host.freeSpace(m_parts.versions.layout().root()));
    const journal::JournalState state = m_parts.journal.state();
    for (const auto& [name, record] : state.agents) {
        if (name != entry.agent) addOther(name, record, entry.agent, facts);
    }
    const auto withdrawn = state.withdrawnBelow.find(entry.agent);
    if (withdrawn != state.withdrawnBelow.end()) facts.withdrawnBelow = withdrawn->second;
    IFRIT_ASSIGN_OR_RETURN(facts.ports, m_parts.specs.ports(manifest, target));
    const journal::AgentRecord record = m_parts.journal.agent(entry.agent);
    if (record.current && record.process) {
        const auto old = m_parts.manifests.load(entry.agent, record.current->digest);
        if (package::isLost(old.status())) {
            // Nobody knows which ports it has; what it is to be replaced by is all that helps.
            facts.ownPorts.insert(facts.ports.begin(), facts.ports.end());
        } else {
            IFRIT_RETURN_IF_ERROR(old.status());
            IFRIT_ASSIGN_OR_RETURN(const std::vector<std::uint16_t> ports,
                                   m_parts.specs.ports(*old, *record.current));
            facts.ownPorts.insert(ports.begin(), ports.end());
        }
    }
    facts.portIsFree = &install::tcpPortIsFree;
    const bool unpacked = m_parts.versions.isUnpacked(entry.agent, target);
    facts.bytesOnDisk = unpacked ? manifest.archiveSizeBytes + manifest.unpackedSizeBytes
                                 : m_parts.cache.bytesOf(manifest.archiveSha256);
    return install::preflight(manifest, facts);
}

void PreflightCheck::addOther(const std::string& name, const journal::AgentRecord& record,
                              const std::string& asking, install::PreflightFacts& facts) const {
    std::vector<journal::InstalledVersion> versions;
    if (record.current) versions.push_back(*record.current);
    // One whose switch has begun is as good as here.
    const bool arrives = record.step && record.step->operation != journal::Operation::Uninstall;
    if (arrives && record.step->target != record.current) versions.push_back(record.step->target);
    // And so is what an unproved one may be put back to.
    const bool mayGoBack =
        record.step ? arrives && (record.isUnproved() || record.step->target == record.current)
                    : record.isUnproved();
    if (mayGoBack && record.previous) versions.push_back(*record.previous);
    if (versions.empty()) return;
    facts.installed.insert(name);
    for (const journal::InstalledVersion& version : versions) {
        const auto manifest = m_parts.manifests.load(name, version.digest);
        if (!manifest.ok()) continue;  // damaged: that is its own trouble
        const auto& conflicts = manifest->preflight.conflicts;
        if (std::find(conflicts.begin(), conflicts.end(), asking) != conflicts.end())
            facts.refusedBy.insert(name);
        const auto ports = m_parts.specs.ports(*manifest, version);
        if (!ports.ok()) continue;
        for (const std::uint16_t port : *ports)
            facts.claimed.emplace(port, name);
    }
}

}  // namespace ifrit::agent::app
