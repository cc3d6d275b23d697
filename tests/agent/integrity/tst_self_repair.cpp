// SPDX-License-Identifier: Apache-2.0
// faults.md C5 on a whole machine: real packages, files and processes.
#include <signal.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "tests/agent/integrity/driven_machine.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace {

namespace fs = std::filesystem;

using agent::integrity::ScanSettings;
using domain::Integrity;
using domain::MachineState;
using std::chrono::milliseconds;

/// Looks at once when something changes; the periodic scan is far away.
ScanSettings prompt() {
    ScanSettings settings;
    settings.times = {milliseconds(3'600'000), milliseconds(1), milliseconds(5), milliseconds(20)};
    return settings;
}

/// No notices: the periodic scan finds everything.
ScanSettings periodic() {
    ScanSettings settings;
    settings.times = {milliseconds(50), milliseconds(1), milliseconds(5), milliseconds(20)};
    settings.watch = false;
    return settings;
}

}  // namespace

class SelfRepairTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<PackageFactory> m_packages;
    std::unique_ptr<DrivenMachine> m_machine;
    TestPackage m_package;
    int m_tried = 0;
    int m_held = 0;

    fs::path base() const { return m_directory->path().toStdString(); }
    fs::path root() const {
        return m_machine->machine().layout.version("exporter", {"1", m_package.digest});
    }
    fs::path archive() const {
        return m_machine->machine().cache.archivePath(m_package.manifest.archiveSha256);
    }
    int pid() const { return m_machine->report().pid; }
    bool is(Integrity state) const { return m_machine->report().integrity == state; }

    void start(const ScanSettings& settings) {
        m_machine = std::make_unique<DrivenMachine>((base() / "root").string(),
                                                    m_packages->directory(), settings);
        m_machine->want(m_package);
        QVERIFY(m_machine->turnUntil([this] {
            return m_machine->report().state == MachineState::Healthy && is(Integrity::Intact);
        }));
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_packages = std::make_unique<PackageFactory>(base() / "packages", MISBEHAVING_AGENT);
        m_packages->trustOn((base() / "root").string());
        m_packages->probeFailures = kPatientProbe;
        const fs::path files = base() / "packages/source-exporter-1/files";
        fs::create_directories(files / "etc");
        std::ofstream(files / "etc/app.toml") << "x = 1\n";
        std::ofstream(files / "licence") << "do as you like\n";
        m_package = m_packages->make("1", "hang");
    }
    void cleanup() {
        m_machine.reset();
        ++m_tried;
        if (!QTest::currentTestFailed()) ++m_held;
    }
    void cleanupTestCase() {
        printFaultRow("C5", "found, repaired and reported", m_held, m_tried, "situations");
    }

    void aChangedTextIsPutBackWithoutARestart() {
        start(prompt());
        const int before = pid();
        std::ofstream(root() / "licence") << "evil";
        fs::permissions(root() / "etc/app.toml", fs::perms(0666));
        std::ofstream(root() / "evil") << "x";
        QVERIFY(m_machine->turnUntil([this] { return is(Integrity::Repaired); }));
        QCOMPARE(*base::readFile((root() / "licence").string(), 100),
                 std::string("do as you like\n"));
        QVERIFY(!fs::exists(root() / "evil"));
        QCOMPARE(pid(), before);
        QVERIFY(m_machine->last("repaired").message.find("restarted") == std::string::npos);
        QCOMPARE(m_machine->last("repaired").version, std::string("1"));
    }

    void aChangedProgramIsPutBackAndRunAgain_data() {
        QTest::addColumn<bool>("notices");
        QTest::newRow("noticed") << true;
        QTest::newRow("found by the scan") << false;
    }
    void aChangedProgramIsPutBackAndRunAgain() {
        QFETCH(bool, notices);
        start(notices ? prompt() : periodic());
        const int before = pid();
        fs::remove(root() / "bin/app");
        std::ofstream(root() / "bin/app") << "#!/bin/sh\nexit 0\n";
        QVERIFY(m_machine->turnUntil([&] {
            return is(Integrity::Repaired) && pid() != before && pid() != 0 &&
                   m_machine->report().state == MachineState::Healthy;
        }));
        QCOMPARE(m_machine->count("repaired"), 1);
        QCOMPARE(m_machine->last("repaired").message, std::string("1 changed: bin/app; restarted"));
        QCOMPARE(m_machine->master().downloads.load(), 1);
    }

    void aChangedProgramIsNeverStartedAndPutBackAtOnce() {
        // faults.md A13. Nobody tells, and the scan is far away: the start itself notices.
        ScanSettings settings = prompt();
        settings.watch = false;
        start(settings);
        const fs::path evil = base() / "evil";
        std::ofstream(evil) << "#!/bin/sh\ntouch " << (base() / "it-ran").string() << "\n";
        fs::permissions(evil, fs::perms(0755));
        fs::rename(evil, root() / "bin/app");
        const int before = pid();
        QCOMPARE(::kill(before, SIGKILL), 0);
        QVERIFY(m_machine->turnUntil([&] {
            return m_machine->report().state == MachineState::Healthy && pid() != before &&
                   pid() != 0 && is(Integrity::Repaired);
        }));
        QVERIFY(m_machine->last("start-failed").message.find("not the signed program") !=
                std::string::npos);
        QVERIFY(!fs::exists(base() / "it-ran"));
        QCOMPARE(*crypto::sha256File(root() / "bin/app"),
                 *crypto::sha256File(fs::path(MISBEHAVING_AGENT)));
    }

    void withoutItsArchiveItIsFetchedAgain() {
        start(prompt());
        fs::remove(archive());
        fs::remove(root() / "licence");
        QVERIFY(m_machine->turnUntil([this] { return is(Integrity::Repaired); }));
        QCOMPARE(m_machine->master().downloads.load(), 2);
        QVERIFY(fs::exists(root() / "licence"));
    }

    void aChangedArchiveIsNotUsedAndFetchedAgain() {
        start(prompt());
        std::fstream file(archive(), std::ios::in | std::ios::out);
        file.seekp(2'000);
        file << "XXXX";
        file.close();
        fs::remove(root() / "bin/app");
        QVERIFY(m_machine->turnUntil([this] { return is(Integrity::Repaired); }));
        QCOMPARE(m_machine->master().downloads.load(), 2);
        QCOMPARE(*crypto::sha256File(root() / "bin/app"),
                 *crypto::sha256File(fs::path(MISBEHAVING_AGENT)));
    }

    void withoutArchiveAndMasterItIsDamagedAndSaysSo() {
        start(prompt());
        fs::remove(archive());
        m_machine->master().away = true;
        const int before = pid();
        fs::remove(root() / "licence");
        QVERIFY(m_machine->turnUntil([this] { return m_machine->count("repair-failed") == 1; }));
        QVERIFY(is(Integrity::Damaged));
        QVERIFY(m_machine->last("repair-failed").message.find("DOWNLOAD_FAILED") !=
                std::string::npos);
        QCOMPARE(pid(), before);
        QCOMPARE(m_machine->report().state, MachineState::Healthy);
    }

    void aLostManifestIsFetchedAgain() {
        start(periodic());
        const auto& machine = m_machine->machine();
        machine.manifests.remove("exporter", m_package.digest);
        QVERIFY(m_machine->turnUntil([this] { return m_machine->count("repaired") == 1; }));
        QVERIFY(machine.manifests.load("exporter", m_package.digest).ok());
    }

    void aMachineWithoutTheAgentsDirectoryGetsItBack() {
        start(periodic());
        const auto& layout = m_machine->machine().layout;
        const int before = pid();
        fs::remove_all(layout.agent("exporter"));
        QVERIFY(m_machine->turnUntil([&] {
            return pid() != before && pid() != 0 &&
                   m_machine->report().state == MachineState::Healthy &&
                   fs::exists(layout.current("exporter")) && fs::exists(layout.data("exporter"));
        }));
        QVERIFY(m_machine->turnUntil([this] { return !is(Integrity::Unknown); }));
        QVERIFY(fs::exists(root() / "licence"));
    }

    void theLinkToTheCurrentVersionIsPutBack() {
        start(periodic());
        const int before = pid();
        const std::string link = m_machine->machine().layout.current("exporter");
        fs::remove(link);
        fs::create_symlink("/tmp", link);
        QVERIFY(m_machine->turnUntil([this] { return m_machine->count("repaired") == 1; }));
        QCOMPARE(fs::read_symlink(link).filename(), root().filename());
        QCOMPARE(m_machine->last("repaired").message,
                 std::string("the link 'current' points elsewhere"));
        QCOMPARE(pid(), before);
    }

    void whoChangesFilesAgainAndAgainIsTold() {
        start(prompt());
        for (int i = 1; i <= 3; ++i) {
            std::ofstream(root() / "licence") << "evil " << i;
            QVERIFY(m_machine->turnUntil([&] { return m_machine->count("repaired") == i; }));
        }
        QVERIFY(m_machine->turnUntil([this] { return is(Integrity::Damaged); }));
        QCOMPARE(m_machine->count("integrity-recurring"), 1);
        // The fourth is found and told, but not fought over.
        std::ofstream(root() / "licence") << "evil 4";
        for (int i = 0; i < 200; ++i)
            m_machine->turn();
        QCOMPARE(m_machine->count("repaired"), 3);
    }

    void theVersionBeforeIsKeptWholeForARollback() {
        start(prompt());
        const TestPackage first = m_package;
        const fs::path before = root();
        m_package = m_packages->make("2", "hang");
        m_machine->want(m_package);
        QVERIFY(m_machine->turnUntil([this] {
            return m_machine->report().state == MachineState::Healthy &&
                   m_machine->report().runningVersion == "2" && is(Integrity::Intact);
        }));
        const int running = pid();
        fs::remove(before / "bin/app");
        QVERIFY(m_machine->turnUntil([&] { return fs::exists(before / "bin/app"); }));
        QVERIFY(m_machine->turnUntil([this] { return m_machine->count("repaired") == 1; }));
        QCOMPARE(m_machine->last("repaired").version, std::string("1"));
        QCOMPARE(pid(), running);
    }

    void aVersionThatIsBeingChangedIsLeftAlone() {
        start(periodic());
        agent::journal::StepInProgress step;
        step.operation = agent::journal::Operation::Upgrade;
        step.position = "watching";
        step.target = {"1", m_package.digest};
        step.started = m_machine->machine().clock.now();
        step.deadline = step.started + std::chrono::hours(1);
        const auto update = [&](const std::optional<agent::journal::StepInProgress>& now) {
            QVERIFY(m_machine->machine()
                        .journal->updateAgent("exporter", [&](auto& record) { record.step = now; })
                        .ok());
        };
        update(step);
        fs::remove(root() / "licence");
        agent::integrity::IntegrityBoard board{agent::integrity::RepairPolicy{}};
        agent::integrity::IntegrityScanner scanner(
            {m_machine->machine().clock, [] { return 0.0; }, *m_machine->machine().journal,
             m_machine->machine().manifests, *m_machine->machine().platform.trees, board, [] {}},
            m_machine->machine().layout, periodic());
        for (int i = 0; i < 50; ++i)
            scanner.step(milliseconds(2));
        QCOMPARE(board.view("exporter", {}).state, Integrity::Unknown);
        update(std::nullopt);
        QVERIFY(waitUntil([&] {
            scanner.step(milliseconds(2));
            return !board.findings("exporter").empty();
        }));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::SelfRepairTest)
#include "tst_self_repair.moc"
