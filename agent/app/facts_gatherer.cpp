// SPDX-License-Identifier: Apache-2.0
#include "agent/app/facts_gatherer.h"

#include <algorithm>

#include "agent/reconcile/probation.h"
#include "shared/domain/names.h"

namespace ifrit::agent::app {
namespace {

constexpr std::size_t kMaxSummaries = 256;

}  // namespace

void FactsGatherer::preflightPassed(const std::string& agent, const std::string& digest) {
    m_preflights[agent] = digest;
}

void FactsGatherer::permitGranted(const std::string& agent, reconcile::Permit permit) {
    m_permits[agent] = std::move(permit);
}

void FactsGatherer::forget(const std::string& agent) {
    m_preflights.erase(agent);
    m_permits.erase(agent);
}

const FactsGatherer::Summary* FactsGatherer::summaryOf(const std::string& agent,
                                                       const std::string& digest) {
    // Asked first: a manifest that was removed must be fetched again, whatever is remembered.
    if (!m_parts.manifests.has(agent, digest)) return nullptr;
    const auto known = m_summaries.find(digest);
    if (known != m_summaries.end()) return &known->second;
    const auto manifest = m_parts.manifests.load(agent, digest);
    if (!manifest.ok()) {
        if (package::isLost(manifest.status())) m_parts.manifests.remove(agent, digest);
        return nullptr;
    }
    Summary summary{manifest->archiveSha256, manifest->archiveSizeBytes, manifest->probation,
                    reconcile::probeSpan(manifest->probe)};
    if (m_summaries.size() >= kMaxSummaries) m_summaries.clear();
    return &m_summaries.insert_or_assign(digest, summary).first->second;
}

reconcile::PackageProgress FactsGatherer::progressOf(const domain::DesiredEntry& entry) {
    const Summary* summary = summaryOf(entry.agent, entry.manifestDigest);
    if (summary == nullptr) return reconcile::PackageProgress::Nothing;
    if (m_parts.versions.isUnpacked(entry.agent, {entry.version, entry.manifestDigest})) {
        return reconcile::PackageProgress::Unpacked;
    }
    return m_parts.cache.has(summary->archiveSha256, summary->archiveSize)
               ? reconcile::PackageProgress::Archive
               : reconcile::PackageProgress::Manifest;
}

void FactsGatherer::addAddress(reconcile::AgentFacts& facts) const {
    // What was adopted may run with another than its next start would. What the journal says of
    // another process, because the disk took nothing since, does not count.
    const std::optional<journal::RunningProcess>& kept = facts.record.process;
    const bool isOfThisOne = kept && kept->process == facts.process->process;
    const std::string used = isOfThisOne ? kept->address : facts.process->address;
    const std::string now = m_parts.address();
    if (used.empty() || now == used) return;
    facts.addressUsed = used;
    facts.addressNow = now;
}

void FactsGatherer::complete(reconcile::AgentFacts& facts) {
    const std::string& agent = facts.agent;
    m_retries.adjust(agent, facts.record);
    facts.steadyNow = m_parts.clock.steadyNow();
    if (agent == domain::kSelfAgent && m_parts.describeSelf) {
        m_parts.describeSelf(facts);
    } else {
        facts.process = m_parts.supervisor.snapshot(agent);
    }
    if (m_parts.address && facts.process) addAddress(facts);
    if (facts.desired && facts.desired->action == domain::DesiredAction::Install) {
        const std::string& digest = facts.desired->manifestDigest;
        if (!facts.record.current || facts.record.isUnproved() ||
            facts.record.current->digest != digest) {
            facts.package = progressOf(*facts.desired);
        }
        const auto passed = m_preflights.find(agent);
        facts.preflightPassed = passed != m_preflights.end() && passed->second == digest;
    }
    if (const auto permit = m_permits.find(agent); permit != m_permits.end()) {
        facts.permit = permit->second;
    }
    if (facts.record.step) {
        if (const Summary* summary = summaryOf(agent, facts.record.step->target.digest)) {
            facts.probation = summary->probation;
            facts.probeSpan = summary->probeSpan;
        } else {
            const std::string& digest = facts.record.step->target.digest;
            facts.manifestLost = package::isLost(m_parts.manifests.load(agent, digest).status());
            // At least as long as it can be, until the manifest can be read.
            const journal::StepInProgress& step = *facts.record.step;
            if (step.deadline)
                facts.probation =
                    std::max(std::chrono::milliseconds(0), *step.deadline - step.started);
        }
    }
    m_probations.adjust(facts);
    const integrity::IntegrityView integrity = m_parts.integrity.view(agent, facts.steadyNow);
    facts.repairDue = integrity.repairDue;
    facts.integrity = integrity.state;
    facts.integrityNote = integrity.note;
    facts.versionsOnDisk = m_parts.versions.hasVersions(agent);
    facts.dataOnDisk = m_parts.versions.hasData(agent);
}

std::vector<reconcile::AgentFacts> FactsGatherer::gather() {
    const journal::JournalState state = m_parts.journal.state();
    std::map<std::string, reconcile::AgentFacts> agents;
    for (const auto& [name, record] : state.agents)
        agents[name].record = record;
    if (state.desired) {
        for (domain::DesiredEntry& entry : domain::chosenEntries(*state.desired)) {
            const std::string name = entry.agent;
            agents[name].desired = std::move(entry);
        }
    }
    std::vector<reconcile::AgentFacts> facts;
    for (auto& [name, one] : agents) {
        if (!domain::checkAgentName(name).ok()) continue;  // a directory is made from it
        one.agent = name;
        complete(one);
        facts.push_back(std::move(one));
    }
    return facts;
}

}  // namespace ifrit::agent::app
