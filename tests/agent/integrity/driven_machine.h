// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/app/action_executor.h"
#include "agent/app/machine_loop.h"
#include "agent/integrity/integrity_scanner.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/local_machine.h"
#include "tests/agent/support/package_factory.h"
#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {

/// ifrit-agent but for the network and its threads: a root with real files and processes, of which
/// the test turns the loop and the scanner by hand.
class DrivenMachine {
public:
    DrivenMachine(const std::string& root, const std::filesystem::path& packages,
                  agent::integrity::ScanSettings settings)
        : m_machine(openLocalMachine(root)),
          m_master(std::make_shared<FakeMaster>(packages)),
          m_connector(m_master),
          m_scanner({m_machine->clock, [] { return 0.0; }, *m_machine->journal,
                     m_machine->manifests, *m_machine->platform.trees, m_board, [] {}},
                    m_machine->layout, settings) {
        m_connection.setIdentity({});
        m_machine->startSupervising();
    }
    ~DrivenMachine() {
        m_workers.reset();
        m_machine->stopAll().IgnoreError();
    }

    agent::app::LocalMachine& machine() { return *m_machine; }
    FakeMaster& master() { return *m_master; }
    const domain::AgentReport& report() const { return m_report; }
    const std::vector<domain::MachineEvent>& events() const { return m_events; }

    void want(const TestPackage& package) { want(std::vector<TestPackage>{package}); }
    void want(const std::vector<TestPackage>& packages) {
        domain::DesiredState desired{1, 1, {}};
        for (const TestPackage& package : packages) {
            domain::DesiredEntry entry;
            entry.agent = package.manifest.name;
            entry.version = package.manifest.version;
            entry.manifestDigest = package.digest;
            entry.releaseId = "R" + package.manifest.version;
            desired.entries.push_back(entry);
        }
        const absl::Status status = m_machine->journal->update(
            [&](agent::journal::JournalState& state) { state.desired = desired; });
        if (!status.ok()) throw std::runtime_error(status.ToString());
    }
    /// One turn of loop and scanner; what it reports is taken as acknowledged.
    void turn() {
        m_scanner.step(std::chrono::milliseconds(1));
        m_loop.pass();
        const auto report = m_reports.next();
        if (!report.ok() || report->sequence == 0) return;
        for (const domain::AgentReport& one : report->agents)
            m_report = one;
        m_events.insert(m_events.end(), report->events.begin(), report->events.end());
        if (const auto acked = m_reports.acknowledge(report->sequence, false); !acked.ok())
            throw std::runtime_error(acked.ToString());
    }
    template <typename Condition>
    bool turnUntil(const Condition& condition) {
        return waitUntil([&] {
            turn();
            return condition();
        });
    }
    int count(const std::string& kind) const {
        return static_cast<int>(
            std::count_if(m_events.begin(), m_events.end(),
                          [&](const domain::MachineEvent& event) { return event.kind == kind; }));
    }
    const domain::MachineEvent& last(const std::string& kind) const {
        const auto found =
            std::find_if(m_events.rbegin(), m_events.rend(),
                         [&](const domain::MachineEvent& event) { return event.kind == kind; });
        if (found == m_events.rend()) throw std::runtime_error("no event " + kind);
        return *found;
    }

private:
    std::unique_ptr<agent::app::LocalMachine> m_machine;
    std::shared_ptr<FakeMaster> m_master;
    FakeConnector m_connector;
    agent::link::Connection m_connection{m_connector, {{"master:1"}, ""}, "m1"};
    agent::link::ConnectedPackageSource m_source{m_connection};
    agent::package::ManifestFetcher m_manifestFetcher{m_source, m_machine->manifests,
                                                      m_machine->config.trustedKeys, "LINUX"};
    agent::package::ArchiveFetcher m_archiveFetcher{
        m_machine->cache, m_source, m_machine->clock, {}};
    agent::link::ReportBuilder m_reports{*m_machine->journal, m_machine->clock};
    agent::app::PreflightCheck m_preflight{
        {*m_machine->journal, *m_machine->platform.host, m_machine->manifests, m_machine->cache,
         m_machine->versions, m_machine->specs},
        "LINUX"};
    agent::app::ProgressBoard m_progress;
    agent::integrity::IntegrityBoard m_board{agent::integrity::RepairPolicy{}};
    agent::integrity::Repairer m_repairer{
        {m_machine->clock, *m_machine->journal, m_machine->manifests, m_machine->cache,
         m_manifestFetcher, m_archiveFetcher, m_machine->versions, m_machine->installer, m_board},
        m_machine->layout};
    agent::app::ActionExecutor m_executor{{m_machine->clock, m_connection, m_manifestFetcher,
                                           m_archiveFetcher, m_machine->manifests, m_machine->cache,
                                           m_machine->versions, m_machine->installer, m_repairer,
                                           m_preflight, m_progress}};
    agent::app::FactsGatherer m_facts{{*m_machine->journal, m_machine->supervisor,
                                       m_machine->versions, m_machine->manifests, m_machine->cache,
                                       m_board, m_machine->clock}};
    std::optional<agent::app::WorkerPool> m_workers{std::in_place, 4};
    agent::app::MachineLoop m_loop{
        {m_machine->clock, [] { return 0.0; }, *m_machine->journal, m_machine->supervisor, m_board,
         m_facts, m_executor, *m_workers, m_reports, m_progress, [](agent::link::MachineStatus&) {},
         [this](const std::string& name) { m_scanner.suspect(name); }, [] {}, [] {}},
        {}};
    agent::integrity::IntegrityScanner m_scanner;
    domain::AgentReport m_report;
    std::vector<domain::MachineEvent> m_events;
};

}  // namespace ifrit::tests
