// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "agent/guard/slots.h"
#include "agent/install/installer.h"
#include "agent/install/version_directories.h"
#include "agent/journal/journal.h"
#include "agent/reconcile/agent_facts.h"
#include "agent/selfupgrade/program_check.h"
#include "agent/selfupgrade/running_program.h"
#include "shared/base/clock.h"

namespace ifrit::agent::selfupgrade {

/// ifrit-agent's part in its own upgrade. The version that runs puts the new one into the idle slot
/// and ends; guard starts the new one, which shows that it turns and that a master answers it, and
/// guard lets it stay or puts the old one back, which then takes notice. Managed agents run on
/// throughout: nobody stops them.
class SelfUpgrade {
public:
    struct Parts {
        const base::Clock& clock;
        journal::Journal& journal;
        const package::ManifestStore& manifests;
        install::VersionDirectories& versions;
        platform::Directories& directories;
        guard::Slots& slots;
        const ProgramCheck& check;
        /// Whether a guard runs that started this process; without one nobody would start the next.
        std::function<bool()> hasGuard;
        std::function<void()> endSoon;  ///< from any thread: this process is to end
        /// Called when versions have left the disk; may be empty.
        std::function<void()> removeUnneededArchives{};
    };

    SelfUpgrade(Parts parts, RunningProgram running);

    /// Brings the journal in line with what is true, takes notice of a put-back, and removes from
    /// the disk what was put back for good. Before anything is planned; and by the plan, to undo a
    /// switch that did not come to be.
    absl::Status settle();
    /// Fills in what is known of ifrit-agent alone; thread "main".
    void describe(reconcile::AgentFacts& facts, const domain::ResourceSample& sample) const;
    /// PREFLIGHT_GUARD when no guard runs.
    absl::Status preflight() const;
    /// Needs a permit. On success the trial has begun, and this process ends as soon as it can.
    absl::Status switchTo(const install::SwitchOrder& order);

    /// A master has answered and its answer was kept; any thread.
    void synced() { m_synced = true; }
    /// While it is on trial: shows that the main loop turns; thread "main".
    void beat();
    /// Another version takes over, or was put back: the managed agents are that one's.
    bool isLeaving() const;
    bool hasSwitched() const { return m_switched; }

private:
    reconcile::SelfFacts::Trial trialOf(const journal::AgentRecord& record,
                                        const std::optional<guard::Trial>& trial) const;
    /// They are remembered as bad, and not kept: as with managed agents, else each would add to
    /// what is on the disk until one succeeds.
    void removePutBackVersions();
    absl::Status beginTrial(const install::SwitchOrder& order, const domain::Manifest& manifest);

    const Parts m_parts;
    const RunningProgram m_running;
    const std::string m_slot;  ///< from which we were started; empty: none
    const base::WallTime m_started;
    std::atomic<bool> m_synced{false};
    std::atomic<bool> m_switched{false};
    std::optional<guard::Proof> m_proof;  ///< thread "main"
};

}  // namespace ifrit::agent::selfupgrade
