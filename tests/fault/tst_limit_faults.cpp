// SPDX-License-Identifier: Apache-2.0
// faults.md D5: a managed agent that takes more than its package allows, by the real ifrit-agent,
// with its limits watched and, where this machine has a control group to give, held by the kernel.
// Within how many looks is a matter of tst_resource_guard and tst_supervisor, which have the time
// in hand.
#include <signal.h>
#include <unistd.h>

#include <QTest>
#include <fstream>

#include "agent/platform/linux/cgroup_files.h"
#include "agent/platform/posix/small_file.h"
#include "agent/reconcile/reasons.h"
#include "tests/fault/fault_scene.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace fs = std::filesystem;
using agent::platform::CgroupFiles;

namespace {

constexpr char kLimitedAgent[] = "exporter";
constexpr char kWatched[] = "[limits]\ncgroup = \"off\"\nsample_interval_ms = 200\n";

/// A group of the kernel for one machine; what is in it goes with it.
class KernelGroup {
public:
    explicit KernelGroup(const std::string& name) : m_path("/ifrit-" + name) {
        const std::string mount = agent::platform::cgroupMountPoint(
            agent::platform::readSmallFile("/proc/self/mountinfo").value_or(""));
        if (mount.empty()) return;
        m_files = agent::platform::kernelCgroupFiles(mount);
        if (!m_files->make(m_path).ok()) m_files.reset();
    }
    ~KernelGroup() {
        if (!m_files) return;
        for (const std::string& child : m_files->children(m_path)) {
            m_files->write(m_path + '/' + child, "cgroup.kill", "1").IgnoreError();
            waitUntil([&] { return m_files->remove(m_path + '/' + child).ok(); });
        }
        m_files->remove(m_path).IgnoreError();
    }
    KernelGroup(const KernelGroup&) = delete;
    KernelGroup& operator=(const KernelGroup&) = delete;

    bool isThere() const { return m_files != nullptr; }
    std::string setting() const {
        return fmt::format("[limits]\ncgroup = \"{}\"\nsample_interval_ms = 200\n", m_path);
    }
    bool holds(const std::string& controller) const {
        const auto given = m_files->read(m_path, "cgroup.subtree_control");
        return given.ok() && given->find(controller) != std::string::npos;
    }
    std::string members() const { return ofAgent("cgroup.procs"); }
    std::string ofAgent(const std::string& file) const {
        return m_files->read(m_path + "/agent-" + kLimitedAgent, file).value_or("");
    }

private:
    std::string m_path;
    std::unique_ptr<CgroupFiles> m_files;
};

struct Excess {
    const char* name;
    const char* behaviour;
    const char* limit;  ///< of package.toml
    const char* words;  ///< in the event
    // Where the kernel holds it:
    const char* controller;
    const char* file;
    const char* value;
    const char* event;
    const char* eventWords;
};

constexpr Excess kExcesses[] = {
    {"memory", "allocate 300", "memory_bytes = 67108864", "memory", "memory", "memory.max",
     "67108864", "killed", "came over its memory limit"},
    {"processor", "spin", "cpu_percent = 20", "limit is 20 %", "cpu", "cpu.max", "20000 100000",
     "throttled", ""},
    {"processes", "fork 40", "pids = 20", "processes and threads", "pids", "pids.max", "20",
     "tasks-refused", ""},
};

}  // namespace

class LimitFaultsTest : public QObject {
    Q_OBJECT

    FaultScene m_scene;
    std::unique_ptr<FaultMachine> m_machine;
    int m_tried = 0;
    int m_held = 0;
    struct Count {
        int tried = 0;
        int held = 0;
    };
    Count m_kernel;   ///< limits that the kernel was told of
    Count m_watched;  ///< and that it takes no word of

    std::string uuid() const { return "m" + std::to_string(m_tried); }
    TestPackage package(const std::string& version, const std::string& behaviour,
                        const std::string& limit) const {
        return m_scene.packages.make(version, behaviour, "", "[limits]\n" + limit + '\n');
    }
    std::unique_ptr<ChildProcess> started(const std::string& more, const TestPackage& package) {
        m_machine = m_scene.machine(uuid(), more);
        m_scene.master.want(uuid(), installOf(package));
        return m_machine->start();
    }
    std::string happened(const std::string& kind, const std::string& words = "") const {
        return m_scene.master.event(uuid(), kind, words).message;
    }
    bool isWaiting() const {
        std::ostringstream output;
        output << std::ifstream(m_machine->layout().log(kLimitedAgent)).rdbuf();
        return output.str().find("waiting") != std::string::npos;
    }
    void eachExcess() {
        QTest::addColumn<int>("which");
        for (int i = 0; i < int(std::size(kExcesses)); ++i)
            QTest::newRow(kExcesses[i].name) << i;
    }

private Q_SLOTS:
    void initTestCase() { m_scene.packages.probeFailures = kPatientProbe; }
    void init() { ++m_tried; }
    void cleanup() {
        if (!QTest::currentTestFailed()) {
            ++m_held;
        } else if (m_machine) {
            std::fputs(m_machine->logText().c_str(), stderr);
        }
        m_machine.reset();
    }
    void cleanupTestCase() {
        printFaultRow("D5", "killed or held, and reported", m_held, m_tried, "excesses");
        // Only what the kernel itself said is its own: elsewhere the same limit was watched.
        if (m_kernel.tried > 0)
            printFaultRow("D5", "held by the kernel", m_kernel.held, m_kernel.tried, "limits");
        if (m_watched.tried > 0)
            printFaultRow("D5", "watched, the kernel gives no controller", m_watched.held,
                          m_watched.tried, "limits");
    }

    void inItsProbationItIsPutBack_data() { eachExcess(); }
    void inItsProbationItIsPutBack() {
        QFETCH(const int, which);
        const Excess& excess = kExcesses[which];
        m_scene.packages.probation = "20s";  // it is noticed long before
        const TestPackage bad = package("2", excess.behaviour, excess.limit);
        m_scene.packages.probation = "200ms";
        const TestPackage good = package("1", "hang", excess.limit);
        const auto agent = started(kWatched, good);
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        m_scene.master.want(uuid(), installOf(bad));
        // The master is only asked again in two minutes, so it is told by a new life.
        QCOMPARE(agent->end(), 0);
        const auto next = m_machine->start();
        QVERIFY(waitUntil([&] { return !happened("reverted").empty(); }));
        QVERIFY2(happened("reverted").find(agent::reconcile::kLimitExceeded) != std::string::npos,
                 happened("reverted").c_str());
        QVERIFY(!happened("killed", excess.words).empty());
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        QVERIFY(waitUntil([&] {
            const auto report = m_scene.master.report(uuid(), kLimitedAgent);
            return report.state == domain::MachineState::Reverted && report.knownBad.size() == 1;
        }));
        QCOMPARE(next->end(), 0);
        QVERIFY(m_machine->inconsistency().empty());
    }

    void laterItIsKilledAndStartedAgain_data() { eachExcess(); }
    void laterItIsKilledAndStartedAgain() {
        QFETCH(const int, which);
        const Excess& excess = kExcesses[which];
        const auto agent =
            started(kWatched, package("1", std::string("later ") + excess.behaviour, excess.limit));
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1") && isWaiting(); }));
        const auto before = m_machine->record().process;
        ::kill(before->process.pid, SIGUSR1);
        QVERIFY(waitUntil([&] { return !happened("killed", excess.words).empty(); }));
        QVERIFY(waitUntil(
            [&] { return m_machine->isSettled("1") && m_machine->record().process != before; }));
        QVERIFY(
            waitUntil([&] { return m_scene.master.report(uuid(), kLimitedAgent).restarts == 1; }));
        QCOMPARE(agent->end(), 0);
        QVERIFY(m_machine->inconsistency().empty());
    }

    /// With whatever controllers this machine's kernel gives to a group: what it was told is read
    /// back, and only its own word counts. Where it gives none, the same agent is watched.
    void withAGroupOfTheKernel_data() { eachExcess(); }
    void withAGroupOfTheKernel() {
        QFETCH(const int, which);
        const Excess& excess = kExcesses[which];
        const KernelGroup group("test-" + std::to_string(::getpid()) + '-' + uuid());
        const auto agent =
            started(group.isThere() ? group.setting() : kWatched,
                    package("1", std::string("later ") + excess.behaviour, excess.limit));
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1") && isWaiting(); }));
        const auto before = m_machine->record().process;
        if (group.isThere()) QCOMPARE(group.members(), std::to_string(before->process.pid) + '\n');
        const bool isHeld = group.isThere() && group.holds(excess.controller);
        if (isHeld) QCOMPARE(group.ofAgent(excess.file), std::string(excess.value) + '\n');
        Count& count = isHeld ? m_kernel : m_watched;
        ++count.tried;
        ::kill(before->process.pid, SIGUSR1);
        QVERIFY(waitUntil([&] {
            return isHeld ? !happened(excess.event, excess.eventWords).empty()
                          : !happened("killed", excess.words).empty();
        }));
        QCOMPARE(agent->end(), 0);
        ++count.held;
    }

    /// It left its session; its group it cannot leave, and its environment names it.
    void whatGotAwayEndsWithItsGroup() {
        const KernelGroup group("test-" + std::to_string(::getpid()) + '-' + uuid());
        const auto agent = started(group.isThere() ? group.setting() : kWatched,
                                   package("1", "double-fork", "pids = 20"));
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        QVERIFY(waitUntil([&] { return m_machine->managed().size() == 2; }));
        m_scene.master.want(uuid(), purgeOf(kLimitedAgent));
        QCOMPARE(agent->end(), 0);
        const auto next = m_machine->start();
        // Killed; that they are gone is the kernel's to say.
        QVERIFY(
            waitUntil([&] { return m_machine->isSettled("") && m_machine->managed().empty(); }));
        QCOMPARE(next->end(), 0);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::LimitFaultsTest;
QTEST_GUILESS_MAIN(LimitFaultsTest)
#include "tst_limit_faults.moc"
