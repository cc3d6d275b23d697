// SPDX-License-Identifier: Apache-2.0
// faults.md D3: from the N-th change of the disk on, each that can fail so does fail, for every N
// of an upgrade by the real ifrit-agent; where descriptors or processes are what is wanting, so
// does each call that makes one. Whole is what runs meanwhile, somebody is told why, and once the
// fault is gone the machine goes on to where it was told.
#include <signal.h>

#include <QTest>

#include "tests/fault/fault_points.h"
#include "tests/fault/fault_scene.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

namespace {

/// Most of the time is spent in back-off.
constexpr int kDisksAtOnce = 20;
constexpr int kLeastPoints = 15;
constexpr char kOld[] = "1";
constexpr char kNew[] = "2";

}  // namespace

class DiskFaultsTest : public QObject {
    Q_OBJECT

    FaultScene m_scene;
    fs::path m_image;
    TestPackage m_new;

    /// What an operator reads: a line that is not of the everyday.
    static bool complains(const FaultMachine& machine, const std::string& words) {
        const std::string log = machine.logText();
        return log.find(words) != std::string::npos;
    }

    /// Starts an ifrit-agent that ends again and again, as guard does.
    bool recovers(const FaultMachine& machine, std::unique_ptr<ChildProcess>& agent) {
        return waitUntil([&] {
            if (agent->poll()) agent = machine.start();
            return machine.isSettled(kNew);
        });
    }

    /// "" or what is wrong; `failed` tells whether the fault was met before the machine arrived.
    std::string meet(const FaultMachine& machine, const std::string& error,
                     const std::string& words, int point, bool& failed) {
        auto agent =
            machine.start(injector(machine, {"--fail-from", std::to_string(point), error}));
        const bool seen = waitUntil(
            [&] { return agent->poll() || complains(machine, words) || machine.isSettled(kNew); });
        if (!seen) return "nothing was said and nothing was reached";
        failed = complains(machine, words);
        if (agent->poll() && !failed) return "ended without saying why";
        const std::string running = machine.inconsistencyOnDisk();
        if (!running.empty()) return "with the fault: " + running;
        // Without its lock it cannot begin, and ends; what an earlier one started would run on. It
        // may be stopped for a switch that then cannot be made, and comes back.
        const bool began = complains(machine, "started process");
        // Nothing can be started where no process can be made; nobody is convicted for it.
        const auto waits = [&] {
            return machine.managed().empty() &&
                   complains(machine, "until this machine can start it");
        };
        const auto stands = [&] {
            return machine.managed().size() == 1 || (!began && agent->poll()) || waits();
        };
        if (failed && !waitUntil(stands))
            return fmt::format("with the fault: {} processes run", machine.managed().size());
        agent->signal(SIGUSR1);
        if (!recovers(machine, agent)) return "does not recover";
        agent->end();
        return machine.inconsistency();
    }

    FaultPoints::Outcome tryPoint(FaultMachine& machine, const std::string& error,
                                  const std::string& words, int point) {
        machine.resetTo(m_image);
        m_scene.master.enrol(machine.uuid(), machine.layout().root());
        m_scene.master.want(machine.uuid(), installOf(m_new));
        bool failed = false;
        const std::string wrong = meet(machine, error, words, point, failed);
        if (wrong.empty() && !failed) return std::nullopt;
        return wrong;
    }

    /// The image of a machine with the old version, and the new one, both probed each `interval`.
    void prepare(const std::string& interval) {
        if (m_scene.packages.probeInterval == interval && !m_image.empty()) return;
        m_scene.packages.probeInterval = interval;
        const TestPackage old = m_scene.packages.make(kOld, "hang");
        m_new = m_scene.packages.make(kNew, "hang");
        const std::string uuid = "old-" + interval;
        const auto machine = m_scene.machine(uuid);
        m_scene.master.want(uuid, installOf(old));
        const auto agent = machine->start();
        if (!waitUntil([&] { return machine->isSettled(kOld); }) || agent->end() != 0)
            throw std::runtime_error(machine->logText());
        m_image = machine->layout().root();
    }

private Q_SLOTS:
    void initTestCase() { m_scene.packages.probeFailures = kPatientProbe; }

    void failsFromEachChangeOn_data() {
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("words");
        QTest::newRow("full disk") << QStringLiteral("ENOSPC") << QStringLiteral("No space left");
        QTest::newRow("input/output error")
            << QStringLiteral("EIO") << QStringLiteral("Input/output error");
        QTest::newRow("read-only") << QStringLiteral("EROFS") << QStringLiteral("Read-only");
        QTest::newRow("no descriptors")
            << QStringLiteral("EMFILE") << QStringLiteral("Too many open files");
        QTest::newRow("no descriptors for processes")
            << QStringLiteral("ENFILE") << QStringLiteral("Too many open files in system");
        QTest::newRow("no processes")
            << QStringLiteral("EAGAIN") << QStringLiteral("Resource temporarily unavailable");
    }
    void failsFromEachChangeOn() {
        QFETCH(const QString, error);
        QFETCH(const QString, words);
        const bool ofProcesses =
            error == QLatin1String("EAGAIN") || error == QLatin1String("ENFILE");
        // Where processes are wanting each probe is a point of its own; elsewhere it only costs.
        prepare(ofProcesses ? "100ms" : kSeldomProbed);
        FaultPoints points("D3", error.toStdString());
        points.walk<FaultMachine>(kDisksAtOnce, m_scene.directory.path(), m_scene.master.port(),
                                  [&](FaultMachine& machine, int point) {
                                      return tryPoint(machine, error.toStdString(),
                                                      words.toStdString(), point);
                                  });
        QVERIFY(points.report("first failing changes of an upgrade"));
        QVERIFY(points.points() >= (ofProcesses ? 1 : kLeastPoints));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::DiskFaultsTest;
QTEST_GUILESS_MAIN(DiskFaultsTest)
#include "tst_disk_faults.moc"
