// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "master/release/model.h"
#include "master/services/fleet.h"
#include "master/services/known_manifests.h"
#include "master/storage/database.h"
#include "shared/domain/preflight_rules.h"

namespace ifrit::master::services {

/// Who would refuse a release's packages, as far as reports and manifests say. One plan's; one
/// thread.
class PlanPreflight {
public:
    PlanPreflight(std::string agent, KnownManifests& manifests)
        : m_agent(std::move(agent)), m_manifests(manifests) {}

    /// The manifests of the targets, and of what these machines run: O(machines) and a statement
    /// for each manifest that was not read before. May be called again.
    absl::Status read(storage::Transaction& in,
                      const std::map<std::string, release::Target>& targets,
                      const std::vector<MachineView>& machines);

    /// nullopt: nothing that the master knows stands against it.
    std::optional<domain::PreflightRefusal> refusalOf(const HeldMachine& machine) const;
    /// By machine type, where the manifest is known.
    std::map<std::string, std::chrono::milliseconds> probations() const;

private:
    absl::Status readInstalled(storage::Transaction& in, const std::vector<MachineView>& machines);
    absl::Status readOne(storage::Transaction& in, const std::string& digest, bool isOwn);

    const std::string m_agent;
    KnownManifests& m_manifests;
    std::map<std::string, std::shared_ptr<const domain::Manifest>> m_targets;  ///< by machine type
    std::set<std::string> m_refusing;  ///< digests of others that name the agent a conflict
    std::map<std::string, std::uint64_t> m_withdrawals;  ///< by digest, of the agent's own
};

}  // namespace ifrit::master::services
