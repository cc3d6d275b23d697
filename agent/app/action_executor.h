// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "agent/app/action_outcome.h"
#include "agent/app/preflight_check.h"
#include "agent/app/progress_board.h"
#include "agent/install/installer.h"
#include "agent/integrity/repairer.h"
#include "agent/link/connection.h"
#include "agent/package/archive_fetcher.h"
#include "agent/package/manifest_fetcher.h"
#include "agent/selfupgrade/self_upgrade.h"

namespace ifrit::agent::app {

/// Carries out one action of a plan, on whatever thread it is called; blocks as long as it takes.
/// For one agent at most one action at a time.
class ActionExecutor {
public:
    struct Parts {
        const base::Clock& clock;
        link::Connection& connection;
        package::ManifestFetcher& manifestFetcher;
        package::ArchiveFetcher& archiveFetcher;
        const package::ManifestStore& manifests;
        const package::PackageCache& cache;
        install::VersionDirectories& versions;
        install::Installer& installer;
        integrity::Repairer& repairer;
        const PreflightCheck& preflight;
        ProgressBoard& progress;
        /// After versions have gone; from the thread of the action.
        std::function<void()> removeUnneededArchives{};
        selfupgrade::SelfUpgrade* self = nullptr;  ///< of ifrit-agent; null: it is no agent here
    };

    explicit ActionExecutor(Parts parts) : m_parts(parts) {}

    ActionOutcome execute(const reconcile::Action& action, const reconcile::AgentFacts& facts);

private:
    absl::Status perform(const reconcile::Action& action, const reconcile::AgentFacts& facts,
                         ActionOutcome& outcome);
    /// Of ifrit-agent itself, what is done in another way than for others.
    absl::Status performSelf(const reconcile::Action& action, const reconcile::AgentFacts& facts,
                             ActionOutcome& outcome);
    absl::Status download(const domain::DesiredEntry& entry);
    absl::Status unpack(const domain::DesiredEntry& entry);
    absl::Status askPermit(const domain::DesiredEntry& entry, ActionOutcome& outcome);
    /// Right before something is stopped: hooks may have taken longer than the permit lasts.
    absl::Status confirmPermit(const reconcile::AgentFacts& facts, ActionOutcome& outcome);

    const Parts m_parts;
};

}  // namespace ifrit::agent::app
