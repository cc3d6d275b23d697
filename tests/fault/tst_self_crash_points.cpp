// SPDX-License-Identifier: Apache-2.0
// faults.md D1 for ifrit-agent itself: guard and ifrit-agent are killed together before every
// system call of either that changes the disk or a process, on the way to a new version and on the
// way back from a bad one. Whatever is started afterwards must run the old or the new version,
// whole; must arrive where it was going; and the managed agent must run on throughout.
#include <signal.h>

#include <QTest>
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/agent/support/wait_until.h"
#include "tests/fault/guarded_machine.h"
#include "tests/support/built_programs.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;

/// Mostly they wait for a probation.
constexpr int kWorkers = 20;
constexpr int kKilled = 137;
constexpr int kLeastPoints = 40;
constexpr std::chrono::seconds kPatience{120};
/// Each look reads a journal and looks for processes, and all of them look for minutes.
constexpr std::chrono::milliseconds kLongestPause{100};

struct Journey {
    std::string name;
    fs::path image;
    TestPackage wanted;
    std::string arrives;  ///< the version that runs in the end
    bool isBad = false;   ///< and the wanted one is remembered as bad
};

}  // namespace

class SelfCrashPointsTest : public QObject {
    Q_OBJECT

    FaultDirectory m_directory;
    PackageFactory m_packages{m_directory.path() / "packages", MISBEHAVING_AGENT};
    SelfPackages m_self{m_packages};
    WireMaster m_master{m_packages.directory()};
    std::mutex m_mutex;
    QStringList m_failures;

    static std::string report(const GuardedMachine& machine) {
        return machine.logFile() + ".changes";
    }
    static bool arrives(const GuardedMachine& machine, const Journey& journey) {
        return machine.isSelfSettled(journey.arrives) &&
               machine.record("ifrit-agent").isKnownBad(journey.wanted.digest) == journey.isBad;
    }
    static std::vector<std::string> injector(const GuardedMachine& machine, int point) {
        return {built("tests/fault_injector"),
                "--root",
                machine.layout().root(),
                "--report",
                report(machine),
                "--kill-at",
                std::to_string(point),
                "--follow",
                "ifrit-agent",
                "--"};
    }

    /// True when the kill happened before the journey's end.
    bool cut(const GuardedMachine& machine, const Journey& journey, int point) {
        const auto guard = machine.startGuard(injector(machine, point));
        const bool arrived = waitUntil([&] { return guard->poll() || arrives(machine, journey); },
                                       kPatience, kLongestPause) &&
                             !guard->poll();
        if (arrived) guard->signal(SIGTERM);
        const int code = guard->wait();
        if (!arrived && code != kKilled)
            throw std::runtime_error("neither killed nor arrived, exit " + std::to_string(code));
        return code == kKilled && !arrived;
    }

    /// "" or what is wrong after init has started guard again.
    std::string restart(const GuardedMachine& machine, const Journey& journey) {
        const auto guard = machine.startGuard();
        const bool runs = waitUntil([&] { return !machine.agentVersion().empty(); }, kPatience);
        const std::string version = machine.agentVersion();
        if (!runs || (version != "installed" && version != "2")) return "neither old nor new runs";
        if (!waitUntil([&] { return arrives(machine, journey); }, kPatience, kLongestPause))
            return "does not arrive, but " + machine.agentVersion();
        if (guard->end() != 0) return "guard does not end when asked";
        return machine.selfGarbage();
    }

    bool tryPoint(GuardedMachine& machine, const Journey& journey, int point) {
        machine.killIfrit();
        machine.resetTo(journey.image);
        m_master.enrol(machine.uuid(), machine.layout().root());
        m_master.want(machine.uuid(), installOf(journey.wanted));
        std::string wrong;
        try {
            if (!cut(machine, journey, point)) return false;
            const std::vector<pid_t> managed = machine.managed();
            wrong = restart(machine, journey);
            // Killed before it was first started it may not run yet.
            if (wrong.empty() && !managed.empty() && machine.managed() != managed)
                wrong = "the managed agent was touched";
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
                GuardedMachine machine(m_directory.path() / uuid, uuid, m_master.port());
                for (int point = next++; point < end; point = next++)
                    if (!tryPoint(machine, journey, point)) end = std::min<int>(end, point);
            });
        }
        for (std::thread& worker : workers)
            worker.join();
        const int points = end - 1;
        printFaultRow("D1", journey.name, points - int(m_failures.size()), points, "crash points");
        for (const QString& failure : m_failures)
            std::fputs(qPrintable(failure), stderr);
        QVERIFY(m_failures.isEmpty());
        QVERIFY(points >= kLeastPoints);
    }

    /// A disk with the managed agent installed and nothing running.
    fs::path image() {
        const TestPackage exporter = m_packages.make("1", "hang");
        GuardedMachine machine(m_directory.path() / "image", "image", m_master.port());
        m_packages.trustOn(machine.layout().root());
        m_master.enrol("image", machine.layout().root());
        m_master.want("image", installOf(exporter));
        const auto guard = machine.startGuard();
        if (!waitUntil([&] { return machine.isSettled("1"); }, kPatience) || guard->end() != 0)
            throw std::runtime_error(machine.logText());
        return machine.layout().root();
    }

    fs::path m_image;

private Q_SLOTS:
    void initTestCase() {
        m_packages.probeFailures = kPatientProbe;
        m_packages.probeInterval = kSeldomProbed;
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
