// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agent/app/archive_sources.h"
#include "agent/app/desired_keeper.h"
#include "agent/app/local_answers.h"
#include "agent/app/local_machine.h"
#include "agent/app/machine_loop.h"
#include "agent/app/main_events.h"
#include "agent/app/self_sampler.h"
#include "agent/guard/hang_watch.h"
#include "agent/guard/slots.h"
#include "agent/integrity/repairer.h"
#include "agent/integrity/scan_thread.h"
#include "agent/link/link_thread.h"
#include "agent/local/local_server.h"
#include "agent/selfupgrade/guard_keeper.h"
#include "agent/selfupgrade/self_upgrade.h"
#include "shared/base/service_notifier.h"

namespace ifrit::agent::app {

/// ifrit-agent as it runs: the local machine, the line to the masters, and the loop between them.
class Runtime {
public:
    /// `connector` and `events` must outlive it.
    Runtime(std::unique_ptr<LocalMachine> machine, link::MasterConnector& connector,
            link::RetryAfterOf retryAfter, const MainEvents& events);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    enum class End {
        Asked,     ///< by a signal. Managed agents run on, unless the configuration says else
        Switched,  ///< another version of ifrit-agent takes over, and the managed agents with it
    };
    absl::StatusOr<End> run();

private:
    void describeMachine(link::MachineStatus& status);
    void afterReply(const link::SyncLoop::Result& result);
    void keepGuard();
    void beat();
    void startLink();
    void loopUntilEnd(base::WallTime next);
    void takeDown();
    MachineView view() const;
    void answerLocally();
    /// SIGHUP: opens the log's file again, reads agent.toml again and offers its way to the
    /// masters.
    void reload();

    std::unique_ptr<LocalMachine> m_machine;
    const MainEvents& m_events;
    SelfSampler m_self;
    guard::Slots m_slots;
    const guard::Beat m_beat;
    std::optional<base::SteadyTime> m_beatAt;
    base::ServiceNotifier m_notifier;
    selfupgrade::ProgramCheck m_programCheck;
    selfupgrade::SelfUpgrade m_selfUpgrade;
    const link::SettingsChoice m_settings;
    link::Connection m_connection;
    link::ConnectedPackageSource m_source;
    package::ManifestFetcher m_manifestFetcher;
    ArchiveMirrors m_mirrors;
    package::ArchiveFetcher m_archiveFetcher;
    link::IdentityStore m_identity;
    link::Enrolment m_enrolment;
    link::ReportBuilder m_reports;
    DesiredKeeper m_keeper;
    link::LinkBoard m_board;
    link::SettingsAdopter m_adopter;
    link::HomeReturn m_home;
    link::SyncLoop m_syncLoop;
    PreflightCheck m_preflight;
    ProgressBoard m_progress;
    integrity::IntegrityBoard m_integrity;
    integrity::Repairer m_repairer;
    ActionExecutor m_executor;
    FactsGatherer m_gatherer;
    integrity::IntegrityScanner m_scanner;
    std::optional<WorkerPool> m_workers;
    std::optional<MachineLoop> m_loop;
    std::optional<link::WatchThread> m_watch;
    std::optional<link::LinkThread> m_link;
    std::optional<integrity::ScanThread> m_scanThread;
    std::optional<selfupgrade::GuardKeeper> m_guardKeeper;
    const base::WallTime m_started;
    LocalAnswers m_answers;
    std::unique_ptr<local::LocalServer> m_local;
};

/// How ifrit-agent gets its certificate, from the configuration.
link::EnrolmentSettings enrolmentSettings(const LocalMachine& machine);

}  // namespace ifrit::agent::app
