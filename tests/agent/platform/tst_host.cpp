// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/platform/linux/linux_host.h"

using namespace ifrit;
using agent::platform::LinuxHost;

class HostTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsThisMachine();
    void containerEvidence_data();
    void containerEvidence();
    void freeSpaceOfAFileSystem();
};

void HostTest::readsThisMachine() {
    const auto facts = LinuxHost().facts();
    QVERIFY(!facts.hostname.empty());
    QVERIFY(!facts.kernel.empty());
    QVERIFY(facts.libc.rfind("glibc 2.", 0) == 0);
    QVERIFY(facts.architecture == "x86_64" || facts.architecture == "aarch64");
    QVERIFY(facts.address.find("127.") != 0);
}

void HostTest::containerEvidence_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("evidence");
    QTest::newRow("physical") << "proc/1/cgroup" << QByteArray("0::/init.scope\n") << ""
                              << "";
    QTest::newRow("docker file") << ".dockerenv" << QByteArray() << ""
                                 << "/.dockerenv exists";
    QTest::newRow("podman file") << "run/.containerenv" << QByteArray() << ""
                                 << "/run/.containerenv exists";
    QTest::newRow("our variable") << "x" << QByteArray() << "lxc"
                                  << "environment variable container=lxc";
    QTest::newRow("variable of process 1, first")
        << "proc/1/environ" << QByteArray("container=podman\0A=b\0", 21) << ""
        << "process 1 has the environment variable container";
    QTest::newRow("variable of process 1, later")
        << "proc/1/environ" << QByteArray("A=b\0container=podman\0", 21) << ""
        << "process 1 has the environment variable container";
    QTest::newRow("another variable")
        << "proc/1/environ" << QByteArray("my_container=1\0", 15) << ""
        << "";
    QTest::newRow("cgroup") << "proc/1/cgroup" << QByteArray("0::/kubepods/burstable/pod1\n") << ""
                            << "/proc/1/cgroup names kubepods";
}

void HostTest::containerEvidence() {
    QFETCH(QString, file);
    QFETCH(QByteArray, content);
    QFETCH(QString, variable);
    QFETCH(QString, evidence);
    const QTemporaryDir root;
    const QString path = root.filePath(file);
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile out(path);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(content);
    out.close();
    const auto facts = LinuxHost(root.path().toStdString(), variable.toStdString()).facts();
    QCOMPARE(QString::fromStdString(facts.containerEvidence), evidence);
    QCOMPARE(facts.container, !evidence.isEmpty());
}

void HostTest::freeSpaceOfAFileSystem() {
    const LinuxHost host;
    const auto space = host.freeSpace("/tmp");
    QVERIFY(space.ok());
    QVERIFY(space->bytes > 0);
    const auto absent = host.freeSpace("/no/such/path");
    QVERIFY(absl::IsNotFound(absent.status()));
    QVERIFY(base::messageOf(absent.status()).find("/no/such/path") != std::string::npos);
}

QTEST_GUILESS_MAIN(HostTest)
#include "tst_host.moc"
