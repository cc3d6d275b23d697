// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/install/agent_processes.h"
#include "agent/install/hook_runner.h"
#include "agent/install/run_spec_maker.h"
#include "agent/install/version_directories.h"
#include "agent/journal/journal.h"
#include "agent/package/manifest_store.h"
#include "shared/base/clock.h"

namespace ifrit::agent::install {

/// Asks whether the permit still holds, and for a new one if not. Blocks. May be empty: it holds.
using ConfirmPermit = std::function<absl::Status()>;

/// Whether the version still fits beside the others of the machine. May be empty: it does.
using FitsStill = std::function<absl::Status()>;

/// What a switch needs to know; from the desired entry.
struct SwitchOrder {
    std::string agent;
    journal::InstalledVersion target;
    std::string releaseId;
    ConfirmPermit confirmPermit{};  ///< asked after the hooks that come first
    FitsStill fitsStill{};          ///< asked first of all, of one agent at a time
};

struct UninstallOrder {
    std::string agent;
    VersionDirectories::Data data = VersionDirectories::Data::Keep;
    std::string releaseId;
    ConfirmPermit confirmPermit{};
};

/// Changes what is installed, one step of the plan at a time. Every change is announced in the
/// journal first (reconcile/step_positions.h), so that after a kill anywhere recover() knows what
/// to undo or to finish. Blocks for hooks and for stopping programs. Calls for different agents may
/// run at once; those for one agent must not.
class Installer {
public:
    struct Parts {
        const base::Clock& clock;
        journal::Journal& journal;
        VersionDirectories& versions;
        HookRunner& hooks;
        AgentProcesses& processes;
        const package::ManifestStore& manifests;
        const RunSpecMaker& specs;
        /// Called with a name before each change of the journal or a process; may be empty.
        VersionDirectories::BeforeChange beforeChange;
    };

    explicit Installer(Parts parts);

    /// Needs a permit. On an error before the new version was current (HOOK_FAILED of pre_install,
    /// STOP_FAILED...) the old one stays current, to be started by the planner if it was stopped.
    /// A failure after that reverts to it at once and is OK to the caller: the journal knows.
    absl::Status switchTo(const SwitchOrder& order);
    /// Runs or adopts what is current.
    absl::Status startCurrent(const std::string& agent);
    /// Stops what is current and runs it again, with a data directory if somebody removed it; OK
    /// when nothing is. `why`, a sentence, becomes an event.
    absl::Status restartCurrent(const std::string& agent, const std::string& why = "");
    /// How it is stopped, also without an address; by SIGTERM where its manifest is lost.
    absl::StatusOr<supervise::RunSpec> stopSpec(const std::string& agent,
                                                const journal::InstalledVersion& version) const;
    /// Probation passed; removes what is older than the previous version.
    absl::Status commit(const std::string& agent);
    /// Something else is wanted before the probation ended: the version runs on, but it has not
    /// proved itself. It withdraws nothing, and `previous` stays what a later revert leads to.
    absl::Status giveUpProbation(const std::string& agent);
    /// Probation failed: the previous version back, or nothing where there was none. What failed is
    /// removed from the disk.
    absl::Status revert(const std::string& agent, const std::string& reason,
                        const std::string& message);
    /// Needs a permit. HOOK_FAILED of pre_uninstall changes nothing.
    absl::Status uninstall(const UninstallOrder& order);
    /// Finishes or undoes a step that was cut short; OK when there is none or it is in probation.
    absl::Status recover(const std::string& agent);

private:
    using Version = journal::InstalledVersion;

    using Room = journal::Journal::Room;

    /// What does not go into the journal is lost, but for the log.
    void tell(const domain::MachineEvent& event);
    absl::Status write(const std::string& agent, std::string_view change,
                       const std::function<void(journal::AgentRecord&)>& update,
                       Room room = Room::Free);
    absl::Status finishWith(const std::string& agent, std::string_view name,
                            const domain::MachineEvent& event,
                            const std::function<void(journal::AgentRecord&)>& update,
                            Room room = Room::Free);
    absl::Status run(const std::string& agent, const Version& version);
    /// The data directory is there afterwards, and the user's of the new version.
    absl::Status giveData(const SwitchOrder& order, const std::string& user,
                          const std::optional<Version>& old);
    /// For a version that is started or put back. What keeps it from its own directory is told to
    /// the log, and does not keep it down; only that there is none is an error.
    absl::Status ensureData(const std::string& agent, const Version& version,
                            const std::string& user);
    void giveDataBack(const std::string& agent, const std::optional<Version>& version);
    /// The hook pre_start; its failure keeps down only a version that is on trial.
    absl::Status prepareStart(const std::string& agent, const Version& version, bool isOnTrial);
    /// run() of what `record` says is current. A version in its probation whose pre_start fails
    /// goes back.
    absl::Status runCurrent(const std::string& agent, const journal::AgentRecord& record);
    absl::Status stop(const std::string& agent, const Version& version);
    /// The switch begins, as far as others are concerned.
    absl::Status announce(const SwitchOrder& order) ABSL_LOCKS_EXCLUDED(m_arrivals);
    absl::Status leaveOld(const SwitchOrder& order, const std::optional<Version>& old);
    /// Only after probation: a version that fails must not take away the way back.
    absl::Status withdrawOlder(const std::string& agent, const Version& proved);
    /// Every version but these; an error costs room on the disk and nothing else.
    void removeOthers(const std::string& agent, const std::vector<std::optional<Version>>& kept);
    /// On the way back, for which room is held.
    absl::Status pointBackTo(const std::string& agent, const std::optional<Version>& version);
    absl::Status undoSwitch(const std::string& agent);
    absl::Status finishStart(const std::string& agent);
    absl::Status finishRevert(const std::string& agent);
    absl::Status finishUninstall(const std::string& agent);
    domain::MachineEvent event(std::string_view kind, const std::string& agent,
                               const std::string& version, std::string message) const;

    const Parts m_parts;
    /// Held from the question whether a version fits until the journal says that it comes: of two
    /// that exclude each other one is second.
    absl::Mutex m_arrivals;
};

}  // namespace ifrit::agent::install
