// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "master/release/plan.h"
#include "master/services/fleet.h"
#include "master/services/known_manifests.h"
#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::services {

/// By machine type: agents that other running releases install there.
using AgentsBeside = std::map<std::string, std::set<std::string>>;

/// Makes plans of what database and fleet say now, and checks what a release asks for against them.
/// Thread-safe: it keeps nothing but manifests, and takes no lock of the release engine's. Each
/// call waits for the database and returns its error where that does not answer; a plan is
/// O(machines).
class Planner {
public:
    struct Parts {
        storage::Database& database;
        const Fleet& fleet;
        const base::Clock& clock;
        const release::ClusterRules& rules;
        std::chrono::milliseconds pollInterval;
    };

    explicit Planner(const Parts& parts) : m_parts(parts) {}

    /// NOT_FOUND names the version or every machine of the gray list that is unknown;
    /// INVALID_ARGUMENT says what else no release can do.
    absl::Status check(const domain::ReleaseSpec& spec) const;
    /// NOT_FOUND (PACKAGE_UNKNOWN): one of its machine types has no such package.
    static absl::Status checkPackages(storage::Transaction& in, const domain::ReleaseSpec& spec);
    /// Machines of the types that the release is for, whatever they run.
    std::uint64_t machinesOf(const domain::ReleaseSpec& spec) const;
    /// Of a draft. `changedInWindow`: machines that the cap counts already. Who asks adds the
    /// conflicts that only the other releases show.
    absl::StatusOr<release::Plan> plan(const domain::Release& draft, std::uint64_t changedInWindow,
                                       const AgentsBeside& beside);

    /// Takes what these machines say now into what a plan of the draft starts, which was made a
    /// moment ago with the same `beside`. O(machines that are given). False: they change the plan.
    bool takeNews(const domain::Release& draft, const AgentsBeside& beside,
                  const std::vector<SharedText>& machines, release::StartInput& start) const;

private:
    const Parts m_parts;
    KnownManifests m_manifests;
};

}  // namespace ifrit::master::services
