// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>

#include <QTest>

#include "agent/supervise/family_usage.h"
#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

/// FamilyUsage over real processes that use the processor and end.
class FamilyProcessesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *platform::makePlatform(); }
    void cpuTimeOutlivesTheChild_data();
    void cpuTimeOutlivesTheChild();

private:
    platform::Platform m_platform;
};

void FamilyProcessesTest::cpuTimeOutlivesTheChild_data() {
    QTest::addColumn<QString>("mode");
    QTest::newRow("its parent waits for it") << "burn";
    QTest::newRow("its parent ignores its end") << "burn-unwaited";
}

void FamilyProcessesTest::cpuTimeOutlivesTheChild() {
    QFETCH(QString, mode);
    const QTemporaryDir directory;
    platform::LaunchSpec spec;
    spec.command = {tests::misbehavingAgent(), mode.toStdString(), "300"};
    spec.outputFile = directory.filePath(QStringLiteral("out")).toStdString();
    const auto parent = m_platform.launcher->launch(spec);
    QVERIFY(parent.ok());
    const auto child =
        m_platform.processes->identify(std::stoi("0" + tests::awaitWord(spec.outputFile, "burnt")));
    QVERIFY(child.ok());
    FamilyUsage usage;
    const auto read = [&] {
        const platform::SessionList sessions = m_platform.processes->sessions();
        const auto family = m_platform.processes->family(*parent, usage.known(), &sessions);
        return family.ok() ? usage.add(*family).cpuTime : 0ns;
    };
    const auto before = read();
    QVERIFY(before >= 280ms);  // the kernel counts in ticks of 10 ms
    QVERIFY(m_platform.signaller->signal(*child, platform::Signal::Kill).ok());
    QVERIFY(!tests::awaitWord(spec.outputFile, "reaped").empty());
    QCOMPARE(m_platform.processes->family(*parent, {}, nullptr)->size(), std::size_t{1});
    for (int i = 0; i < 3; ++i) {
        const auto after = read();
        QVERIFY(after >= before);
        QVERIFY(after < before + 250ms);  // and not twice
    }
    m_platform.signaller->signal(*parent, platform::Signal::Kill).IgnoreError();
    ::waitpid(parent->pid, nullptr, 0);
}

QTEST_GUILESS_MAIN(FamilyProcessesTest)
#include "tst_family_processes.moc"
