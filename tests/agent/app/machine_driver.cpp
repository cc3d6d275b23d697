// SPDX-License-Identifier: Apache-2.0
// One life of a machine: opens the root, takes a desired entry, and works until nothing is left to
// do. Kills itself before the N-th change, so that tests can enumerate every such point.
//
//     machine_driver ROOT PACKAGES online|offline|refused CRASH_AT [ACTION VERSION DIGEST RELEASE]
//
// Prints "<state> <running version> <pid> <points> <reason>" and leaves managed agents running.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "agent/app/action_executor.h"
#include "agent/app/local_machine.h"
#include "agent/app/machine_loop.h"
#include "shared/domain/enum_names.h"
#include "shared/log/log.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/wait_until.h"

namespace {

using namespace ifrit;
using namespace ifrit::agent;

constexpr char kAgent[] = "exporter";

app::Config configOf(const std::string& root) {
    app::Config config;
    config.root = root;
    config.masters = {"master:1"};
    config.uuid = "m1";
    config.machineType = "LINUX";
    config.trustedKeys = root + "/keys";
    return config;
}

void want(journal::Journal& journal, char** argument) {
    domain::DesiredEntry entry;
    entry.agent = kAgent;
    entry.action = *domain::fromName<domain::DesiredAction>(argument[0]);
    entry.version = argument[1];
    entry.manifestDigest = argument[2];
    entry.releaseId = argument[3];
    const absl::Status status = journal.update([&](journal::JournalState& state) {
        state.desired = domain::DesiredState{1, 1, {entry}};
    });
    if (!status.ok()) std::abort();
}

bool isSettled(const domain::AgentReport& report, const journal::AgentRecord& record,
               bool offline) {
    if (record.step) return false;
    if (offline) return !record.current || report.pid != 0;
    switch (report.state) {
        case domain::MachineState::Healthy:
        case domain::MachineState::Already:
            return true;
        case domain::MachineState::Reverted:
            return report.pid != 0;
        case domain::MachineState::Failed:
            return true;
        case domain::MachineState::WaitingPermit:
            return report.lastError.has_value();
        default:
            return false;
    }
}

int live(int argc, char** argv) {
    const std::string mode = argv[3];
    if (!log::setUp({"machine_driver"}).ok()) return 2;
    const int crashAt = std::atoi(argv[4]);
    std::atomic<int> points{0};
    const auto beforeChange = [&](std::string_view) {
        if (++points == crashAt) ::kill(::getpid(), SIGKILL);
    };
    auto opened = app::LocalMachine::open(configOf(argv[1]), "test", beforeChange);
    if (!opened.ok()) {
        std::fprintf(stderr, "%s\n", opened.status().ToString().c_str());
        return 2;
    }
    app::LocalMachine& machine = **opened;
    if (argc > 8) want(*machine.journal, argv + 5);

    const auto master = std::make_shared<tests::FakeMaster>(argv[2]);
    master->away = mode == "offline";
    if (mode == "refused") {
        master->permit = [](const link::PermitRequest&) {
            return link::PermitReply{
                false, {}, "RELEASE_PAUSED", "the release is paused", std::chrono::seconds(30)};
        };
    }
    tests::FakeConnector connector(master);
    link::Connection connection(connector, {{"master:1"}, ""}, "m1");
    connection.setIdentity({});
    link::ConnectedPackageSource source(connection);
    agent::package::ManifestFetcher manifestFetcher(source, machine.manifests,
                                                    machine.config.trustedKeys, "LINUX");
    agent::package::ArchiveFetcher archiveFetcher(machine.cache, source, machine.clock, {});
    link::ReportBuilder reports(*machine.journal, machine.clock);
    app::PreflightCheck preflight({*machine.journal, *machine.platform.host, machine.manifests,
                                   machine.cache, machine.versions, machine.specs},
                                  "LINUX");
    app::ProgressBoard progress;
    integrity::IntegrityBoard board{integrity::RepairPolicy{}};
    integrity::Repairer repairer(
        {machine.clock, *machine.journal, machine.manifests, machine.cache, manifestFetcher,
         archiveFetcher, machine.versions, machine.installer, board},
        machine.layout);
    app::ActionExecutor executor({machine.clock, connection, manifestFetcher, archiveFetcher,
                                  machine.manifests, machine.cache, machine.versions,
                                  machine.installer, repairer, preflight, progress});
    app::FactsGatherer facts({*machine.journal, machine.supervisor, machine.versions,
                              machine.manifests, machine.cache, board, machine.clock});
    machine.startSupervising();
    std::optional<app::WorkerPool> workers(std::in_place, 4);
    app::MachineLoop loop({machine.clock, base::systemUniformRandom(), *machine.journal,
                           machine.supervisor, board, facts, executor, *workers, reports, progress,
                           [](link::MachineStatus&) {}, [](const std::string&) {}, [] {}, [] {}},
                          {std::chrono::milliseconds(5'000), std::chrono::milliseconds(10'000)});
    domain::AgentReport last;
    const bool settled = tests::waitUntil([&] {
        loop.pass();
        const auto report = reports.next();
        if (report.ok() && report->sequence != 0) {
            for (const auto& one : report->agents)
                last = one;
            if (!reports.acknowledge(report->sequence, false).ok()) return false;
        }
        return last.agent == kAgent &&
               isSettled(last, machine.journal->agent(kAgent), master->away);
    });
    workers.reset();
    const std::string reason = last.lastError ? last.lastError->reason : "-";
    std::printf("%s %s %d %d %s %d %s\n", std::string(domain::nameOf(last.state)).c_str(),
                last.runningVersion.empty() ? "-" : last.runningVersion.c_str(), last.pid,
                points.load(), reason.c_str(), master->downloads.load(),
                last.lastError ? last.lastError->message.c_str() : "");
    return settled ? 0 : 3;
}

}  // namespace

int main(int argc, char** argv) {
    return argc < 5 ? 64 : live(argc, argv);
}
