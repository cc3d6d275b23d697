// SPDX-License-Identifier: Apache-2.0
// faults.md D1: the real ifrit-agent against a master on the wire, killed before every system call
// that changes the disk or a process, in every change of what is installed. After the restart it
// must run the old or the new version, whole, before any master answers; be where it was told after
// one poll; and leave nothing over.
#include <signal.h>

#include <QTest>

#include "tests/fault/fault_points.h"
#include "tests/fault/fault_scene.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

namespace {

constexpr int kTrialsAtOnce = 4;
constexpr int kKilled = 137;
constexpr int kBusy = 75;
/// A change that needs fewer was not really made.
constexpr int kLeastCalls = 20;

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

    FaultScene m_scene;

    bool arrives(const FaultMachine& machine, ChildProcess& agent, const std::string& version) {
        return waitUntil([&] { return agent.poll() || machine.isSettled(version); }) &&
               !agent.poll();
    }

    /// The run that is cut: true when the kill happened.
    bool cut(const FaultMachine& machine, const Journey& journey, int point) {
        const auto agent = machine.start(injector(machine, {"--kill-at", std::to_string(point)}));
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
        m_scene.master.hold(machine.uuid());
        auto agent = machine.start();
        const bool stands = waitUntil([&] {
            // As guard does: a child that the killed one had just forked has the lock until it sees
            // that it is alone.
            if (agent->poll() == kBusy) agent = machine.start();
            return std::any_of(journey.mayRun.begin(), journey.mayRun.end(),
                               [&](const auto& version) { return machine.isSettled(version); });
        });
        const std::string alone = stands ? machine.inconsistency() : "neither old nor new runs";
        const int before = m_scene.master.syncs(machine.uuid());
        m_scene.master.letGo(machine.uuid());
        if (!alone.empty()) return "without a master: " + alone;
        const bool polled = waitUntil(
            [&] { return agent->poll() || m_scene.master.syncs(machine.uuid()) > before; });
        if (!polled || !arrives(machine, *agent, journey.arrives))
            return "does not arrive after one poll";
        if (agent->end() != 0) return "does not end when asked";
        const std::string wrong = machine.inconsistency();
        return wrong.empty() ? machine.garbage() : wrong;
    }

    FaultPoints::Outcome tryPoint(FaultMachine& machine, const Journey& journey, int point) {
        machine.resetTo(journey.image);
        m_scene.master.enrol(machine.uuid(), machine.layout().root());
        m_scene.master.letGo(machine.uuid());
        m_scene.master.want(machine.uuid(), journey.wanted);
        if (!cut(machine, journey, point)) return std::nullopt;
        return restart(machine, journey);
    }

    void walk(const Journey& journey) {
        FaultPoints points("D1", journey.name);
        points.walk<FaultMachine>(
            kTrialsAtOnce, m_scene.directory.path(), m_scene.master.port(),
            [&](FaultMachine& machine, int point) { return tryPoint(machine, journey, point); });
        QVERIFY(points.report("crash points"));
        QVERIFY(points.points() >= kLeastCalls);
    }

    /// A disk on which these versions were installed one after the other, with nothing running.
    fs::path imageOf(const std::string& name, const std::vector<TestPackage>& packages) {
        const auto machine = m_scene.machine(name);
        for (const TestPackage& package : packages) {
            m_scene.master.want(name, installOf(package));
            const auto agent = machine->start();
            const bool arrived = arrives(*machine, *agent, package.manifest.version);
            if (!arrived || agent->end() != 0) throw std::runtime_error(machine->logText());
        }
        return machine->layout().root();
    }

private Q_SLOTS:
    void initTestCase() { m_scene.packages.probeFailures = kPatientProbe; }
    void anInstall() {
        const TestPackage one = m_scene.packages.make("1", "hang");
        walk({"install", imageOf("empty", {}), installOf(one), {"", "1"}, "1"});
    }
    void anUpgrade() {
        const TestPackage zero = m_scene.packages.make("0", "hang");
        const TestPackage one = m_scene.packages.make("1", "hang");
        const TestPackage two = m_scene.packages.make("2", "hang");
        walk({"upgrade", imageOf("old", {zero, one}), installOf(two), {"1", "2"}, "2"});
    }
    void anUninstall() {
        const TestPackage one = m_scene.packages.make("1", "hang");
        walk({"uninstall", imageOf("there", {one}), purgeOf("exporter"), {"", "1"}, ""});
    }
};

}  // namespace ifrit::tests

using ifrit::tests::CrashPointsTest;
QTEST_GUILESS_MAIN(CrashPointsTest)
#include "tst_crash_points.moc"
