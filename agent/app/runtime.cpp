// SPDX-License-Identifier: Apache-2.0
#include "agent/app/runtime.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "agent/app/config_reader.h"
#include "agent/app/configured_link.h"
#include "agent/app/local_view.h"
#include "shared/base/atomic_file.h"
#include "shared/log/log.h"

namespace ifrit::agent::app {
namespace {

constexpr std::size_t kMaxTokenBytes = 4096;
constexpr std::size_t kMaxCaBytes = 256 * 1024;
constexpr std::size_t kWorkers = 4;
constexpr std::chrono::seconds kLongestEnd{120};
constexpr std::chrono::seconds kBeatSpacing{5};

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

absl::StatusOr<std::string> joinToken(const Config& config) {
    if (!config.joinToken.empty()) return config.joinToken;
    if (config.joinTokenFile.empty()) {
        return base::failedPrecondition(
            "NO_JOIN_TOKEN", "join_token_file",
            "this machine has no join token to enrol with: join_token_file is not set");
    }
    const absl::StatusOr<std::string> text = base::readFile(config.joinTokenFile, kMaxTokenBytes);
    if (absl::IsNotFound(text.status())) {
        return base::failedPrecondition("NO_JOIN_TOKEN", config.joinTokenFile,
                                        "this machine has no join token to enrol with: {} is not "
                                        "there",
                                        config.joinTokenFile);
    }
    IFRIT_RETURN_IF_ERROR(text.status());
    const std::string token = trimmed(*text);
    if (token.empty()) {
        return base::failedPrecondition("NO_JOIN_TOKEN", config.joinTokenFile, "{} is empty",
                                        config.joinTokenFile);
    }
    return token;
}

absl::StatusOr<std::string> trustedRoots(const Config& config) {
    if (config.caFile.empty()) {
        return base::failedPrecondition("NO_CA", "ca_file",
                                        "ca_file is not set: without it no master can be believed");
    }
    absl::StatusOr<std::string> pem = base::readFile(config.caFile, kMaxCaBytes);
    if (!absl::IsNotFound(pem.status())) return pem;
    return base::failedPrecondition("NO_CA", config.caFile,
                                    "ca_file, {}, is not there: without it no master can be "
                                    "believed",
                                    config.caFile);
}

std::string environmentValue(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

platform::ProcessId ourselves(const LocalMachine& machine) {
    const platform::ProcessTable& processes = *machine.platform.processes;
    const auto process = processes.identify(processes.ownPid());
    return process.ok() ? *process : platform::ProcessId();
}

selfupgrade::RunningProgram runningProgram(const LocalMachine& machine) {
    selfupgrade::RunningProgram running;
    std::error_code error;
    const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        running.version =
            selfupgrade::versionOfProgram(executable.string(), machine.layout, machine.manifests);
    }
    running.compiledVersion = machine.facts.ifritVersion;
    running.process = ourselves(machine);
    return running;
}

bool isGuarded(const LocalMachine& machine) {
    return selfupgrade::isGuarded(machine.layout.root(), *machine.platform.processes,
                                  ourselves(machine));
}

link::LinkTimes linkTimes(const Config& config) {
    link::LinkTimes times;
    times.maxPoll = config.maxPoll;
    times.minPoll = std::min(times.minPoll, times.maxPoll);
    return times;
}

}  // namespace

link::EnrolmentSettings enrolmentSettings(const LocalMachine& machine) {
    const Config config = machine.config;
    return {machine.facts.uuid,
            config.cluster,
            [config] { return trustedRoots(config); },
            [config] { return joinToken(config); },
            [&live = machine.live] { return live.facts(); },
            machine.marks,
            [&journal = *machine.journal](const std::string& cluster) {
                return journal.update(
                    [&](journal::JournalState& state) { state.joinCluster(cluster); });
            }};
}

Runtime::Runtime(std::unique_ptr<LocalMachine> machine, link::MasterConnector& connector,
                 link::RetryAfterOf retryAfter, const MainEvents& events)
    : m_machine(std::move(machine)),
      m_events(events),
      m_self(*m_machine->platform.processes, m_machine->clock),
      m_slots(m_machine->layout.root(), *m_machine->platform.directories),
      m_beat(m_machine->layout.root()),
      m_notifier(environmentValue("NOTIFY_SOCKET")),
      m_programCheck(*m_machine->platform.commands, m_machine->config.file),
      m_selfUpgrade({m_machine->clock, *m_machine->journal, m_machine->manifests,
                     m_machine->versions, *m_machine->platform.directories, m_slots, m_programCheck,
                     [this] { return isGuarded(*m_machine); }, [this] { m_events.wake(); },
                     [this] { m_machine->removeUnneededArchives(); }},
                    runningProgram(*m_machine)),
      m_settings(link::chooseSettings(
          configuredLink(m_machine->config),
          link::LinkSettingsStore(m_machine->layout.linkSettings()).load(),
          m_machine->identity.certificate == IdentityDecision::Certificate::Own ||
              m_machine->identity.certificate == IdentityDecision::Certificate::Moved)),
      m_connection(connector, {m_settings.used.masters, m_settings.used.serverName},
                   m_machine->facts.uuid),
      m_source(m_connection),
      m_manifestFetcher(m_source, m_machine->manifests, m_machine->config.trustedKeys,
                        m_machine->facts.machineType),
      m_mirrors(*m_machine->platform.streams, m_machine->config.download),
      m_archiveFetcher(m_machine->cache, m_source, m_machine->clock,
                       fetchLimits(m_machine->config.download), m_mirrors.all()),
      m_identity(m_machine->layout.identity()),
      m_enrolment(m_identity, connector, m_machine->clock, enrolmentSettings(*m_machine)),
      m_reports(*m_machine->journal, m_machine->clock),
      m_keeper(*m_machine->journal, m_reports, m_machine->layout, m_machine->clock),
      m_board(m_machine->clock),
      m_adopter({m_connection, m_enrolment, connector, m_machine->clock,
                 base::systemUniformRandom(), m_board},
                link::LinkSettingsStore(m_machine->layout.linkSettings()), m_settings),
      m_home({m_connection, m_machine->clock, base::systemUniformRandom()}),
      m_syncLoop({m_connection, m_enrolment, m_reports, m_keeper, &m_board, &m_adopter,
                  [this] {
                      m_machine->live.refresh();
                      m_reports.describe(m_machine->live.facts());
                  },
                  &m_home},
                 link::LinkPolicy(linkTimes(m_machine->config), base::systemUniformRandom(),
                                  std::move(retryAfter))),
      m_preflight({*m_machine->journal, *m_machine->platform.host, m_machine->manifests,
                   m_machine->cache, m_machine->versions, m_machine->specs, &m_selfUpgrade},
                  m_machine->facts.machineType),
      m_integrity(integrity::RepairPolicy{}),
      m_repairer({m_machine->clock, *m_machine->journal, m_machine->manifests, m_machine->cache,
                  m_manifestFetcher, m_archiveFetcher, m_machine->versions, m_machine->installer,
                  m_integrity},
                 m_machine->layout),
      m_executor({m_machine->clock, m_connection, m_manifestFetcher, m_archiveFetcher,
                  m_machine->manifests, m_machine->cache, m_machine->versions, m_machine->installer,
                  m_repairer, m_preflight, m_progress,
                  [this] { m_machine->removeUnneededArchives(); }, &m_selfUpgrade}),
      m_gatherer(
          {*m_machine->journal, m_machine->supervisor, m_machine->versions, m_machine->manifests,
           m_machine->cache, m_integrity, m_machine->clock,
           [this](reconcile::AgentFacts& facts) { m_selfUpgrade.describe(facts, m_self.sample()); },
           [this] { return m_machine->live.settledAddress(); }}),
      m_scanner(
          {m_machine->clock, base::systemUniformRandom(), *m_machine->journal, m_machine->manifests,
           *m_machine->platform.trees, m_integrity, [this] { m_events.wake(); }},
          m_machine->layout, m_machine->config.integrity),
      m_started(m_machine->clock.now()),
      m_answers({m_machine->clock, *m_machine->journal, [this] { return view(); },
                 [this] { m_events.wake(); }}) {}

Runtime::~Runtime() = default;

void Runtime::describeMachine(link::MachineStatus& status) {
    m_machine->live.refresh();
    status.facts = m_machine->live.facts();
    status.ifrit = m_self.sample();
}

void Runtime::afterReply(const link::SyncLoop::Result& result) {
    // An answer that could not be kept proves nothing: a version that cannot write its journal
    // must not be the one that stays.
    if (result.kept) m_selfUpgrade.synced();
    m_events.wake();
}

MachineView Runtime::view() const {
    MachineView view;
    view.facts = m_machine->live.facts();
    view.uuidSource = m_machine->identity.source;
    view.certificateEnds = certificateEnd(m_machine->layout.identity());
    view.journal = m_machine->journal->state();
    view.gone = goneProcesses(view.journal, *m_machine->platform.processes);
    view.running =
        MachineView::Running{m_machine->facts.ifritVersion, m_machine->platform.processes->ownPid(),
                             m_started, m_board.state(), m_reports.current().agents};
    return view;
}

void Runtime::answerLocally() {
    auto server = local::LocalServer::start(
        m_machine->layout.socket(),
        [this](const local::LocalRequest& request) { return m_answers.answer(request); });
    if (server.ok()) {
        m_local = *std::move(server);
    } else {
        // Nothing that the machine needs; `status` then shows the journal.
        spdlog::error("no questions are answered here: {}", base::messageOf(server.status()));
    }
}

void Runtime::reload() {
    // First: what follows is said in the new file.
    if (const absl::Status opened = log::reopen(); !opened.ok())
        spdlog::error("{}", base::messageOf(opened));
    const std::string& file = m_machine->config.file;
    absl::StatusOr<Config> config = readConfigFile(file);
    if (!config.ok()) {
        spdlog::error("{} is not used, all stays as it was: {}", file,
                      base::messageOf(config.status()));
        m_board.settingsRefused(base::messageOf(config.status()));
        return;
    }
    spdlog::info("{} was read again", file);
    m_adopter.offer(configuredLink(*config));
    m_link->pollAnyway();
    Config same = *std::move(config);
    same.masters = m_machine->config.masters;
    same.serverName = m_machine->config.serverName;
    same.caFile = m_machine->config.caFile;
    if (!(same == m_machine->config))
        spdlog::warn("other changes of {} take effect when ifrit-agent is started again", file);
}

absl::StatusOr<Runtime::End> Runtime::run() {
    LocalMachine& machine = *m_machine;
    keepGuard();
    beat();
    // A full disk must not keep the managed agents' keeper down; the next start tries again.
    if (const absl::Status status = m_selfUpgrade.settle(); !status.ok())
        spdlog::error("{}", base::messageOf(status));
    machine.supervisor.setChangeListener([this] { m_events.wake(); });
    machine.hooks.setSuspect([this](const std::string& agent) { m_scanner.suspect(agent); });
    machine.startSupervising();
    m_workers.emplace(kWorkers);
    m_loop.emplace(
        MachineLoop::Parts{machine.clock, base::systemUniformRandom(), *machine.journal,
                           machine.supervisor, m_integrity, m_gatherer, m_executor, *m_workers,
                           m_reports, m_progress,
                           [this](link::MachineStatus& status) { describeMachine(status); },
                           [this](const std::string& agent) { m_scanner.suspect(agent); },
                           [this] { m_events.wake(); },
                           [this] {
                               if (m_link) m_link->reportSoon();
                           }},
        reconcile::RetryPolicy{});
    // What a restart interrupted goes on at once, and is not refused for want of a certificate that
    // the link has yet to read.
    if (const absl::Status status = m_enrolment.adoptStored(m_connection); !status.ok())
        spdlog::error("{}", base::messageOf(status));
    // Managed agents first: they must not wait for anybody's network.
    const base::WallTime next = m_loop->pass();
    startLink();
    spdlog::info("ifrit-agent {} runs as {} ({})", machine.facts.ifritVersion, machine.facts.uuid,
                 machine.facts.machineType);
    spdlog::info("{}", machine.groups.how);
    m_scanThread.emplace(m_scanner);
    answerLocally();
    m_notifier.send("READY=1");
    loopUntilEnd(next);

    // Whoever takes over adopts them; only who is told to end for good ends them.
    const bool stopAgents = machine.config.stopAgentsOnExit && !m_selfUpgrade.isLeaving();
    spdlog::info("ending{}", stopAgents ? ", with all managed agents" : "; managed agents run on");
    m_notifier.send("STOPPING=1");
    takeDown();
    if (stopAgents) IFRIT_RETURN_IF_ERROR(machine.stopAll());
    return m_selfUpgrade.hasSwitched() ? End::Switched : End::Asked;
}

// First of all: a guard that died while we began is missed as well.
void Runtime::keepGuard() {
    const LocalMachine& machine = *m_machine;
    const platform::ProcessId self = ourselves(machine);
    if (!selfupgrade::wasStartedByGuard(machine.layout.root(), self)) return;
    m_guardKeeper.emplace(selfupgrade::GuardKeeper::Parts{
        machine.layout.root(), machine.clock, *machine.platform.processes,
        *machine.platform.launcher, *machine.platform.signaller, *machine.platform.guardExits,
        self});
}

void Runtime::startLink() {
    m_watch.emplace(link::WatchThread::Parts{
        m_connection, [this] { return m_keeper.held().generation; },
        [this, random = base::systemUniformRandom()](link::GenerationNotice notice) {
            const double part = random();
            m_link->pollIn(std::chrono::milliseconds(
                static_cast<std::int64_t>(part * static_cast<double>(notice.spread.count()))));
        },
        base::systemUniformRandom()});
    m_link.emplace(link::LinkThread::Parts{m_syncLoop, &*m_watch,
                                           [this](const auto& result) { afterReply(result); }},
                   linkTimes(m_machine->config));
}

void Runtime::loopUntilEnd(base::WallTime next) {
    for (;;) {
        const MainEvents::Event event = m_events.wait(pauseUntil(next, m_machine->clock.now()));
        if (event == MainEvents::Event::End) return;
        if (event == MainEvents::Event::Reload) reload();
        m_selfUpgrade.beat();
        beat();
        if (m_selfUpgrade.hasSwitched()) {
            // Whatever hangs on the way out, the new version must get its turn.
            ::alarm(kLongestEnd.count());
            return;
        }
        next = m_loop->pass();
    }
}

/// For guard; each would cost the disk a write of its inode.
void Runtime::beat() {
    const base::SteadyTime now = m_machine->clock.steadyNow();
    if (m_beatAt && now < *m_beatAt) return;
    m_beatAt = now + kBeatSpacing;
    m_beat.touch();
}

void Runtime::takeDown() {
    m_loop->stop();
    m_guardKeeper.reset();
    m_local.reset();
    m_scanThread.reset();
    m_connection.shutDown();
    m_archiveFetcher.cancel();
    m_link->finish();
    m_watch.reset();
    m_link.reset();
    m_workers.reset();
}

}  // namespace ifrit::agent::app
