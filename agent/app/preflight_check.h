// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/install/preflight.h"
#include "agent/install/run_spec_maker.h"
#include "agent/install/version_directories.h"
#include "agent/journal/journal.h"
#include "agent/package/manifest_store.h"
#include "agent/package/package_cache.h"
#include "agent/platform/host.h"
#include "agent/selfupgrade/self_upgrade.h"
#include "shared/domain/desired_state.h"

namespace ifrit::agent::app {

/// Gathers what install::preflight() asks for. Thread-safe.
class PreflightCheck {
public:
    struct Parts {
        journal::Journal& journal;
        const platform::Host& host;
        const package::ManifestStore& manifests;
        const package::PackageCache& cache;
        const install::VersionDirectories& versions;
        const install::RunSpecMaker& specs;
        const selfupgrade::SelfUpgrade* self = nullptr;  ///< asked about ifrit-agent; may be null
    };

    PreflightCheck(Parts parts, std::string machineType);

    /// The manifest of `entry` must be in the store.
    absl::Status check(const domain::DesiredEntry& entry) const;

private:
    /// What another agent of the machine means to `asking`.
    void addOther(const std::string& name, const journal::AgentRecord& record,
                  const std::string& asking, install::PreflightFacts& facts) const;

    const Parts m_parts;
    const std::string m_machineType;
};

}  // namespace ifrit::agent::app
