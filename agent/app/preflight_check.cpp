// SPDX-License-Identifier: Apache-2.0
#include "agent/app/preflight_check.h"

#include "agent/install/preflight.h"
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
    install::PreflightFacts facts;
    facts.machineType = m_machineType;
    facts.host = m_parts.host.facts();
    IFRIT_ASSIGN_OR_RETURN(facts.space, m_parts.host.freeSpace(m_parts.versions.layout().root()));
    const journal::JournalState state = m_parts.journal.state();
    for (const auto& [name, record] : state.agents) {
        if (name != entry.agent && record.current) facts.installed.insert(name);
    }
    const auto withdrawn = state.withdrawnBelow.find(entry.agent);
    if (withdrawn != state.withdrawnBelow.end()) facts.withdrawnBelow = withdrawn->second;
    IFRIT_ASSIGN_OR_RETURN(facts.ports, m_parts.specs.ports(manifest, target));
    const journal::AgentRecord record = m_parts.journal.agent(entry.agent);
    if (record.current && record.process) {
        IFRIT_ASSIGN_OR_RETURN(const domain::Manifest old,
                               m_parts.manifests.load(entry.agent, record.current->digest));
        IFRIT_ASSIGN_OR_RETURN(const std::vector<std::uint16_t> ports,
                               m_parts.specs.ports(old, *record.current));
        facts.ownPorts.insert(ports.begin(), ports.end());
    }
    facts.portIsFree = &install::tcpPortIsFree;
    const bool unpacked = m_parts.versions.isUnpacked(entry.agent, target);
    facts.bytesOnDisk = unpacked ? manifest.archiveSizeBytes + manifest.unpackedSizeBytes
                                 : m_parts.cache.bytesOf(manifest.archiveSha256);
    return install::preflight(manifest, facts);
}

}  // namespace ifrit::agent::app
