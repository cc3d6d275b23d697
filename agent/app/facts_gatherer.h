// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/app/probation_times.h"
#include "agent/app/retry_times.h"
#include "agent/install/version_directories.h"
#include "agent/integrity/integrity_board.h"
#include "agent/journal/journal.h"
#include "agent/package/manifest_store.h"
#include "agent/package/package_cache.h"
#include "agent/reconcile/agent_facts.h"
#include "agent/supervise/supervisor.h"

namespace ifrit::agent::app {

/// Looks at journal, disk and processes for the planner, and keeps what was found out in this life
/// only: permits and passed preflights. One thread.
class FactsGatherer {
public:
    struct Parts {
        const journal::Journal& journal;
        const supervise::Supervisor& supervisor;
        const install::VersionDirectories& versions;
        const package::ManifestStore& manifests;
        const package::PackageCache& cache;
        const integrity::IntegrityBoard& integrity;
        const base::Clock& clock;
        /// Of ifrit-agent, which nobody supervises; may be empty.
        std::function<void(reconcile::AgentFacts&)> describeSelf{};
        /// This machine's address that is there to stay, empty while there is none; may be empty.
        std::function<std::string()> address{};
    };

    explicit FactsGatherer(Parts parts)
        : m_parts(parts), m_retries(parts.clock), m_probations(parts.clock) {}

    /// Every agent that is wanted, remembered or on the disk, by name.
    std::vector<reconcile::AgentFacts> gather();

    void preflightPassed(const std::string& agent, const std::string& digest);
    void permitGranted(const std::string& agent, reconcile::Permit permit);
    /// After a switch or a failure: both must be got anew.
    void forget(const std::string& agent);

private:
    struct Summary {
        std::string archiveSha256;
        std::uint64_t archiveSize = 0;
        std::chrono::milliseconds probation{0};
        std::chrono::milliseconds probeSpan{0};
    };

    /// nullptr when the manifest is not here.
    const Summary* summaryOf(const std::string& agent, const std::string& digest);
    reconcile::PackageProgress progressOf(const domain::DesiredEntry& entry);
    void addAddress(reconcile::AgentFacts& facts) const;
    void complete(reconcile::AgentFacts& facts);

    const Parts m_parts;
    RetryTimes m_retries;
    ProbationTimes m_probations;
    std::map<std::string, Summary> m_summaries;  ///< by manifest digest
    std::map<std::string, std::string> m_preflights;
    std::map<std::string, reconcile::Permit> m_permits;
};

}  // namespace ifrit::agent::app
