// SPDX-License-Identifier: Apache-2.0
// The whole machine but for the network: real packages, files and processes, driven by the program
// machine_driver, which can be killed before any change that it makes.
#include <signal.h>

#include <QIODevice>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/install/layout.h"
#include "agent/journal/journal.h"
#include "tests/agent/support/launched_agent.h"
#include "tests/agent/support/package_factory.h"
#include "tests/support/built_programs.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;

/// The driver's last arguments.
using Wanted = std::vector<std::string>;

/// What machine_driver printed at its end.
struct Life {
    bool killed = false;
    int exitCode = -1;
    std::string state;
    std::string running;
    int pid = 0;
    int points = 0;
    std::string reason;
    int downloads = 0;
    std::string text;

    bool says(const char* word) const { return text.find(word) != std::string::npos; }
};

}  // namespace

class MachineTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<PackageFactory> m_packages;
    std::string m_root;

    Life live(const std::string& mode, int crashAt, const Wanted& wanted = {}) {
        QProcess driver;
        driver.setStandardErrorFile(m_directory->filePath(QStringLiteral("driver.log")),
                                    QIODevice::Append);
        QStringList arguments{QString::fromStdString(m_root),
                              QString::fromStdString(m_packages->directory().string()),
                              QString::fromStdString(mode), QString::number(crashAt)};
        for (const std::string& word : wanted)
            arguments << QString::fromStdString(word);
        driver.start(QString::fromStdString(built("tests/machine_driver")), arguments);
        Life life;
        if (!driver.waitForFinished(60'000)) {
            driver.kill();
            driver.waitForFinished();
            return life;
        }
        life.killed = driver.exitStatus() == QProcess::CrashExit;
        life.exitCode = driver.exitCode();
        life.text = driver.readAllStandardOutput().trimmed().toStdString();
        std::istringstream words(life.text);
        words >> life.state >> life.running >> life.pid >> life.points >> life.reason >>
            life.downloads;
        return life;
    }

    static Wanted install(const TestPackage& package, const std::string& release) {
        return {"install", package.manifest.version, package.digest, release};
    }
    static Wanted uninstall(const char* action) { return {action, "", "", "RU"}; }

    /// Pids of everything that runs from below this test's root.
    std::vector<pid_t> processes() const {
        std::vector<pid_t> found;
        for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
            const std::string name = entry.path().filename().string();
            if (name.find_first_not_of("0123456789") != std::string::npos) continue;
            std::error_code error;
            const fs::path program = fs::read_symlink(entry.path() / "exe", error);
            if (!error && program.string().rfind(m_root + "/agents/", 0) == 0) {
                found.push_back(std::stoi(name));
            }
        }
        return found;
    }
    std::string programOf(pid_t pid) const {
        return fs::read_symlink("/proc/" + std::to_string(pid) + "/exe").string();
    }
    agent::install::Layout layout() const { return agent::install::Layout(m_root); }
    std::vector<std::string> versions() const {
        std::vector<std::string> names;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(layout().versions("exporter"), error))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    /// One process, of the version that `current` and the journal name, and that is complete.
    void checkConsistent(const std::string& where) {
        const auto opened = agent::journal::Journal::open(layout().journal());
        QVERIFY2(opened.ok() && opened->damage.ok(), where.c_str());
        const auto record = opened->journal->agent("exporter");
        const std::vector<pid_t> running = processes();
        if (!record.current) {
            QVERIFY2(running.empty(), where.c_str());
            QVERIFY2(!fs::exists(fs::symlink_status(layout().current("exporter"))), where.c_str());
            return;
        }
        QVERIFY2(running.size() == 1, where.c_str());
        QCOMPARE(fs::read_symlink(layout().current("exporter")).string(),
                 agent::install::Layout::currentTarget(*record.current));
        QCOMPARE(programOf(running[0]), layout().version("exporter", *record.current) + "/bin/app");
        for (const std::string& name : versions())
            QVERIFY2(name.front() != '.', (where + ": leftover").c_str());
    }

    void killAll() {
        for (const pid_t pid : processes())
            ::kill(pid, SIGKILL);
        QVERIFY(waitUntil([this] { return processes().empty(); }));
    }

    /// A machine on which `before` was installed, then `change` killed at each point in turn.
    void crashEverywhere(const std::vector<Wanted>& before, const Wanted& change,
                         const std::string& finalState, const std::string& finalVersion) {
        int point = 1;
        for (;; ++point) {
            freshRoot();
            for (const Wanted& wanted : before)
                QCOMPARE(live("online", 0, wanted).exitCode, 0);
            const Life cut = live("online", point, change);
            const std::string where = "point " + std::to_string(point);
            if (!cut.killed) {
                QCOMPARE(cut.state, finalState);
                break;
            }
            const Life alone = live("offline", 0);
            QVERIFY2(alone.exitCode == 0, (where + " " + alone.text).c_str());
            checkConsistent(where);
            const Life after = live("online", 0);
            QVERIFY2(after.exitCode == 0, (where + " " + after.text).c_str());
            QVERIFY2(after.state == finalState && after.running == finalVersion,
                     (where + ": " + after.text).c_str());
            checkConsistent(where);
        }
        QVERIFY2(point > 5, "too few points were tried");
        qInfo("%d/%d crash points", point - 1, point - 1);
    }

    void freshRoot() {
        killAll();
        fs::remove_all(m_root);
        m_packages->trustOn(m_root);
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        const fs::path base = m_directory->path().toStdString();
        m_root = (base / "root").string();
        m_packages = std::make_unique<PackageFactory>(base / "packages", MISBEHAVING_AGENT);
        m_packages->probeFailures = kPatientProbe;
        freshRoot();
    }
    void cleanup() {
        killAll();
        if (QTest::currentTestFailed()) {
            qInfo("%s", fileText(m_directory->filePath(QStringLiteral("driver.log")).toStdString())
                            .c_str());
        }
    }

    void installsUpgradesAndRollsBackWithoutADownload() {
        const TestPackage one = m_packages->make("1", "ignore-term");
        const TestPackage two = m_packages->make("2", "hang");
        const TestPackage three = m_packages->make("3", "hang");
        Life life = live("online", 0, install(one, "R1"));
        QCOMPARE(life.state, std::string("healthy"));
        QCOMPARE(life.running, std::string("1"));
        const int first = life.pid;
        checkConsistent("installed");

        life = live("online", 0, install(two, "R2"));
        QCOMPARE(life.running, std::string("2"));
        QVERIFY(life.pid != first);
        checkConsistent("upgraded");
        QCOMPARE(versions().size(), std::size_t(2));

        life = live("online", 0, install(one, "R3"));
        QCOMPARE(life.running, std::string("1"));
        QCOMPARE(life.downloads, 0);
        printFaultRow("F3", "rollback without a download", life.downloads == 0 ? 1 : 0, 1,
                      "machine put the version before back from its own disk");

        life = live("online", 0, install(three, "R4"));
        QCOMPARE(life.running, std::string("3"));
        QCOMPARE(versions().size(), std::size_t(2));  // 1 and 3; 2 is collected
    }

    void aRestartAdoptsWhatRuns() {
        const TestPackage one = m_packages->make("1", "hang");
        const int pid = live("online", 0, install(one, "R1")).pid;
        const Life again = live("offline", 0);
        QCOMPARE(again.pid, pid);
        QCOMPARE(live("online", 0).state, std::string("healthy"));
        QCOMPARE(live("online", 0, install(one, "R9")).state, std::string("already"));
    }

    /// Each life is a restart of ifrit-agent; every document here is genuine and once was good.
    void anOldPackageIsNotReplayed() {
        const std::string hole = "index = 1\n";
        const std::string fixed = "index = 2\n";
        const TestPackage one = m_packages->make("1", "hang", hole);
        const TestPackage two = m_packages->make("2", "hang", fixed);
        const TestPackage three = m_packages->make("3", "hang", "index = 3\nwithdraws_below = 2\n");
        const TestPackage broken =
            m_packages->make("4", "exit 3", "index = 4\nwithdraws_below = 4\n");
        int refused = 0;
        const auto isRefused = [&](const char* release, const std::string& runs) {
            const Life life = live("online", 0, install(one, release));
            refused += life.reason == "PACKAGE_WITHDRAWN" && life.running == runs ? 1 : 0;
            QCOMPARE(life.reason, std::string("PACKAGE_WITHDRAWN"));
            QCOMPARE(life.running, runs);
            QCOMPARE(life.downloads, 0);
        };
        QCOMPARE(live("online", 0, install(one, "R1")).running, std::string("1"));
        QCOMPARE(live("online", 0, install(three, "R2")).running, std::string("3"));
        isRefused("R3", "3");
        // A rollback to what was not withdrawn is nobody's replay.
        QCOMPARE(live("online", 0, install(two, "R4")).running, std::string("2"));
        isRefused("R5", "2");
        // A version that fails withdraws nothing.
        QCOMPARE(live("online", 0, install(broken, "R6")).running, std::string("2"));
        QCOMPARE(live("online", 0, install(three, "R7")).running, std::string("3"));
        QCOMPARE(live("online", 0, uninstall("uninstall-purge")).exitCode, 0);
        QVERIFY(processes().empty());
        isRefused("R8", "-");
        QCOMPARE(live("online", 0, install(two, "R9")).running, std::string("2"));
        printFaultRow("A3", "an older package again", refused, 3,
                      "replays after an upgrade, a rollback and a reinstallation");
    }

    void aVersionThatExitsIsRevertedAndRemembered() {
        const TestPackage good = m_packages->make("2", "hang");
        const TestPackage bad = m_packages->make("3", "exit 3");
        QCOMPARE(live("online", 0, install(good, "R1")).running, std::string("2"));
        const Life life = live("online", 0, install(bad, "R2"));
        QCOMPARE(life.state, std::string("reverted"));
        QCOMPARE(life.running, std::string("2"));
        QCOMPARE(life.reason, std::string("EXITED_AT_START"));
        QVERIFY2(life.says("in probation"), life.text.c_str());
        checkConsistent("reverted");
        const Life again = live("online", 0);
        QCOMPARE(again.state, std::string("reverted"));
        QCOMPARE(again.downloads, 0);
        QCOMPARE(again.pid, life.pid);
    }

    /// We end it for that, and not it itself.
    void aVersionThatDoesNotAnswerIsConvictedOfThat_data() {
        QTest::addColumn<QString>("probe");
        QTest::newRow("a program says no") << QStringLiteral("exec = [\"/bin/false\"]");
        QTest::newRow("a closed port") << QStringLiteral("tcp = \"127.0.0.1:1\"");
    }
    void aVersionThatDoesNotAnswerIsConvictedOfThat() {
        QFETCH(const QString, probe);
        QCOMPARE(live("online", 0, install(m_packages->make("2", "hang"), "R1")).running,
                 std::string("2"));
        m_packages->probe = probe.toStdString();
        m_packages->probeFailures = 3;
        const Life life = live("online", 0, install(m_packages->make("3", "hang"), "R2"));
        QCOMPARE(life.state, std::string("reverted"));
        QCOMPARE(life.running, std::string("2"));
        QCOMPARE(life.reason, std::string("PROBE_FAILED"));
        QVERIFY2(life.says("in probation"), life.text.c_str());
    }

    void aFirstVersionThatFailsLeavesNothingRunning() {
        const Life life = live("online", 0, install(m_packages->make("3", "exit 3"), "R1"));
        QCOMPARE(life.state, std::string("failed"));
        QCOMPARE(life.running, std::string("-"));
        checkConsistent("failed");
    }

    void withoutAPermitNothingIsSwitched() {
        const int pid = live("online", 0, install(m_packages->make("1", "hang"), "R1")).pid;
        const Life life = live("refused", 0, install(m_packages->make("2", "hang"), "R2"));
        QCOMPARE(life.state, std::string("waiting_permit"));
        QCOMPARE(life.reason, std::string("PERMIT_REFUSED"));
        QVERIFY2(life.says("RELEASE_PAUSED"), life.text.c_str());
        QCOMPARE(life.running, std::string("1"));
        QCOMPARE(life.pid, pid);
        const Life removal = live("refused", 0, uninstall("uninstall"));
        QCOMPARE(removal.pid, pid);
    }

    void hooksRunAndTheirFailureChangesNothing() {
        const std::string hooks =
            "[hooks]\npre_install = { command = [\"/bin/sh\", \"-c\", \"echo no room; exit 7\"] "
            "}\n";
        live("online", 0, install(m_packages->make("1", "hang"), "R1"));
        const Life life =
            live("online", 0, install(m_packages->make("2", "hang", "", hooks), "R2"));
        QCOMPARE(life.reason, std::string("HOOK_FAILED"));
        QVERIFY2(life.says("no room"), life.text.c_str());
        QCOMPARE(life.state, std::string("failed"));
        checkConsistent("hook failed");
    }

    void aHookAfterTheSwitchReverts() {
        const std::string hooks =
            "[hooks]\npre_start = { command = [\"/bin/sh\", \"-c\", \"exit 7\"] }\n";
        live("online", 0, install(m_packages->make("1", "hang"), "R1"));
        const Life life =
            live("online", 0, install(m_packages->make("2", "hang", "", hooks), "R2"));
        QCOMPARE(life.state, std::string("reverted"));
        QCOMPARE(life.running, std::string("1"));
        checkConsistent("hook failed");
    }

    void uninstallKeepsDataAndPurgeDoesNot() {
        const TestPackage one = m_packages->make("1", "hang");
        live("online", 0, install(one, "R1"));
        std::ofstream(layout().data("exporter") + "/kept") << "x";
        Life life = live("online", 0, uninstall("uninstall"));
        QCOMPARE(life.state, std::string("healthy"));
        QCOMPARE(life.running, std::string("-"));
        QVERIFY(fs::exists(layout().data("exporter") + "/kept"));
        QVERIFY(!fs::exists(layout().versions("exporter")));
        checkConsistent("uninstalled");
        life = live("online", 0, uninstall("uninstall-purge"));
        QVERIFY(!fs::exists(layout().agent("exporter")));
    }

    void anUntrustedPublisherNeverTouchesTheDisk() {
        const TestPackage one = m_packages->make("1", "hang");
        fs::remove_all(fs::path(m_root) / "keys");
        PackageFactory(m_directory->path().toStdString() + "/other", MISBEHAVING_AGENT)
            .trustOn(m_root);
        const Life life = live("online", 0, install(one, "R1"));
        QCOMPARE(life.state, std::string("failed"));
        QCOMPARE(life.reason, std::string("PACKAGE_UNKNOWN_KEY"));
        QVERIFY(!fs::exists(layout().agent("exporter")));
        QVERIFY(fs::is_empty(layout().cache()));
    }

    void killedAtEveryPointOfAnInstall() {
        const TestPackage one = m_packages->make("1", "hang");
        crashEverywhere({}, install(one, "R1"), "healthy", "1");
    }
    void killedAtEveryPointOfAnUpgrade() {
        const TestPackage zero = m_packages->make("0", "hang");
        const TestPackage one = m_packages->make("1", "hang");
        const TestPackage two = m_packages->make("2", "hang");
        crashEverywhere({install(zero, "R0"), install(one, "R1")}, install(two, "R2"), "healthy",
                        "2");
    }
    void killedAtEveryPointOfARevert() {
        const TestPackage one = m_packages->make("1", "hang");
        const TestPackage two = m_packages->make("2", "exit 3");
        crashEverywhere({install(one, "R1")}, install(two, "R2"), "reverted", "1");
    }
    void killedAtEveryPointOfAnUninstall() {
        const TestPackage one = m_packages->make("1", "hang");
        crashEverywhere({install(one, "R1")}, uninstall("uninstall-purge"), "healthy", "-");
    }
};

}  // namespace ifrit::tests

using ifrit::tests::MachineTest;
QTEST_GUILESS_MAIN(MachineTest)
#include "tst_machine.moc"
