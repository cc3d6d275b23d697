// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "tests/support/built_programs.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

/// A shell does the changes: mkdir, a file that is opened and written, a second mkdir, a rename.
class FaultInjectorTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_report;

    fs::path root() const { return m_directory->path().toStdString() + "/root"; }
    bool is(const char* name) const { return fs::exists(root() / name); }

    int run(const QStringList& options) {
        const QString root = QString::fromStdString(this->root().string());
        const QString report = m_directory->filePath(QStringLiteral("report"));
        QProcess process;
        process.setWorkingDirectory(root);
        process.start(
            QString::fromStdString(ifrit::tests::built("tests/fault_injector")),
            QStringList{QStringLiteral("--root"), root, QStringLiteral("--report"), report} +
                options +
                QStringList{QStringLiteral("--"), QStringLiteral("/usr/bin/perl"),
                            QStringLiteral("-e"),
                            QStringLiteral("mkdir 'a' or exit 3; open(F, '>', 'b') or "
                                           "exit 4; syswrite(F, 'x') or exit 5; mkdir "
                                           "'c' or exit 6; rename('b', 'd') or exit 7; "
                                           "mkdir '/tmp/' . $$; rmdir '/tmp/' . $$")});
        process.waitForFinished();
        QFile file(report);
        m_report = file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed()
                                                  : QString();
        return process.exitStatus() == QProcess::CrashExit ? -1 : process.exitCode();
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        fs::create_directory(root());
    }

    void changesBelowTheRootAreCountedAndMade() {
        QCOMPARE(run({}), 0);
        QCOMPARE(m_report, QStringLiteral("5 -"));
        QVERIFY(is("a") && is("c") && is("d") && !is("b"));
    }

    void nothingIsDoneFromTheKillOn() {
        QCOMPARE(run({QStringLiteral("--kill-at"), QStringLiteral("4")}), 128 + 9);
        QVERIFY2(m_report.startsWith(QStringLiteral("4 mkdir ")), qPrintable(m_report));
        QVERIFY(is("a") && is("b") && !is("c"));
    }

    void aPointAfterTheEndIsNotReached() {
        QCOMPARE(run({QStringLiteral("--kill-at"), QStringLiteral("6")}), 0);
        QCOMPARE(m_report, QStringLiteral("5 -"));
    }

    void callsFailWithTheErrorThatIsAsked_data() {
        QTest::addColumn<int>("from");
        QTest::addColumn<QString>("error");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("full disk at the first") << 1 << QStringLiteral("ENOSPC") << 3;
        QTest::newRow("full disk at the write") << 3 << QStringLiteral("ENOSPC") << 5;
        QTest::newRow("input/output error") << 5 << QStringLiteral("EIO") << 7;
        QTest::newRow("descriptors: only the open") << 1 << QStringLiteral("EMFILE") << 4;
    }
    void callsFailWithTheErrorThatIsAsked() {
        QFETCH(const int, from);
        QFETCH(const QString, error);
        QTEST(run({QStringLiteral("--fail-from"), QString::number(from), error}), "exitCode");
    }

    void anUnknownErrorIsRefused() {
        QCOMPARE(run({QStringLiteral("--fail-from"), QStringLiteral("1"), QStringLiteral("EWHAT")}),
                 64);
        QVERIFY(!is("a"));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::FaultInjectorTest;
QTEST_GUILESS_MAIN(FaultInjectorTest)
#include "tst_fault_injector.moc"
