// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "agent/app/config.h"
#include "agent/app/live_facts.h"
#include "agent/app/machine_identity.h"
#include "agent/install/hook_runner.h"
#include "agent/install/installer.h"
#include "agent/install/supervised_processes.h"
#include "agent/package/package_cache.h"
#include "agent/platform/file_lock.h"
#include "agent/platform/platform.h"
#include "agent/platform/resource_groups.h"
#include "agent/supervise/journal_process_record.h"
#include "agent/supervise/supervisor_thread.h"
#include "agent/supervise/threaded_account_finder.h"
#include "agent/supervise/threaded_probe_runner.h"

namespace ifrit::agent::app {

/// All of ifrit-agent that needs no network: one per root, guarded by its lock. The members are
/// made in this order and taken down in the other.
class LocalMachine {
public:
    /// Makes the root's directories, takes the lock (FAILED_PRECONDITION LOCKED when another
    /// ifrit-agent has it), reads the journal, or rebuilds it from the disk if it is damaged.
    /// `beforeChange` is called before each change of disk, journal and processes; may be empty.
    static absl::StatusOr<std::unique_ptr<LocalMachine>> open(
        const Config& config, const std::string& ifritVersion,
        const install::VersionDirectories::BeforeChange& beforeChange = nullptr);

    /// Ends every managed agent, all at once, and waits for them; the first error is returned, all
    /// are tried. Takes as long as the most patient of them.
    absl::Status stopAll();
    /// Reads processes and limits: the thread "supervise" runs from here on.
    void startSupervising();
    /// Removes the archives of versions that are gone. Any thread; downloads may run.
    void removeUnneededArchives() const;

    const Config config;
    const domain::MachineFacts facts;  ///< at the start
    const IdentityDecision identity;
    const link::HostMarks marks;
    const install::Layout layout;
    platform::Platform platform;
    platform::FileLock lock;
    std::unique_ptr<journal::Journal> journal;
    base::SystemClock clock;
    package::ManifestStore manifests;
    package::PackageCache cache;
    LiveFacts live;  ///< `facts`, as they are now
    install::RunSpecMaker specs;
    install::VersionDirectories versions;
    install::HookRunner hooks;
    supervise::JournalProcessRecord record;
    supervise::ThreadedProbeRunner probes;
    supervise::ThreadedAccountFinder accounts;
    const platform::OpenedGroups groups;
    supervise::Supervisor supervisor;
    install::SupervisedProcesses processes;
    install::Installer installer;

private:
    struct Opened {
        Config config;
        domain::MachineFacts facts;
        IdentityDecision identity;
        link::HostMarks marks;
        platform::Platform platform;
        platform::FileLock lock;
        std::unique_ptr<journal::Journal> journal;
        install::VersionDirectories::BeforeChange beforeChange;
    };
    explicit LocalMachine(Opened opened);
    absl::Status cleanUp(const absl::Status& damage);
    /// Tells of a certificate that is not wholly this machine's.
    void noteIdentity();
    absl::Status removeOldVersions(const std::string& agent);
    absl::StatusOr<std::set<std::string>> neededArchives() const;

    std::optional<supervise::SupervisorThread> m_thread;
};

}  // namespace ifrit::agent::app
