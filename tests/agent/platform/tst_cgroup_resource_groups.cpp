// SPDX-License-Identifier: Apache-2.0
// Against a model of the kernel's rules, and against the kernel where it lets us.
#include <signal.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "agent/platform/linux/cgroup_resource_groups.h"
#include "agent/platform/posix/small_file.h"
#include "tests/agent/support/fake_cgroups.h"
#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent::platform;
using tests::FakeCgroups;

namespace {

constexpr char kBase[] = "/system.slice/ifrit-agents.service";
constexpr char kGroup[] = "/system.slice/ifrit-agents.service/agent-log";
const GroupLimits kLimits{64 * 1024 * 1024, 150, 32};

/// A machine on which systemd gives these controllers to the services.
std::unique_ptr<FakeCgroups> startedUnit(const std::set<std::string>& controllers) {
    auto files = std::make_unique<FakeCgroups>(controllers);
    files->groups["/system.slice"].handedDown = controllers;
    return files;
}

ProcessId process(int pid) {
    return {pid, 1, "boot"};
}

/// How the one watched process ends.
std::optional<ExitStatus> endOf(const Platform& platform) {
    std::optional<ExitStatus> status;
    tests::waitUntil([&] {
        for (const ExitNotice& notice : platform.exits->wait(std::chrono::milliseconds(100)))
            status = notice.status;
        return status.has_value();
    });
    return status;
}

/// Takes the groups that a test made in the kernel away again.
class KernelBase {
public:
    KernelBase() {
        const std::string mounted =
            cgroupMountPoint(readSmallFile("/proc/self/mountinfo").value_or(""));
        if (mounted.empty()) return;
        m_files = kernelCgroupFiles(mounted);
        m_path = "/ifrit-test-" + std::to_string(::getpid());
        if (!m_files->make(m_path).ok()) m_path.clear();
        m_mount = mounted;
    }
    ~KernelBase() {
        if (m_path.empty()) return;
        for (const std::string& child : m_files->children(m_path))
            tests::waitUntil([&] { return m_files->remove(m_path + '/' + child).ok(); });
        m_files->remove(m_path).IgnoreError();
    }
    bool isThere() const { return !m_path.empty(); }
    const std::string& path() const { return m_path; }
    std::unique_ptr<CgroupFiles> files() const { return kernelCgroupFiles(m_mount); }

private:
    std::unique_ptr<CgroupFiles> m_files;
    std::string m_mount;
    std::string m_path;
};

}  // namespace

class CgroupResourceGroupsTest : public QObject {
    Q_OBJECT

    FakeCgroups* m_files = nullptr;  ///< of m_groups
    std::unique_ptr<CgroupResourceGroups> m_groups;

    void open(std::unique_ptr<FakeCgroups> files) {
        m_files = files.get();
        auto opened = CgroupResourceGroups::open(std::move(files), kBase);
        QVERIFY2(opened.ok(), opened.status().ToString().c_str());
        m_groups = *std::move(opened);
    }
    std::string text(const std::string& file) const {
        return m_files->read(kGroup, file).value_or("(none)");
    }

private Q_SLOTS:
    void findsTheMountAndTheGroup() {
        const char kHybrid[] =
            "30 22 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n"
            "31 30 0:27 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw\n"
            "32 30 0:28 / /sys/fs/cgroup/pids rw shared:10 - cgroup cgroup rw,pids\n";
        QCOMPARE(cgroupMountPoint(kHybrid), std::string("/sys/fs/cgroup/unified"));
        QCOMPARE(cgroupMountPoint("40 1 0:27 /docker/5 /sys/fs/cgroup rw - cgroup2 cgroup rw\n"),
                 std::string());
        QCOMPARE(cgroupMountPoint("31 30 0:27 / /x rw - tmpfs tmpfs rw\n"), std::string());
        QCOMPARE(cgroupOf("4:memory:/a\n0::/system.slice/b.service\n"),
                 std::string("/system.slice/b.service"));
        QCOMPARE(cgroupOf("4:memory:/a\n"), std::string());
    }

    void takesTheUnitBesideItsOwn() {
        const auto reason = [](const std::string& own, const std::string& unit) {
            return base::errorInfo(CgroupResourceGroups::baseBeside(own, unit).status()).reason;
        };
        const std::string guard = "/system.slice/ifrit-guard.service";
        QCOMPARE(CgroupResourceGroups::baseBeside(guard, "ifrit-agents.service").value(),
                 std::string(kBase));
        QCOMPARE(CgroupResourceGroups::baseBeside("/a/b/ifrit-guard.service", "x").value(),
                 std::string("/a/b/x"));
        QCOMPARE(reason(guard, ""), std::string("NO_CGROUP"));
        for (const char* other : {"", "/", "/user.slice", "/x-ifrit-guard.service"})
            QCOMPARE(reason(other, "ifrit-agents.service"), std::string("NO_CGROUP"));
    }

    void handsControllersDown() {
        open(startedUnit({"cpu", "memory", "pids", "io"}));
        QVERIFY((m_groups->controllers() == std::set<std::string>{"cpu", "memory", "pids"}));
        QVERIFY(
            (m_files->groups[kBase].handedDown == std::set<std::string>{"cpu", "memory", "pids"}));
    }

    /// Somebody put processes where there may be none: then nothing can be handed down.
    void watchesWhereTheBaseIsInUse() {
        auto files = startedUnit({"cpu", "memory", "pids"});
        QVERIFY(files->make(kBase).ok());
        files->groups[kBase].pids = {7};
        open(std::move(files));
        QVERIFY(m_groups->controllers().empty());
        QVERIFY(m_groups->prepare("log", kLimits).value() == HeldLimits());
        QVERIFY((m_files->groups[kBase].pids == std::set<int>{7}));
    }

    void setsLimits() {
        open(startedUnit({"cpu", "memory", "pids"}));
        const auto held = m_groups->prepare("log", kLimits);
        QVERIFY(held.ok());
        QVERIFY((*held == HeldLimits{true, true, true}));
        QCOMPARE(text("memory.max"), std::string("67108864\n"));
        QCOMPARE(text("memory.swap.max"), std::string("0\n"));
        QCOMPARE(text("memory.oom.group"), std::string("1\n"));
        QCOMPARE(text("cpu.max"), std::string("150000 100000\n"));
        QCOMPARE(text("pids.max"), std::string("32\n"));
        // The next version has none: what the one before had must go.
        QVERIFY(m_groups->prepare("log", {}).value() == HeldLimits());
        QCOMPARE(text("memory.max"), std::string("max\n"));
        QCOMPARE(text("cpu.max"), std::string("max 100000\n"));
        QCOMPARE(text("pids.max"), std::string("max\n"));
    }

    void holdsWhatItsControllersCan() {
        open(startedUnit({"pids"}));
        QVERIFY((m_groups->prepare("log", kLimits).value() == HeldLimits{false, false, true}));
        open(startedUnit({}));
        QVERIFY(m_groups->prepare("log", kLimits).value() == HeldLimits());
    }

    void countsItsMembers() {
        open(startedUnit({"cpu", "memory", "pids"}));
        QVERIFY(!m_groups->usage("log"));
        QVERIFY(m_groups->isEmpty("log"));
        QVERIFY(m_groups->prepare("log", kLimits).ok());
        QVERIFY(m_groups->add("log", process(99)).ok());
        QVERIFY(m_groups->holds("log", process(99)));
        QVERIFY(!m_groups->holds("log", process(9)));
        QVERIFY(!m_groups->isEmpty("log"));
        auto& files = m_files->groups[kGroup].files;
        files["cpu.stat"] = "usage_usec 1500\nuser_usec 900\nnr_throttled 2\nthrottled_usec 70\n";
        files["memory.events"] = "low 0\noom 1\noom_kill 3\noom_group_kill 1\n";
        files["pids.events"] = "max 4\n";
        const auto usage = m_groups->usage("log");
        QVERIFY(usage->cpuTime == std::chrono::microseconds(1500));
        QVERIFY(usage->throttled == std::chrono::microseconds(70));
        QCOMPARE(usage->memoryKills, std::uint64_t{3});
        QCOMPARE(usage->tasksRefused, std::uint64_t{4});
        m_groups->remove("log");
        QVERIFY(!m_groups->isEmpty("log"));
        QVERIFY(m_groups->killAll("log").ok());
        QVERIFY(m_groups->isEmpty("log"));
        m_groups->remove("log");
        QCOMPARE(m_files->groups.count(kGroup), std::size_t{0});
    }

    /// As systemd does when somebody restarts the unit while agents run: takes the controllers
    /// back.
    void comesBackAfterTheUnitsRestart() {
        open(startedUnit({"cpu", "memory", "pids"}));
        QVERIFY(m_groups->prepare("log", kLimits).ok());
        QVERIFY(m_groups->add("log", process(99)).ok());
        auto files = std::make_unique<FakeCgroups>(*m_files);
        for (const char* controller : {"-cpu", "-memory", "-pids"})
            QVERIFY(files->write(kBase, "cgroup.subtree_control", controller).ok());
        files->groups[std::string(kBase) + "/agent-gone"];
        open(std::move(files));
        QVERIFY(m_groups->holds("log", process(99)));
        QCOMPARE(m_files->groups.count(std::string(kBase) + "/agent-gone"), std::size_t{0});
        // What it had before is in no count any more, so memory has to be watched.
        QVERIFY((m_groups->prepare("log", kLimits).value() == HeldLimits{false, true, true}));
        QCOMPARE(text("memory.max"), std::string("67108864\n"));
    }

    /// Guard started ifrit-agent anew, nothing else happened.
    void comesBackAfterItsOwnEnd() {
        open(startedUnit({"cpu", "memory", "pids"}));
        QVERIFY(m_groups->prepare("log", kLimits).ok());
        QVERIFY(m_groups->add("log", process(99)).ok());
        open(std::make_unique<FakeCgroups>(*m_files));
        QVERIFY((m_groups->prepare("log", kLimits).value() == HeldLimits{true, true, true}));
    }

    void inTheKernelAMemberThatGotAwayIsKilled() {
        const KernelBase base;
        // Where there is no control group to be had, the model above is all there is.
        if (!base.isThere()) return;
        auto opened = CgroupResourceGroups::open(base.files(), base.path());
        QVERIFY2(opened.ok(), opened.status().ToString().c_str());
        auto& groups = **opened;
        const auto held = groups.prepare("log", kLimits);
        QVERIFY2(held.ok(), held.status().ToString().c_str());
        QCOMPARE(held->memory, groups.controllers().count("memory") > 0);

        const auto platform = makePlatform();
        QVERIFY(platform.ok());
        QTemporaryDir directory;
        LaunchSpec spec;
        spec.command = {tests::misbehavingAgent(), "double-fork"};
        spec.outputFile = directory.filePath(QStringLiteral("out")).toStdString();
        const auto leader = platform->launcher->launch(
            spec, [&](const ProcessId& begun) { return groups.add("log", begun); });
        QVERIFY2(leader.ok(), leader.status().ToString().c_str());
        QVERIFY(groups.holds("log", *leader));
        const int daemon = std::stoi(tests::awaitWord(spec.outputFile, "daemon"));
        const auto escaped = platform->processes->identify(daemon);
        QVERIFY(escaped.ok());
        QVERIFY(groups.holds("log", *escaped));  // in a session of its own, and still here
        QVERIFY(groups.usage("log")->cpuTime.count() > 0);
        QVERIFY(groups.killAll("log").ok());
        QVERIFY(tests::waitUntil([&] { return groups.isEmpty("log"); }));
        QVERIFY(tests::waitUntil([&] { return !platform->processes->isAlive(*escaped); }));
        QVERIFY(platform->exits->watch(*leader).ok());
        QVERIFY(endOf(*platform).has_value());
        platform->exits->release(*leader);
        groups.remove("log");
        QVERIFY(!groups.usage("log"));
    }

    /// As on kernels before 5.14.
    void withoutTheKernelsKillEachIsKilled() {
        auto files = startedUnit({});
        files->hasKill = false;
        open(std::move(files));
        QVERIFY(m_groups->prepare("log", kLimits).ok());
        const auto platform = makePlatform();
        QVERIFY(platform.ok());
        LaunchSpec spec;
        spec.command = {tests::misbehavingAgent(), "ignore-term"};
        const auto victim = platform->launcher->launch(spec);
        QVERIFY(victim.ok());
        QVERIFY(m_groups->add("log", *victim).ok());
        QVERIFY(platform->exits->watch(*victim).ok());
        QVERIFY(m_groups->killAll("log").ok());
        const auto ended = endOf(*platform);
        QVERIFY(ended.has_value());
        QCOMPARE(ended->code, SIGKILL);
        platform->exits->release(*victim);
    }
};

QTEST_GUILESS_MAIN(CgroupResourceGroupsTest)
#include "tst_cgroup_resource_groups.moc"
