// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QTest>

#include <csignal>

#include "tests/gui/app/desktop_process.h"

using ifrit::tests::DesktopProcess;

/// The program itself, ended by a signal as a desktop that logs out or a person at a terminal ends
/// it.
class TestQuitSignals : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSignalEndsItAsClosingItsWindowDoes_data();
    void aSignalEndsItAsClosingItsWindowDoes();
};

void TestQuitSignals::aSignalEndsItAsClosingItsWindowDoes_data() {
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGHUP") << SIGHUP;
}

// Where the window was is remembered as it closes: the next start began on the map, of no cluster.
void TestQuitSignals::aSignalEndsItAsClosingItsWindowDoes() {
    QFETCH(const int, number);
    const DesktopProcess desktop;
    QProcess process;
    QVERIFY(desktop.start(process, {QStringLiteral("--bundle"), desktop.bundleOf("north"),
                                    QStringLiteral("--page"), QStringLiteral("audit")}));
    constexpr int kWithinMs = DesktopProcess::kWithinMs;
    // Its list of masters is written once its window stands.
    QTRY_VERIFY_WITH_TIMEOUT(desktop.settings().contains("north"), kWithinMs);
    QVERIFY(!desktop.settings().contains("page=audit"));
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), number), 0);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, kWithinMs);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    const QByteArray remembered = desktop.settings();
    QVERIFY2(remembered.contains("page=audit"), remembered.constData());
    QVERIFY2(remembered.contains("bundle=") && remembered.contains("north.bundle"),
             remembered.constData());
}

QTEST_GUILESS_MAIN(TestQuitSignals)
#include "tst_quit_signals.moc"
