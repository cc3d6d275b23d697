// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>

#include <QTest>
#include <thread>

#include "tests/agent/support/few_descriptors.h"
#include "tests/agent/support/launched_agent.h"
#include "tests/agent/support/without_pidfds.h"

using namespace ifrit;
using namespace ifrit::agent::platform;
using namespace std::chrono_literals;

class ExitWatcherTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void childIsReportedOnceAndReapedOnRelease();
    void exitCodesAndSignals_data();
    void exitCodesAndSignals();
    void adoptedProcessIsReported();
    void goneProcessIsRefused();
    void withoutDescriptorsNobodyIsTakenForGone();
    void withoutAHandleAChildsEndIsSeen();
    void withoutAHandleAnAdoptedProcessIsKilledAndItsEndSeen();
    void withoutAHandleAnotherProcessIsNeverSignalled();
    void withoutAHandleItBegins();
    void aHandleIsTakenLater();
    void forgottenProcessIsSilent();
    void wakeEndsTheWait();

private:
    ProcessId launch(std::vector<std::string> arguments) {
        LaunchSpec spec;
        spec.command = {tests::misbehavingAgent()};
        spec.command.insert(spec.command.end(), arguments.begin(), arguments.end());
        spec.outputFile = m_dir->filePath(QStringLiteral("out")).toStdString();
        const auto process = m_platform.launcher->launch(spec);
        if (!process.ok()) qFatal("%s", base::messageOf(process.status()).c_str());
        return *process;
    }

    /// Whose parent is gone: a child of init, not ours, as after a restart.
    ProcessId orphan() {
        const ProcessId leader = launch({"worker"});
        const std::string output = m_dir->filePath(QStringLiteral("out")).toStdString();
        const auto worker =
            m_platform.processes->identify(std::stoi("0" + tests::awaitWord(output, "worker")));
        if (!worker.ok()) qFatal("no worker");
        m_platform.signaller->signal(leader, Signal::Kill).IgnoreError();
        ::waitpid(leader.pid, nullptr, 0);
        return *worker;
    }
    std::vector<ExitNotice> awaitNotices() {
        std::vector<ExitNotice> notices;
        tests::waitUntil([&] {
            notices = m_platform.exits->wait(10ms);
            return !notices.empty();
        });
        return notices;
    }

    Platform m_platform;
    std::unique_ptr<QTemporaryDir> m_dir;
};

void ExitWatcherTest::init() {
    m_platform = *makePlatform();
    m_dir = std::make_unique<QTemporaryDir>();
}

void ExitWatcherTest::childIsReportedOnceAndReapedOnRelease() {
    const ProcessId process = launch({"exit", "3"});
    QVERIFY(m_platform.exits->watch(process).ok());
    std::vector<ExitNotice> notices;
    // The first wait may end at once, woken by watch(), and may bring the notice already.
    QVERIFY(tests::waitUntil([&] {
        notices = m_platform.exits->wait(1000ms);
        return !notices.empty();
    }));
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY(notices[0].process == process);
    QVERIFY(m_platform.exits->wait(0ms).empty());
    const auto status = m_platform.processes->status(process);
    QVERIFY(status.ok() && status->state == ProcessState::Zombie);
    m_platform.exits->release(process);
    QVERIFY(!m_platform.processes->status(process).ok());
    QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);
}

void ExitWatcherTest::exitCodesAndSignals_data() {
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QString>("described");
    QTest::newRow("zero") << "exit"
                          << "0"
                          << "exited with code 0";
    QTest::newRow("seven") << "exit"
                           << "7"
                           << "exited with code 7";
    QTest::newRow("abort") << "crash"
                           << ""
                           << "killed by signal 6 (SIGABRT)";
}

void ExitWatcherTest::exitCodesAndSignals() {
    QFETCH(QString, mode);
    QFETCH(QString, argument);
    QFETCH(QString, described);
    const ProcessId process = launch({mode.toStdString(), argument.toStdString()});
    QVERIFY(m_platform.exits->watch(process).ok());
    QVERIFY(tests::waitUntil([&] {
        const auto notices = m_platform.exits->wait(1000ms);
        if (notices.empty()) return false;
        m_platform.exits->release(process);
        return QString::fromStdString(describe(notices[0].status)) == described;
    }));
}

void ExitWatcherTest::adoptedProcessIsReported() {
    const ProcessId adopted = orphan();
    QVERIFY(m_platform.exits->watch(adopted).ok());
    m_platform.exits->wait(0ms);
    QVERIFY(m_platform.exits->wait(0ms).empty());
    QVERIFY(m_platform.signaller->signal(adopted, Signal::Kill).ok());
    const std::vector<ExitNotice> notices = awaitNotices();
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY(notices[0].process == adopted);
    QVERIFY(notices[0].status.kind == ExitStatus::Kind::Unknown);
    m_platform.exits->release(adopted);
}

void ExitWatcherTest::goneProcessIsRefused() {
    const ProcessId process = launch({"hang"});
    ProcessId reused = process;
    reused.startTime -= 1;
    QCOMPARE(base::errorInfo(m_platform.exits->watch(reused)).reason, std::string("PROCESS_GONE"));
    QVERIFY(m_platform.signaller->signal(process, Signal::Kill).ok());
    ::waitpid(process.pid, nullptr, 0);
    QVERIFY(absl::IsNotFound(m_platform.exits->watch(process)));
}

/// faults.md D3: a living agent that is taken for gone would be left alone, and started again.
void ExitWatcherTest::withoutDescriptorsNobodyIsTakenForGone() {
    const ProcessId process = launch({"hang"});
    for (int left = 0; left < 2; ++left) {
        absl::Status watched;
        absl::Status signalled;
        bool isAlive = false;
        {
            const tests::FewDescriptors few(left);
            watched = m_platform.exits->watch(process);
            signalled = m_platform.signaller->signal(process, Signal::Kill);
            // The one that is left is enough to read of it.
            isAlive = m_platform.processes->isAlive(process);
        }
        QVERIFY2(base::isExhaustion(watched), base::messageOf(watched).c_str());
        QVERIFY2(base::isExhaustion(signalled), base::messageOf(signalled).c_str());
        QVERIFY(isAlive);
    }
    QVERIFY(m_platform.exits->watch(process).ok());
    m_platform.exits->forget(process);
    QVERIFY(m_platform.signaller->signal(process, Signal::Kill).ok());
    ::waitpid(process.pid, nullptr, 0);
}

// faults.md D3: no handles of processes any more, and all else is there.
void ExitWatcherTest::withoutAHandleAChildsEndIsSeen() {
    const ProcessId process = launch({"hang"});
    std::vector<ExitNotice> early;
    std::vector<ExitNotice> notices;
    absl::Status signalled;
    tests::withoutPidfds([&] {
        if (!m_platform.exits->watch(process).ok()) return;
        early = m_platform.exits->wait(0ms);
        signalled = m_platform.signaller->signalSession(process, Signal::Kill);
        notices = awaitNotices();
        m_platform.exits->release(process);
    });
    QVERIFY(early.empty());
    QVERIFY2(signalled.ok(), base::messageOf(signalled).c_str());
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY(notices[0].process == process);
    QCOMPARE(describe(notices[0].status), std::string("killed by signal 9 (SIGKILL)"));
    QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);  // reaped
}

void ExitWatcherTest::withoutAHandleAnAdoptedProcessIsKilledAndItsEndSeen() {
    const ProcessId adopted = orphan();
    std::vector<ExitNotice> notices;
    tests::withoutPidfds([&] {
        if (!m_platform.exits->watch(adopted).ok()) return;
        if (!m_platform.signaller->signal(adopted, Signal::Kill).ok()) return;
        notices = awaitNotices();
        m_platform.exits->release(adopted);
    });
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY(notices[0].process == adopted);
    QVERIFY(notices[0].status.kind == ExitStatus::Kind::Unknown);
}

void ExitWatcherTest::withoutAHandleAnotherProcessIsNeverSignalled() {
    const ProcessId foreign = launch({"hang"});
    ProcessId stale = foreign;
    stale.startTime -= 1;
    tests::withoutPidfds([&] {
        QVERIFY(absl::IsNotFound(m_platform.signaller->signal(stale, Signal::Kill)));
        QVERIFY(absl::IsNotFound(m_platform.signaller->signalSession(stale, Signal::Kill)));
        QVERIFY(absl::IsNotFound(m_platform.exits->watch(stale)));
    });
    // Had it been sent, SIGKILL would have ended it before this SIGTERM.
    QVERIFY(m_platform.signaller->signal(foreign, Signal::Terminate).ok());
    int status = 0;
    ::waitpid(foreign.pid, &status, 0);
    QCOMPARE(WTERMSIG(status), SIGTERM);
}

void ExitWatcherTest::withoutAHandleItBegins() {
    absl::Status made;
    tests::withoutPidfds([&] { made = makePlatform().status(); });
    QVERIFY2(made.ok(), base::messageOf(made).c_str());
}

void ExitWatcherTest::aHandleIsTakenLater() {
    const ProcessId process = launch({"hang"});
    tests::withoutPidfds([&] { QVERIFY(m_platform.exits->watch(process).ok()); });
    m_platform.exits->wait(0ms);
    QVERIFY(m_platform.exits->wait(0ms).empty());
    // By its handle: a wait of a minute ends with the process.
    std::thread killer([&] { m_platform.signaller->signal(process, Signal::Kill).IgnoreError(); });
    const auto begin = std::chrono::steady_clock::now();
    const std::vector<ExitNotice> notices = m_platform.exits->wait(60'000ms);
    killer.join();
    QCOMPARE(notices.size(), std::size_t{1});
    QVERIFY(std::chrono::steady_clock::now() - begin < 30s);
    m_platform.exits->release(process);
}

void ExitWatcherTest::forgottenProcessIsSilent() {
    const ProcessId process = launch({"hang"});
    QVERIFY(m_platform.exits->watch(process).ok());
    m_platform.exits->forget(process);
    QVERIFY(m_platform.signaller->signal(process, Signal::Kill).ok());
    ::waitpid(process.pid, nullptr, 0);
    m_platform.exits->wait(0ms);
    QVERIFY(m_platform.exits->wait(0ms).empty());
}

void ExitWatcherTest::wakeEndsTheWait() {
    const auto begin = std::chrono::steady_clock::now();
    std::thread waker([this] { m_platform.exits->wake(); });
    QVERIFY(m_platform.exits->wait(60'000ms).empty());
    waker.join();
    QVERIFY(std::chrono::steady_clock::now() - begin < 30s);
}

QTEST_GUILESS_MAIN(ExitWatcherTest)
#include "tst_exit_watcher.moc"
