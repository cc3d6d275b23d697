// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QTest>

#include <memory>

#include "tests/gui/app/desktop_process.h"

using ifrit::tests::DesktopProcess;

/// The program itself, started while it runs: one window for one settings directory, however either
/// start was asked for.
class TestTwoStarts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whatALaterStartNamesIsOpenedByTheFirst_data();
    void whatALaterStartNamesIsOpenedByTheFirst();

private:
    std::unique_ptr<DesktopProcess> m_desktop;
    std::unique_ptr<QProcess> m_first;
};

void TestTwoStarts::init() {
    m_desktop = std::make_unique<DesktopProcess>();
    m_first = std::make_unique<QProcess>();
}

void TestTwoStarts::cleanup() {
    DesktopProcess::end(*m_first);
    m_first.reset();
}

void TestTwoStarts::whatALaterStartNamesIsOpenedByTheFirst_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("imported");
    QTest::newRow("nothing") << QStringList() << QByteArray();
    QTest::newRow("a link") << QStringList{QStringLiteral("ifrit://open/north/machine/m-1")}
                            << QByteArray();
    QTest::newRow("a page") << QStringList{QStringLiteral("--page"), QStringLiteral("audit")}
                            << QByteArray();
    QTest::newRow("a bundle") << QStringList{QStringLiteral("--bundle"),
                                             QStringLiteral("south.bundle")}
                              << QByteArray("south");
}

void TestTwoStarts::whatALaterStartNamesIsOpenedByTheFirst() {
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArray, imported);
    m_desktop->bundleOf("south");
    QVERIFY(m_desktop->start(*m_first, {QStringLiteral("--bundle"), m_desktop->bundleOf("north")}));
    constexpr int kWithinMs = DesktopProcess::kWithinMs;
    // Written from its event loop.
    QTRY_VERIFY_WITH_TIMEOUT(m_desktop->settings().contains("north"), kWithinMs);
    QVERIFY(!m_desktop->settings().contains("south"));
    QProcess second;
    QVERIFY(m_desktop->start(second, arguments));
    QTRY_COMPARE_WITH_TIMEOUT(second.state(), QProcess::NotRunning, kWithinMs);
    QCOMPARE(second.exitStatus(), QProcess::NormalExit);
    QCOMPARE(second.exitCode(), 0);
    if (!imported.isEmpty())
        QTRY_VERIFY_WITH_TIMEOUT(m_desktop->settings().contains(imported), kWithinMs);
    QCOMPARE(m_first->state(), QProcess::Running);
}

QTEST_GUILESS_MAIN(TestTwoStarts)
#include "tst_two_starts.moc"
