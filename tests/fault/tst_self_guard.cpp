// SPDX-License-Identifier: Apache-2.0
// faults.md E1 and E2 with real programs: a guard, an ifrit-agent that upgrades itself, a managed
// agent that must not notice, and a master on the wire.
#include <signal.h>

#include <QTest>
#include <functional>
#include <mutex>
#include <regex>
#include <thread>

#include "agent/guard/hang_watch.h"
#include "tests/agent/support/wait_until.h"
#include "tests/fault/guarded_machine.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {
namespace {

using std::chrono::seconds;

constexpr seconds kPatience{180};
/// What E2 promises, of the time that we let pass on purpose. What a machine that many work on at
/// once takes for the rest is not ours, and no test can bound it.
constexpr std::chrono::milliseconds kBack{5'000};
/// And of the whole time, from the kill until the process table has them: three times as much, for
/// a machine that is busy with other tests. The row says how long it did take.
constexpr std::chrono::milliseconds kBackByTheClock{15'000};

struct BadVersion {
    const char* version;
    const char* behaviour;
    const char* probation;
    const char* limits;
    const char* reason;
};

constexpr BadVersion kBad[] = {
    {"11", "crash", "60s", "", "EXITED_AT_START"},
    {"12", "crash-after 5000", "60s", "", "EXITED_AT_START"},
    {"13", "hang", "8s", "", "HUNG"},
    {"14", "no-master", "20s", "", "MASTER_NOT_REACHED"},
    {"15", "spin", "40s", "cpu_percent = 5\n", "LIMIT_EXCEEDED"},
    {"16", "cannot-read", "60s", "", "EXITED_AT_START"},
};

struct Killed {
    const char* name;
    bool agent;
    bool guard;
};

/// How long guard and ifrit-agent chose to wait before they started each other again, by their own
/// words: guard's back-off, and how often ifrit-agent, which looks once a second, found no guard.
/// nullopt: there are no such words.
std::optional<std::chrono::milliseconds> chosenWait(const std::string& log) {
    static const std::regex kWords("restart in ([0-9]+) ms|after ([0-9]+) looks for it");
    if (!std::regex_search(log, kWords)) return std::nullopt;
    std::chrono::milliseconds sum{0};
    for (std::sregex_iterator at(log.begin(), log.end(), kWords), end; at != end; ++at) {
        if ((*at)[1].matched) sum += std::chrono::milliseconds(std::stoi((*at)[1]));
        if ((*at)[2].matched) sum += seconds(std::stoi((*at)[2]));
    }
    return sum;
}

/// The last guard is one that ifrit-agent started, or init's again.
constexpr Killed kKilled[] = {{"agent", true, false},
                              {"guard", false, true},
                              {"both", true, true},
                              {"guard again", false, true}};

}  // namespace

class SelfGuardTest : public QObject {
    Q_OBJECT

    FaultDirectory m_directory;
    PackageFactory m_packages{m_directory.path() / "packages", MISBEHAVING_AGENT};
    SelfPackages m_self{m_packages};
    WireMaster m_master{m_packages.directory()};
    TestPackage m_exporter;
    std::mutex m_mutex;
    QStringList m_failures;
    std::chrono::milliseconds m_longestBack{0};

    std::unique_ptr<GuardedMachine> machine(const std::string& uuid) {
        auto made =
            std::make_unique<GuardedMachine>(m_directory.path() / uuid, uuid, m_master.port());
        m_packages.trustOn(made->layout().root());
        m_master.enrol(uuid, made->layout().root());
        m_master.want(uuid, installOf(m_exporter));
        return made;
    }
    void note(const GuardedMachine& machine, const std::string& what, const std::string& wrong) {
        const std::lock_guard lock(m_mutex);
        m_failures << QString::fromStdString(what + ": " + wrong + '\n' + machine.logText());
    }
    bool check(const char* row, const std::string& what, int total) {
        printFaultRow(row, what, total - int(m_failures.size()), total, "cases");
        for (const QString& failure : m_failures)
            std::fputs(qPrintable(failure), stderr);
        return m_failures.isEmpty();
    }

    /// Until the master has been told by the version that runs, which polls when it starts.
    bool isReported(const std::string& uuid, const BadVersion& bad) const {
        const domain::AgentReport report = m_master.report(uuid, "ifrit-agent");
        return report.state == domain::MachineState::Reverted && report.lastError &&
               report.lastError->reason == bad.reason && report.runningVersion == "10";
    }

    std::string tryBad(GuardedMachine& machine, const TestPackage& good, const TestPackage& package,
                       const BadVersion& bad) {
        const auto guard = machine.startGuard();
        if (!waitUntil([&] { return machine.isSettled("1"); }, kPatience)) return "exporter";
        const std::vector<pid_t> managed = machine.managed();
        m_master.want(machine.uuid(), installOf(good));
        restartPoll(machine);
        if (!waitUntil([&] { return machine.isSelfSettled("10"); }, kPatience))
            return "the good version does not stay";
        m_master.want(machine.uuid(), installOf(package));
        restartPoll(machine);
        const auto isBack = [&] {
            return machine.record("ifrit-agent").isKnownBad(package.digest) &&
                   machine.isSelfSettled("10") && isReported(machine.uuid(), bad);
        };
        if (!waitUntil(isBack, kPatience)) return "it is not put back";
        const auto downloads = m_master.downloads(machine.uuid()).size();
        const pid_t before = machine.agentPid();
        restartPoll(machine);
        // Remembered also by the next life, which is told to run it again.
        if (!waitUntil([&] { return machine.agentPid() != before && machine.isSelfSettled("10"); },
                       kPatience))
            return "the good version does not come back";
        const int polls = m_master.syncs(machine.uuid());
        if (!waitUntil([&] { return m_master.syncs(machine.uuid()) > polls; }, kPatience))
            return "no poll";
        if (m_master.downloads(machine.uuid()).size() != downloads) return "it is tried again";
        if (machine.managed() != managed) return "the managed agent was touched";
        return guard->end() == 0 ? "" : "guard does not end";
    }
    /// Masters of this kind are polled rarely: a restart of ifrit-agent polls at once.
    static void restartPoll(const GuardedMachine& machine) {
        if (const pid_t pid = machine.agentPid(); pid != 0) ::kill(pid, SIGTERM);
    }

    /// Ends what `pids` names; "" when `isBack` holds after no longer a wait than is promised. A
    /// start by guard or ifrit-agent has to be in the log then: `starts` are the words for it, and
    /// for how long it waited before, unless nobody was left who could have waited.
    std::string endAndWait(const GuardedMachine& machine, const std::vector<pid_t>& pids,
                           const char* starts, const std::function<bool()>& isBack) {
        const std::size_t before = machine.logText().size();
        const auto since = [&] { return machine.logText().substr(before); };
        const auto killed = std::chrono::steady_clock::now();
        for (const pid_t pid : pids)
            ::kill(pid, SIGKILL);
        if (!waitUntil(isBack, kPatience)) return "not back";
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - killed);
        m_longestBack = std::max(m_longestBack, took);
        if (took > kBackByTheClock) return fmt::format("back after {} ms", took.count());
        // The word comes just after the deed.
        if (!waitUntil([&] { return since().find(starts) != std::string::npos; }, kPatience))
            return "nobody says that it was started";
        const auto waited = chosenWait(since());
        const bool somebodyWaited = pids.size() == 1;
        if (!waited) return somebodyWaited ? "nobody says how long it was waited" : "";
        return *waited <= kBack ? "" : fmt::format("back after a wait of {} ms", waited->count());
    }

private Q_SLOTS:
    void initTestCase() {
        m_packages.probeFailures = kPatientProbe;
        m_packages.probeInterval = kSeldomProbed;
        m_exporter = m_packages.make("1", "hang");
    }
    void init() { m_failures.clear(); }

    void badVersionsArePutBack() {
        const TestPackage good = m_self.make("10", "", "4s");
        std::vector<std::thread> workers;
        std::vector<std::unique_ptr<GuardedMachine>> machines;
        for (const BadVersion& bad : kBad) {
            const TestPackage package =
                m_self.make(bad.version, bad.behaviour, bad.probation, bad.limits);
            machines.push_back(machine("e1-" + std::string(bad.version)));
            GuardedMachine& one = *machines.back();
            workers.emplace_back([&, package] {
                std::string wrong;
                try {
                    wrong = tryBad(one, good, package, bad);
                } catch (const std::exception& error) {
                    wrong = error.what();
                }
                if (!wrong.empty()) note(one, bad.behaviour, wrong);
            });
        }
        for (std::thread& worker : workers)
            worker.join();
        QVERIFY(check("E1", "bad versions of ifrit-agent put back", int(std::size(kBad))));
    }

    void whatIsKilledComesBack() {
        const auto one = machine("e2");
        auto guard = one->startGuard();
        QVERIFY(waitUntil([&] { return one->isSettled("1"); }, kPatience));
        const std::vector<pid_t> managed = one->managed();
        for (const Killed& killed : kKilled) {
            const pid_t agent = one->agentPid();
            const pid_t guarding = one->guardPid();
            QVERIFY2(agent != 0 && guarding != 0,
                     fmt::format("before {}: {} guards {}\n{}", killed.name, guarding, agent,
                                 one->logText())
                         .c_str());
            std::vector<pid_t> pids;
            if (killed.agent) pids.push_back(agent);
            if (killed.guard) pids.push_back(guarding);
            const bool both = killed.agent && killed.guard;
            const int polls = m_master.syncs(one->uuid());
            const char* const starts = killed.agent ? "as process" : "looks for it";
            const std::string wrong = endAndWait(*one, pids, starts, [&] {
                guard->poll();
                if (both && guard->poll()) guard = one->startGuard();  // as init
                const pid_t agentNow = one->agentPid();
                const pid_t guardNow = one->guardPid();
                // One that is begun while the killed one still has the lock ends at once, and is no
                // ifrit-agent that could start a guard: one that has polled is.
                const bool works = !killed.agent || m_master.syncs(one->uuid()) > polls;
                return agentNow != 0 && guardNow != 0 && (agentNow != agent) == killed.agent &&
                       (guardNow != guarding) == killed.guard && works;
            });
            if (!wrong.empty()) note(*one, killed.name, wrong);
            if (one->managed() != managed) note(*one, killed.name, "the managed agent was touched");
        }
        QVERIFY(check("E2",
                      fmt::format("agent, guard, both killed; back after {} ms at most",
                                  m_longestBack.count()),
                      int(std::size(kKilled))));
        // A guard of init's takes over from the one that ifrit-agent started.
        const pid_t agent = one->agentPid();
        const pid_t standIn = one->guardPid();
        const auto fromInit = one->startGuard();
        QVERIFY(waitUntil([&] { return one->guardPid() == fromInit->pid(); }, kPatience));
        QVERIFY(fromInit->pid() != standIn);
        QCOMPARE(one->agentPid(), agent);
        QCOMPARE(fromInit->end(), 0);
        QVERIFY(one->managed() == managed);
    }

    void anAgentThatHangsIsStartedAgain() {
        const auto one = machine("e6");
        const auto guard = one->startGuard({}, {"--hung-after", "25"});
        QVERIFY(waitUntil([&] { return one->isSettled("1"); }, kPatience));
        const std::vector<pid_t> managed = one->managed();
        const pid_t hung = one->agentPid();
        QVERIFY(hung != 0);
        // Stopped, it neither turns nor ends; and one that never turned would not be judged.
        const agent::guard::Beat beat(one->layout().root());
        const auto first = beat.stamp();
        QVERIFY(waitUntil([&] { return beat.stamp() != first; }, kPatience));
        ::kill(hung, SIGSTOP);
        const auto isBack = [&] {
            const pid_t now = one->agentPid();
            return now != 0 && now != hung;
        };
        if (!waitUntil(isBack, kPatience)) note(*one, "stopped", "not back");
        if (one->managed() != managed) note(*one, "stopped", "the managed agent was touched");
        QVERIFY(check("E6", "ifrit-agent that hangs is started again", 1));
        QCOMPARE(guard->end(), 0);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SelfGuardTest;
QTEST_GUILESS_MAIN(SelfGuardTest)
#include "tst_self_guard.moc"
