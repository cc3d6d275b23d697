// SPDX-License-Identifier: Apache-2.0
// faults.md D1 for ifrit-agent itself: guard and ifrit-agent are killed together before every
// system call of either that changes the disk or a process, on the way to a new version and on the
// way back from a bad one. Whatever is started afterwards must run the old or the new version,
// whole; must arrive where it was going; and the managed agent must run on throughout.
#include <signal.h>

#include <QTest>

#include "tests/fault/fault_points.h"
#include "tests/fault/fault_scene.h"
#include "tests/fault/guarded_machine.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;

/// Mostly they wait for a probation.
constexpr int kWorkers = 20;
constexpr int kKilledCode = 137;
constexpr int kLeastPoints = 40;
constexpr std::chrono::seconds kPatience{120};
/// Each look reads a journal and looks for processes, and all of them look for minutes.
constexpr std::chrono::milliseconds kLongestPause{100};

struct SelfJourney {
    std::string name;
    fs::path image;
    TestPackage wanted;
    std::string arrives;  ///< the version that runs in the end
    bool isBad = false;   ///< and the wanted one is remembered as bad
};

}  // namespace

class SelfCrashPointsTest : public QObject {
    Q_OBJECT

    FaultScene m_scene;
    SelfPackages m_self{m_scene.packages};

    static bool arrives(const GuardedMachine& machine, const SelfJourney& journey) {
        return machine.isSelfSettled(journey.arrives) &&
               machine.record("ifrit-agent").isKnownBad(journey.wanted.digest) == journey.isBad;
    }

    /// True when the kill happened before the journey's end.
    bool cut(const GuardedMachine& machine, const SelfJourney& journey, int point) {
        const auto guard = machine.startGuard(
            injector(machine, {"--kill-at", std::to_string(point), "--follow", "ifrit-agent"}));
        const bool arrived = waitUntil([&] { return guard->poll() || arrives(machine, journey); },
                                       kPatience, kLongestPause) &&
                             !guard->poll();
        if (arrived) guard->signal(SIGTERM);
        const int code = guard->wait();
        if (!arrived && code != kKilledCode)
            throw std::runtime_error("neither killed nor arrived, exit " + std::to_string(code));
        return code == kKilledCode && !arrived;
    }

    /// "" or what is wrong after init has started guard again.
    std::string restart(const GuardedMachine& machine, const SelfJourney& journey) {
        const auto guard = machine.startGuard();
        const bool runs = waitUntil([&] { return !machine.agentVersion().empty(); }, kPatience);
        const std::string version = machine.agentVersion();
        if (!runs || (version != "installed" && version != "2")) return "neither old nor new runs";
        if (!waitUntil([&] { return arrives(machine, journey); }, kPatience, kLongestPause))
            return "does not arrive, but " + machine.agentVersion();
        if (guard->end() != 0) return "guard does not end when asked";
        return machine.selfGarbage();
    }

    FaultPoints::Outcome tryPoint(GuardedMachine& machine, const SelfJourney& journey, int point) {
        machine.killIfrit();
        machine.resetTo(journey.image);
        m_scene.master.enrol(machine.uuid(), machine.layout().root());
        m_scene.master.want(machine.uuid(), installOf(journey.wanted));
        if (!cut(machine, journey, point)) return std::nullopt;
        const std::vector<pid_t> managed = machine.managed();
        const std::string wrong = restart(machine, journey);
        // Killed before it was first started it may not run yet.
        const bool isTouched = !managed.empty() && machine.managed() != managed;
        return wrong.empty() && isTouched ? "the managed agent was touched" : wrong;
    }

    void walk(const SelfJourney& journey) {
        FaultPoints points("D1", journey.name);
        points.walk<GuardedMachine>(
            kWorkers, m_scene.directory.path(), m_scene.master.port(),
            [&](GuardedMachine& machine, int point) { return tryPoint(machine, journey, point); });
        QVERIFY(points.report("crash points"));
        QVERIFY(points.points() >= kLeastPoints);
    }

    /// A disk with the managed agent installed and nothing running.
    fs::path image() {
        const TestPackage exporter = m_scene.packages.make("1", "hang");
        GuardedMachine machine(m_scene.directory.path() / "image", "image", m_scene.master.port());
        m_scene.packages.trustOn(machine.layout().root());
        m_scene.master.enrol("image", machine.layout().root());
        m_scene.master.want("image", installOf(exporter));
        const auto guard = machine.startGuard();
        if (!waitUntil([&] { return machine.isSettled("1"); }, kPatience) || guard->end() != 0)
            throw std::runtime_error(machine.logText());
        return machine.layout().root();
    }

    fs::path m_image;

private Q_SLOTS:
    void initTestCase() {
        m_scene.packages.probeFailures = kPatientProbe;
        m_scene.packages.probeInterval = kSeldomProbed;
        m_image = image();
    }
    void aSelfUpgrade() { walk({"self-upgrade", m_image, m_self.make("2", "", "6s"), "2", false}); }
    void aPutBack() {
        walk({"put-back of ifrit-agent", m_image, m_self.make("2", "crash", "60s"), "installed",
              true});
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SelfCrashPointsTest;
QTEST_GUILESS_MAIN(SelfCrashPointsTest)
#include "tst_self_crash_points.moc"
