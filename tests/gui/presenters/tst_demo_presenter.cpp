// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "gui/presenters/demo_presenter.h"

using namespace ifrit::gui::presenters;
using State = DemoPresenter::State;

namespace {

/// A demo of a few lines of shell.
DemoCommand shell(const char* script) {
    return {QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QString::fromUtf8(script)}};
}

}  // namespace

class TestDemoPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isAbsentWithoutIt();
    void startsTellsAndStops();
    void oneThatFailsSaysWhy();
    void endsWithTheProgram();
    void isFoundBesideABuild();
};

void TestDemoPresenter::isAbsentWithoutIt() {
    DemoPresenter demo(std::nullopt);
    QCOMPARE(demo.state(), State::Absent);
    QVERIFY(!demo.startAction().enabled());
    demo.start();
    QCOMPARE(demo.state(), State::Absent);
}

void TestDemoPresenter::startsTellsAndStops() {
    DemoPresenter demo(
        shell("echo 'demo: cluster in /x' >&2; echo '{\"bundle\": \"/x/admin\"}'; "
              "cat >/dev/null; exit 143"));
    QSignalSpy ready(&demo, &DemoPresenter::ready);
    QSignalSpy stopped(&demo, &DemoPresenter::stopped);
    demo.start();
    QCOMPARE(demo.state(), State::Starting);
    QTRY_COMPARE(ready.size(), 1);
    QCOMPARE(ready[0][0].toString(), QStringLiteral("/x/admin"));
    QTRY_VERIFY(demo.line().contains(QStringLiteral("cluster in /x")));
    QCOMPARE(demo.state(), State::Running);
    demo.start();
    QCOMPARE(demo.state(), State::Running);
    demo.stop();
    QCOMPARE(demo.state(), State::Stopping);
    QTRY_COMPARE(stopped.size(), 1);
    QCOMPARE(demo.state(), State::Stopped);
    QVERIFY2(demo.line().contains(QStringLiteral("nothing of it is left")),
             qPrintable(demo.line()));
    // And again.
    demo.start();
    QTRY_COMPARE(ready.size(), 2);
}

void TestDemoPresenter::oneThatFailsSaysWhy() {
    DemoPresenter demo(shell("echo 'demo: failed: no free port' >&2; exit 1"));
    QSignalSpy stopped(&demo, &DemoPresenter::stopped);
    demo.start();
    QTRY_COMPARE(stopped.size(), 1);
    QCOMPARE(demo.state(), State::Stopped);
    QVERIFY2(demo.line().contains(QStringLiteral("no free port")), qPrintable(demo.line()));
    DemoPresenter nothing(DemoCommand{QStringLiteral("/nonexistent/python3"), {}});
    nothing.start();
    QTRY_VERIFY(!nothing.line().isEmpty());
    QTRY_COMPARE(nothing.state(), State::Stopped);
}

void TestDemoPresenter::endsWithTheProgram() {
    QTemporaryDir directory;
    const QString mark = directory.filePath(QStringLiteral("ended"));
    {
        DemoPresenter demo(
            shell(qPrintable(QStringLiteral("echo '{\"bundle\": \"/x\"}'; cat >/dev/null; "
                                            "touch '%1'")
                                 .arg(mark))));
        QSignalSpy ready(&demo, &DemoPresenter::ready);
        demo.start();
        QTRY_COMPARE(ready.size(), 1);
    }
    QVERIFY(QFile::exists(mark));
}

void TestDemoPresenter::isFoundBesideABuild() {
    QTemporaryDir directory;
    const QDir root(directory.path());
    QVERIFY(root.mkpath(QStringLiteral("build/dev/bin")));
    QVERIFY(root.mkpath(QStringLiteral("tools")));
    const QString programs = root.filePath(QStringLiteral("build/dev/bin"));
    const auto touch = [&](const QString& path) {
        QFile file(root.filePath(path));
        return file.open(QIODevice::WriteOnly);
    };
    QVERIFY(touch(QStringLiteral("tools/demo")));
    QVERIFY(touch(QStringLiteral("build/dev/bin/ifrit-master")));
    QVERIFY(!findDemo(programs));
    QVERIFY(touch(QStringLiteral("build/dev/bin/ifrit-guard")));
    const auto found = findDemo(programs);
    QVERIFY(found.has_value());
    QCOMPARE(found->arguments.first(), root.filePath(QStringLiteral("tools/demo")));
    QVERIFY(found->arguments.contains(QStringLiteral("--serve")));
}

QTEST_GUILESS_MAIN(TestDemoPresenter)
#include "tst_demo_presenter.moc"
