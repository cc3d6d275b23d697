// SPDX-License-Identifier: Apache-2.0
// faults.md D1: the real ifrit-agent against a master on the wire, killed before every system call
// that changes the disk or a process, in every change of what is installed. After the restart it
// must run the old or the new version, whole, before any master answers; be where it was told after
// one poll; and leave nothing over.
#include <signal.h>

#include <QTest>
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/agent/support/wait_until.h"
#include "tests/fault/fault_machine.h"
#include "tests/support/built_programs.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

namespace {

constexpr int kWorkers = 4;
constexpr int kKilled = 137;
constexpr int kLocked = 75;
/// A change that needs fewer was not really made.
constexpr int kLeastPoints = 20;

/// One way from a disk image to another state, and what may run on the way.
struct Journey {
    std::string name;
    fs::path image;
    domain::DesiredEntry wanted;
    std::vector<std::string> mayRun;  ///< versions; "": nothing
    std::string arrives;
};

}  // namespace

class CrashPointsTest : public QObject {
    Q_OBJECT

    FaultDirectory m_directory;
    PackageFactory m_packages{m_directory.path() / "packages", MISBEHAVING_AGENT};
    WireMaster m_master{m_packages.directory()};
    std::mutex m_mutex;
    QStringList m_failures;

    std::string report(const FaultMachine& machine) const { return machine.logFile() + ".changes"; }

    std::vector<std::string> injector(const FaultMachine& machine, int point) const {
        return {built("tests/fault_injector"),
                "--root",
                machine.layout().root(),
                "--report",
                report(machine),
                "--kill-at",
                std::to_string(point),
                "--"};
    }

    bool arrives(const FaultMachine& machine, ChildProcess& agent, const std::string& version) {
        return waitUntil([&] { return agent.poll() || machine.isSettled(version); }) &&
               !agent.poll();
    }

    /// The run that is cut: true when the kill happened.
    bool cut(const FaultMachine& machine, const Journey& journey, int point) {
        const auto agent = machine.start(injector(machine, point));
        const bool arrived = arrives(machine, *agent, journey.arrives);
        if (arrived) agent->signal(SIGTERM);
        const int code = agent->wait();
        if (!arrived && code != kKilled) {
            throw std::runtime_error("neither killed nor arrived, exit " + std::to_string(code));
        }
        return code == kKilled;
    }

    /// "" or what is wrong after the restart.
    std::string restart(const FaultMachine& machine, const Journey& journey) {
        m_master.hold(machine.uuid());
        auto agent = machine.start();
        const bool stands = waitUntil([&] {
            // As guard does: a child that the killed one had just forked has the lock until it sees
            // that it is alone.
            if (agent->poll() == kLocked) agent = machine.start();
            return std::any_of(journey.mayRun.begin(), journey.mayRun.end(),
                               [&](const auto& version) { return machine.isSettled(version); });
        });
        const std::string alone = stands ? machine.inconsistency() : "neither old nor new runs";
        const int before = m_master.syncs(machine.uuid());
        m_master.letGo(machine.uuid());
        if (!alone.empty()) return "without a master: " + alone;
        const bool polled =
            waitUntil([&] { return agent->poll() || m_master.syncs(machine.uuid()) > before; });
        if (!polled || !arrives(machine, *agent, journey.arrives))
            return "does not arrive after one poll";
        if (agent->end() != 0) return "does not end when asked";
        const std::string wrong = machine.inconsistency();
        return wrong.empty() ? machine.garbage() : wrong;
    }

    /// One point; false when the journey ended before it.
    bool tryPoint(FaultMachine& machine, const Journey& journey, int point) {
        machine.resetTo(journey.image);
        m_master.enrol(machine.uuid(), machine.layout().root());
        m_master.letGo(machine.uuid());
        m_master.want(machine.uuid(), journey.wanted);
        std::string wrong;
        try {
            if (!cut(machine, journey, point)) return false;
            wrong = restart(machine, journey);
        } catch (const std::exception& error) {
            wrong = error.what();
        }
        if (wrong.empty()) return true;
        std::string changes;
        std::getline(std::ifstream(report(machine)), changes);
        const std::lock_guard lock(m_mutex);
        m_failures << QString::fromStdString(journey.name + " killed before change " + changes +
                                             ": " + wrong + '\n' + machine.logText());
        return true;
    }

    void walk(const Journey& journey) {
        std::atomic<int> next{1};
        std::atomic<int> end{std::numeric_limits<int>::max()};
        m_failures.clear();
        std::vector<std::thread> workers;
        for (int i = 0; i < kWorkers; ++i) {
            workers.emplace_back([&, i] {
                const std::string uuid = "w" + std::to_string(i);
                FaultMachine machine(m_directory.path() / uuid, uuid, m_master.port());
                for (int point = next++; point < end; point = next++)
                    if (!tryPoint(machine, journey, point)) end = std::min<int>(end, point);
            });
        }
        for (std::thread& worker : workers)
            worker.join();
        const int points = end - 1;
        printFaultRow("D1", journey.name, points - int(m_failures.size()), points, "crash points");
        // Not as the message of the check, which Qt Test cuts short.
        for (const QString& failure : m_failures)
            std::fputs(qPrintable(failure), stderr);
        QVERIFY(m_failures.isEmpty());
        QVERIFY(points >= kLeastPoints);
    }

    /// A disk on which these versions were installed one after the other, with nothing running.
    fs::path imageOf(const std::string& name, const std::vector<TestPackage>& packages) {
        const fs::path image = m_directory.path() / name;
        FaultMachine machine(image, name, m_master.port());
        m_packages.trustOn(machine.layout().root());
        m_master.enrol(name, machine.layout().root());
        for (const TestPackage& package : packages) {
            m_master.want(name, installOf(package));
            const auto agent = machine.start();
            const bool arrived = arrives(machine, *agent, package.manifest.version);
            if (!arrived || agent->end() != 0) throw std::runtime_error(machine.logText());
        }
        return machine.layout().root();
    }

private Q_SLOTS:
    void initTestCase() { m_packages.probeFailures = kPatientProbe; }
    void anInstall() {
        const TestPackage one = m_packages.make("1", "hang");
        walk({"install", imageOf("empty", {}), installOf(one), {"", "1"}, "1"});
    }
    void anUpgrade() {
        const TestPackage zero = m_packages.make("0", "hang");
        const TestPackage one = m_packages.make("1", "hang");
        const TestPackage two = m_packages.make("2", "hang");
        walk({"upgrade", imageOf("old", {zero, one}), installOf(two), {"1", "2"}, "2"});
    }
    void anUninstall() {
        const TestPackage one = m_packages.make("1", "hang");
        walk({"uninstall", imageOf("there", {one}), purgeOf("exporter"), {"", "1"}, ""});
    }
};

}  // namespace ifrit::tests

using ifrit::tests::CrashPointsTest;
QTEST_GUILESS_MAIN(CrashPointsTest)
#include "tst_crash_points.moc"
