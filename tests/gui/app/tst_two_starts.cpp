// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>

#include "shared/base/clock.h"
#include "shared/bundle/bundle.h"
#include "tests/gui/support/cluster_pki.h"
#include "tests/support/built_programs.h"

using namespace ifrit;

namespace {

/// A window that opens on a busy machine.
constexpr int kWithinMs = 60'000;

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

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
    QString bundleOf(const std::string& cluster) const;
    void start(QProcess& process, const QStringList& arguments) const;
    QByteArray settings() const {
        return contents(m_directory->filePath(QStringLiteral("s/desktop.ini")));
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<QProcess> m_first;
};

void TestTwoStarts::init() {
    m_directory = std::make_unique<QTemporaryDir>();
    m_first = std::make_unique<QProcess>();
}

void TestTwoStarts::cleanup() {
    m_first->terminate();
    if (!m_first->waitForFinished(kWithinMs)) m_first->kill();
    m_first.reset();
}

QString TestTwoStarts::bundleOf(const std::string& cluster) const {
    bundle::Bundle content;
    content.cluster = cluster;
    content.kind = "test";
    // Where nobody listens.
    content.addresses = {"127.0.0.1:1"};
    const tests::ClusterPki pki(cluster, base::SystemClock().now());
    pki.fill(content, "chen.yu");
    const QString path =
        m_directory->filePath(QString::fromStdString(cluster) + QStringLiteral(".bundle"));
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
    return path;
}

void TestTwoStarts::start(QProcess& process, const QStringList& arguments) const {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    // The socket, and nothing of whoever runs the test.
    environment.insert(QStringLiteral("HOME"), m_directory->path());
    environment.insert(QStringLiteral("TMPDIR"), m_directory->path());
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/-"));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_directory->path());
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QString::fromStdString(tests::built("bin/ifrit-desktop")),
                  QStringList{QStringLiteral("--settings"), QStringLiteral("s")} + arguments);
    QVERIFY(process.waitForStarted());
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
    bundleOf("south");
    start(*m_first, {QStringLiteral("--bundle"), bundleOf("north")});
    // Written from its event loop.
    QTRY_VERIFY_WITH_TIMEOUT(settings().contains("north"), kWithinMs);
    QVERIFY(!settings().contains("south"));
    QProcess second;
    start(second, arguments);
    QTRY_COMPARE_WITH_TIMEOUT(second.state(), QProcess::NotRunning, kWithinMs);
    QCOMPARE(second.exitStatus(), QProcess::NormalExit);
    QCOMPARE(second.exitCode(), 0);
    if (!imported.isEmpty()) QTRY_VERIFY_WITH_TIMEOUT(settings().contains(imported), kWithinMs);
    QCOMPARE(m_first->state(), QProcess::Running);
}

QTEST_GUILESS_MAIN(TestTwoStarts)
#include "tst_two_starts.moc"
