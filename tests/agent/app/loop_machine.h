// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/app/action_executor.h"
#include "agent/app/machine_loop.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/local_machine.h"
#include "tests/agent/support/manual_clock.h"
#include "tests/agent/support/package_factory.h"
#include "tests/agent/support/passing_directories.h"
#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {

/// A real disk of which some changes fail.
class FaultyDirectories final : public PassingDirectories {
public:
    using PassingDirectories::PassingDirectories;
    absl::Status removal;  ///< of every removeTree() below an agent's directory
    std::atomic<int> removals{0};

    absl::Status removeTree(const std::string& path) override {
        ++removals;
        return removal.ok() ? PassingDirectories::removeTree(path) : removal;
    }
};

/// Notes what is started and stopped.
class NotedProcesses final : public agent::install::AgentProcesses {
public:
    std::vector<std::string> notes;  ///< "run 1", "stop 2"
    bool adopts = false;             ///< what is to run runs already
    absl::Status run(const agent::supervise::RunSpec& spec,
                     const std::optional<agent::journal::RunningProcess>&,
                     const BeforeStart& beforeStart) override {
        if (beforeStart && !adopts) {
            const absl::Status allowed = beforeStart();
            if (!allowed.ok()) return allowed;
        }
        notes.push_back("run " + spec.version);
        return absl::OkStatus();
    }
    absl::Status stop(const agent::supervise::RunSpec& spec,
                      const std::optional<agent::journal::RunningProcess>&) override {
        notes.push_back("stop " + spec.version);
        return absl::OkStatus();
    }
};

/// Every hook succeeds, unless the test says else, after what the test does meanwhile; but one
/// that is not the signed program.
class PlayedCommands final : public agent::platform::CommandRunner {
public:
    std::function<void()> meanwhile;
    absl::Status error;  ///< instead of running any
    std::string output;
    int exitCode = 0;
    std::vector<std::string>* notes = nullptr;  ///< "pre_start 1": its last word, and its version
    absl::StatusOr<agent::platform::CommandResult> run(const agent::platform::LaunchSpec& spec,
                                                       std::chrono::milliseconds,
                                                       std::stop_token) override {
        if (spec.checkProgram) {
            const int descriptor = ::open(spec.command[0].c_str(), O_RDONLY | O_CLOEXEC);
            const absl::Status checked = spec.checkProgram(descriptor);
            ::close(descriptor);
            if (!checked.ok()) return checked;
        }
        if (notes != nullptr)
            notes->push_back(spec.command.back() + ' ' + spec.environment.at("IFRIT_VERSION"));
        if (meanwhile) meanwhile();
        if (!error.ok()) return error;
        return agent::platform::CommandResult{
            {agent::platform::ExitStatus::Kind::Exited, exitCode}, false, output};
    }
};

/// A machine with a real disk and journal, on which programs and hooks are played and time is the
/// test's: its loop is turned by hand.
class LoopMachine {
public:
    LoopMachine(const std::string& root, const std::filesystem::path& packages)
        : machine(openLocalMachine(root)), master(std::make_shared<FakeMaster>(packages)) {
        connection.setIdentity({});
    }
    ~LoopMachine() { workers.reset(); }
    LoopMachine(const LoopMachine&) = delete;
    LoopMachine& operator=(const LoopMachine&) = delete;

    static domain::DesiredEntry entryOf(const TestPackage& package, const std::string& release) {
        domain::DesiredEntry entry;
        entry.agent = package.manifest.name;
        entry.version = package.manifest.version;
        entry.manifestDigest = package.digest;
        entry.releaseId = release;
        return entry;
    }
    void want(const domain::DesiredEntry& entry) {
        check(machine->journal->update([&](agent::journal::JournalState& state) {
            state.desired = domain::DesiredState{1, 1, {entry}};
        }));
    }
    agent::journal::AgentRecord record() const { return machine->journal->agent("exporter"); }
    void setRecord(const std::function<void(agent::journal::AgentRecord&)>& change) {
        check(machine->journal->updateAgent("exporter", change));
    }
    agent::app::ActionOutcome execute(agent::reconcile::ActionKind kind) {
        return executor.execute({kind}, facts.gather().at(0));
    }
    /// On the disk and verified, as by the steps before a switch.
    void unpack(const TestPackage& package) {
        want(entryOf(package, "R"));
        for (const auto kind :
             {agent::reconcile::ActionKind::FetchManifest, agent::reconcile::ActionKind::Download,
              agent::reconcile::ActionKind::Unpack})
            check(execute(kind).status);
    }
    /// One pass, and what it began is over when this returns.
    void turn() {
        loop.pass();
        const bool idle = waitUntil([&] { return workers->tryRun({[] {}, {}, kThreads - 1}); });
        if (!idle) throw std::runtime_error("an action does not end");
    }

    agent::package::FetchLimits limits() {
        agent::package::FetchLimits out;
        out.sleep = [this](std::chrono::nanoseconds time) { throttled += time; };
        return out;
    }

    static constexpr std::size_t kThreads = 4;
    std::unique_ptr<agent::app::LocalMachine> machine;
    std::shared_ptr<FakeMaster> master;
    ManualClock clock;
    std::string address;  ///< of the machine, that is there to stay
    FaultyDirectories directories{*machine->platform.directories};
    NotedProcesses processes;
    PlayedCommands commands;
    FakeConnector connector{master};
    agent::link::Connection connection{connector, {{"master:1"}, ""}, "m1"};
    agent::link::ConnectedPackageSource source{connection};
    agent::package::ManifestFetcher manifestFetcher{source, machine->manifests,
                                                    machine->config.trustedKeys, "LINUX"};
    std::chrono::nanoseconds throttled{0};  ///< what downloads had to wait
    agent::package::ArchiveFetcher archiveFetcher{machine->cache, source, clock, limits()};
    agent::link::ReportBuilder reports{*machine->journal, clock};
    agent::install::VersionDirectories versions{
        directories, *machine->platform.users, machine->manifests, machine->layout, {}};
    agent::install::HookRunner hooks{commands, *machine->platform.users, machine->manifests,
                                     machine->specs};
    agent::install::Installer installer{{clock,
                                         *machine->journal,
                                         versions,
                                         hooks,
                                         processes,
                                         machine->manifests,
                                         machine->specs,
                                         {}}};
    agent::app::PreflightCheck preflight{
        {*machine->journal, *machine->platform.host, machine->manifests, machine->cache, versions,
         machine->specs},
        "LINUX"};
    agent::app::ProgressBoard progress;
    std::vector<std::string> suspects;  ///< whose files were to be looked at
    agent::integrity::IntegrityBoard board{agent::integrity::RepairPolicy{}};
    agent::integrity::Repairer repairer{
        {clock, *machine->journal, machine->manifests, machine->cache, manifestFetcher,
         archiveFetcher, versions, installer, board},
        machine->layout};
    agent::app::ActionExecutor executor{{clock, connection, manifestFetcher, archiveFetcher,
                                         machine->manifests, machine->cache, versions, installer,
                                         repairer, preflight, progress}};
    agent::app::FactsGatherer facts{{*machine->journal,
                                     machine->supervisor,
                                     versions,
                                     machine->manifests,
                                     machine->cache,
                                     board,
                                     clock,
                                     {},
                                     [this] { return address; }}};
    std::optional<agent::app::WorkerPool> workers{std::in_place, kThreads};
    agent::app::MachineLoop loop{
        {clock, [] { return 0.999; }, *machine->journal, machine->supervisor, board, facts,
         executor, *workers, reports, progress, [](agent::link::MachineStatus&) {},
         [this](const std::string& agent) { suspects.push_back(agent); }, [] {}, [] {}},
        {}};

private:
    static void check(const absl::Status& status) {
        if (!status.ok()) throw std::runtime_error(status.ToString());
    }
};

}  // namespace ifrit::tests
