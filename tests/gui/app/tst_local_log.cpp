// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "gui/app/local_log.h"
#include "tests/gui/presenters/hub_fixture.h"

using ifrit::gui::app::LocalLog;

namespace {

QString contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

class TestLocalLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesLinesForItsOwnerAlone();
    void secretsStayOut();
    void turnsOverAtItsSize();
    void takesQtsMessagesWhileItIsThere();
    void followsLineAndCalls();
    void aDiskThatRefusesIsNoFault();
};

void TestLocalLog::writesLinesForItsOwnerAlone() {
    QTemporaryDir directory;
    LocalLog log(directory.filePath(QStringLiteral("state/desktop.log")));
    log.write(QStringLiteral("one\ntwo"));
    log.write(QStringLiteral("three"));
    const QStringList lines = contentOf(log.path()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].endsWith(QStringLiteral(" one two")));
    QCOMPARE(QFileInfo(log.path()).permissions() &
                 (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
    QVERIFY(log.tail(10).isEmpty() || !log.tail(10).contains(QStringLiteral("one")));
    QVERIFY(log.tail().contains(QStringLiteral("three")));
}

void TestLocalLog::secretsStayOut() {
    QTemporaryDir directory;
    LocalLog log(directory.filePath(QStringLiteral("desktop.log")));
    log.write(QStringLiteral("login token=hunter2-hunter2"));
    QVERIFY(!contentOf(log.path()).contains(QStringLiteral("hunter2")));
}

void TestLocalLog::turnsOverAtItsSize() {
    QTemporaryDir directory;
    LocalLog log(directory.filePath(QStringLiteral("desktop.log")));
    // Words, as long ones without are taken for secrets.
    const QString line = QStringLiteral("a word ").repeated(1'500);
    for (int i = 0; i < 260; ++i)
        log.write(line);
    QVERIFY(QFileInfo(log.path()).size() < LocalLog::kMostBytes + 20'000);
    const QFileInfo before(log.path() + QStringLiteral(".1"));
    QVERIFY(before.exists());
    QVERIFY(before.size() < LocalLog::kMostBytes + 20'000);
    QVERIFY(!QFileInfo::exists(log.path() + QStringLiteral(".2")));
}

void TestLocalLog::takesQtsMessagesWhileItIsThere() {
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("desktop.log"));
    {
        LocalLog log(path);
        log.takeMessages();
        qWarning("something is odd");
    }
    qWarning("nobody keeps this");
    QVERIFY(contentOf(path).contains(QStringLiteral("qt: something is odd")));
    QVERIFY(!contentOf(path).contains(QStringLiteral("nobody keeps this")));
}

void TestLocalLog::followsLineAndCalls() {
    QTemporaryDir directory;
    ifrit::tests::HubFixture fixture;
    ifrit::gui::presenters::OperationLog operations(fixture.times);
    LocalLog log(directory.filePath(QStringLiteral("desktop.log")));
    log.follow(fixture.hub, operations);
    fixture.connect({});
    ifrit::gui::presenters::OperationFacts facts;
    facts.what =
        ifrit::gui::presenters::KeptText([] { return QStringLiteral("Freeze the cluster"); });
    facts.requestId = "r-1";
    facts.changes = true;
    const auto id = operations.begin(facts, [] {});
    operations.end(id, absl::PermissionDeniedError("li may not"));
    const QString content = contentOf(log.path());
    QVERIFY2(content.contains(QStringLiteral("line to demo: connected")), qPrintable(content));
    QVERIFY2(content.contains(QStringLiteral("call failed: Freeze the cluster")),
             qPrintable(content));
    QVERIFY2(content.contains(QStringLiteral("request r-1")), qPrintable(content));
}

void TestLocalLog::aDiskThatRefusesIsNoFault() {
    LocalLog log(QStringLiteral("/proc/nowhere/desktop.log"));
    log.write(QStringLiteral("x"));
    QCOMPARE(log.tail(), QString());
}

QTEST_GUILESS_MAIN(TestLocalLog)
#include "tst_local_log.moc"
