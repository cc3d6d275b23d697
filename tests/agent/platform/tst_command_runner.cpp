// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <QTest>

#include "tests/agent/support/launched_agent.h"
#include "tests/agent/support/without_calls.h"

using namespace ifrit;
using namespace ifrit::agent::platform;
using namespace std::chrono_literals;

namespace {

/// Some pipe of this process has something to be read.
bool pipeHoldsMore() {
    for (int descriptor = 3; descriptor < 64; ++descriptor) {
        struct stat about {};
        int bytes = 0;
        if (::fstat(descriptor, &about) == 0 && S_ISFIFO(about.st_mode) &&
            ::ioctl(descriptor, FIONREAD, &bytes) == 0 && bytes > 0)
            return true;
    }
    return false;
}

}  // namespace

class CommandRunnerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *makePlatform(); }
    void cleanup() { QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1); }
    void outputAndCode();
    void longOutputKeepsItsEnd();
    void hangingProgramIsKilledWithItsSession();
    void endlessOutputDoesNotProlongIt();
    void backgroundChildDoesNotProlongIt();
    void missingProgramIsAnError();
    void whatHangsInTheKernelIsReapedOnceItEnds();

private:
    static LaunchSpec shell(const std::string& script) {
        LaunchSpec spec;
        spec.command = {"/bin/sh", "-c", script};
        spec.environment = {{"PATH", "/usr/bin:/bin"}};
        return spec;
    }
    Platform m_platform;
};

void CommandRunnerTest::outputAndCode() {
    const auto result = m_platform.commands->run(shell("echo out; echo err >&2; exit 4"), 20s);
    QVERIFY(result.ok());
    QCOMPARE(result->output, std::string("out\nerr\n"));
    QCOMPARE(result->status.code, 4);
    QVERIFY(!result->timedOut && !result->success());
    QVERIFY(m_platform.commands->run(shell("exit 0"), 20s)->success());
}

void CommandRunnerTest::longOutputKeepsItsEnd() {
    const auto result = m_platform.commands->run(
        shell("i=0; while [ $i -lt 9000 ]; do echo line $i; i=$((i+1)); done"), 20s);
    QVERIFY(result.ok() && result->success());
    QCOMPARE(result->output.size(), CommandRunner::kMaxOutputBytes);
    QVERIFY(result->output.find("line 8999\n") != std::string::npos);
}

void CommandRunnerTest::hangingProgramIsKilledWithItsSession() {
    const auto result =
        m_platform.commands->run(shell("trap '' TERM; sleep 1000 & echo $!; wait"), 300ms);
    QVERIFY(result.ok());
    QVERIFY(result->timedOut && !result->success());
    const int grandchild = std::stoi("0" + result->output);
    QVERIFY(grandchild > 0);
    QVERIFY(tests::waitUntil([&] {
        const auto found = m_platform.processes->identify(grandchild);
        return !found.ok() || !m_platform.processes->isAlive(*found);
    }));
}

// Taken slower than it is printed: there is more in the pipe each time.
void CommandRunnerTest::endlessOutputDoesNotProlongIt() {
    constexpr int kTooMany = 50;
    constexpr auto kTimeout = 100ms;
    const auto begun = std::chrono::steady_clock::now();
    int late = 0;
    const auto slowSink = [&](std::string_view) {
        if (!tests::waitUntil([] { return pipeHoldsMore(); })) return false;
        if (std::chrono::steady_clock::now() > begun + kTimeout) ++late;
        return late < kTooMany;
    };
    const auto result = m_platform.streams->stream(shell("exec yes"), kTimeout, slowSink);
    QVERIFY(result.ok() && result->timedOut);
    QVERIFY2(late < kTooMany, "only the sink ended it");
}

void CommandRunnerTest::backgroundChildDoesNotProlongIt() {
    const auto result = m_platform.commands->run(shell("sleep 1000 & echo $!"), 20s);
    QVERIFY(result.ok() && result->success());
    const int left = std::stoi("0" + result->output);
    QVERIFY(tests::waitUntil([&] {
        const auto found = m_platform.processes->identify(left);
        return !found.ok() || !m_platform.processes->isAlive(*found);
    }));
}

void CommandRunnerTest::missingProgramIsAnError() {
    LaunchSpec spec;
    spec.command = {"/no/such/hook"};
    QVERIFY(absl::IsNotFound(m_platform.commands->run(spec, 1s).status()));
}

/// A probe of a dead file server would leave a process behind each time that it runs.
void CommandRunnerTest::whatHangsInTheKernelIsReapedOnceItEnds() {
    LaunchSpec hanging = shell("echo $$; exec sleep 600");
    hanging.workingDirectory = "/tmp";
    std::string first;
    std::string second;
    // No signal arrives, as where it waits for such a disk.
    tests::withoutCalls({SYS_kill, SYS_pidfd_send_signal}, 0, [&] {
        const auto result = m_platform.commands->run(hanging, 200ms);
        if (result.ok() && result->timedOut) first = result->output;
        const auto again = m_platform.commands->run(hanging, 200ms);
        if (again.ok() && again->timedOut) second = again->output;
    });
    const pid_t pid = std::atoi(first.c_str());
    QVERIFY2(pid > 0, first.c_str());
    QVERIFY2(second.find("hangs in the kernel") != std::string::npos, second.c_str());
    LaunchSpec other = shell("echo other");
    QCOMPARE(m_platform.commands->run(other, 20s)->output, std::string("other\n"));
    ::kill(pid, SIGKILL);
    siginfo_t info{};
    QCOMPARE(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
    // Then it is run again.
    QVERIFY(m_platform.commands->run(hanging, 200ms)->output.find("kernel") == std::string::npos);
    QCOMPARE(::waitpid(pid, nullptr, WNOHANG), -1);
}

QTEST_GUILESS_MAIN(CommandRunnerTest)
#include "tst_command_runner.moc"
