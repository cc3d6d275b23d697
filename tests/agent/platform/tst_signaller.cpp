// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>

#include <QTest>

#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent::platform;

class SignallerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *makePlatform(); }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void namesOfSignals();
    void reusedPidIsNeverSignalled();
    void killsTheWholeSession();
    void killsWhatADeadLeaderLeft();

private:
    std::string output() const { return m_dir->filePath(QStringLiteral("out")).toStdString(); }
    ProcessId launch(const std::string& mode) {
        LaunchSpec spec;
        spec.command = {tests::misbehavingAgent(), mode};
        spec.outputFile = output();
        const auto process = m_platform.launcher->launch(spec);
        if (!process.ok()) qFatal("%s", base::messageOf(process.status()).c_str());
        return *process;
    }
    int signalThatEnded(const ProcessId& process) {
        int status = 0;
        ::waitpid(process.pid, &status, 0);
        return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    }
    bool vanishes(const ProcessId& process) {
        return tests::waitUntil([&] { return !m_platform.processes->isAlive(process); });
    }

    Platform m_platform;
    std::unique_ptr<QTemporaryDir> m_dir;
};

void SignallerTest::namesOfSignals() {
    QVERIFY(*signalFromName("SIGTERM") == Signal::Terminate);
    QVERIFY(*signalFromName("SIGINT") == Signal::Interrupt);
    for (const char* bad : {"TERM", "sigterm", "SIGSTOP", "15", ""}) {
        const auto refused = signalFromName(bad);
        QCOMPARE(base::errorInfo(refused.status()).reason, std::string("BAD_SIGNAL"));
    }
}

void SignallerTest::reusedPidIsNeverSignalled() {
    const ProcessId foreign = launch("hang");
    ProcessId recorded = foreign;
    recorded.startTime -= 1;  // what a stale record of the same pid looks like
    for (const absl::Status& status : {m_platform.signaller->signal(recorded, Signal::Kill),
                                       m_platform.signaller->signalSession(recorded, Signal::Kill)})
        QCOMPARE(base::errorInfo(status).reason, std::string("PROCESS_GONE"));
    ProcessId earlierBoot = foreign;
    earlierBoot.bootId += "x";
    QVERIFY(!m_platform.signaller->signal(earlierBoot, Signal::Kill).ok());
    QVERIFY(!m_platform.signaller->signalSession(earlierBoot, Signal::Kill).ok());
    // Had any of them been sent, SIGKILL would have ended it before this SIGTERM.
    QVERIFY(m_platform.signaller->signal(foreign, Signal::Terminate).ok());
    QCOMPARE(signalThatEnded(foreign), SIGTERM);
    QCOMPARE(base::errorInfo(m_platform.signaller->signal(foreign, Signal::Kill)).reason,
             std::string("PROCESS_GONE"));
}

void SignallerTest::killsTheWholeSession() {
    const ProcessId leader = launch("worker");
    const auto worker =
        m_platform.processes->identify(std::stoi("0" + tests::awaitWord(output(), "worker")));
    QVERIFY(worker.ok());
    QVERIFY(m_platform.signaller->signalSession(leader, Signal::Terminate).ok());
    QCOMPARE(signalThatEnded(leader), SIGTERM);
    QVERIFY(m_platform.processes->isAlive(*worker));  // it ignores SIGTERM
    QVERIFY(m_platform.signaller->signalSession(leader, Signal::Kill).ok());
    QVERIFY(vanishes(*worker));
}

void SignallerTest::killsWhatADeadLeaderLeft() {
    const ProcessId leader = launch("worker");
    const auto worker =
        m_platform.processes->identify(std::stoi("0" + tests::awaitWord(output(), "worker")));
    QVERIFY(m_platform.signaller->signal(leader, Signal::Kill).ok());
    QCOMPARE(signalThatEnded(leader), SIGKILL);
    QVERIFY(m_platform.signaller->signalSession(leader, Signal::Kill).ok());
    QVERIFY(vanishes(*worker));
    QVERIFY(absl::IsNotFound(m_platform.signaller->signalSession(leader, Signal::Kill)));
}

QTEST_GUILESS_MAIN(SignallerTest)
#include "tst_signaller.moc"
