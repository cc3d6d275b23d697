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
    void cgroupNamespace();
    void idsOfTheHost();
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
    QTest::newRow("an empty variable of process 1")
        << "proc/1/environ" << QByteArray("container=\0A=b\0", 15) << ""
        << "";
    QTest::newRow("nspawn") << "run/systemd/container" << QByteArray("systemd-nspawn") << ""
                            << "/run/systemd/container exists";
    QTest::newRow("container manager of the host interface")
        << "run/host/container-manager" << QByteArray("x") << ""
        << "/run/host/container-manager exists";
    QTest::newRow("OpenVZ") << "proc/vz/version" << QByteArray("1") << ""
                            << "/proc/vz exists (OpenVZ)";
    QTest::newRow("WSL") << "proc/sys/kernel/osrelease"
                         << QByteArray("5.15.1-microsoft-standard-WSL2\n") << ""
                         << "the kernel's release names WSL (WSL)";
    QTest::newRow("a Linux kernel")
        << "proc/sys/kernel/osrelease" << QByteArray("6.1.0-18-amd64\n") << ""
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

void HostTest::cgroupNamespace() {
    const QTemporaryDir root;
    QVERIFY(QDir().mkpath(root.filePath(QStringLiteral("sys/fs/cgroup"))));
    const auto touch = [&root](const char* name) {
        QFile out(root.filePath(QStringLiteral("sys/fs/cgroup/") + QString::fromLatin1(name)));
        return out.open(QIODevice::WriteOnly);
    };
    QVERIFY(touch("cgroup.controllers"));
    QVERIFY(!LinuxHost(root.path().toStdString()).facts().container);
    QVERIFY(touch("cgroup.events"));
    QVERIFY(LinuxHost(root.path().toStdString()).facts().container);
}

void HostTest::idsOfTheHost() {
    const QTemporaryDir root;
    const auto put = [&root](const char* name, const QByteArray& text) {
        const QString path = root.filePath(QString::fromLatin1(name));
        QFile out(path);
        return QDir().mkpath(QFileInfo(path).path()) && out.open(QIODevice::WriteOnly) &&
               out.write(text) == text.size();
    };
    QVERIFY(put("etc/machine-id", "0123\n"));
    QVERIFY(put("var/lib/cloud/data/instance-id", "i-0c77b2aa\n"));
    QVERIFY(put("sys/class/dmi/id/product_uuid", "board\n"));
    QVERIFY(put("proc/net/route",
                "Iface Destination Gateway Flags RefCnt Use Metric\n"
                "eth1 00000000 0 3 0 0 100\n"));
    QVERIFY(put("sys/class/net/eth1/address", "02:00:00:00:00:01\n"));
    auto facts = LinuxHost(root.path().toStdString()).facts();
    QCOMPARE(facts.machineId, std::string("0123"));
    QCOMPARE(facts.instanceId, std::string("i-0c77b2aa"));
    QCOMPARE(facts.productId, std::string("board"));
    QCOMPARE(facts.hardwareAddress, std::string("02:00:00:00:00:01"));
    facts = LinuxHost(root.path().toStdString(), "podman").facts();
    QCOMPARE(facts.productId, std::string());
    QCOMPARE(facts.hardwareAddress, std::string());
}

void HostTest::freeSpaceOfAFileSystem() {
    const LinuxHost host;
    const auto space = host.freeSpace("/tmp");
    QVERIFY(space.ok());
    QVERIFY(space->bytes > 0);
    QCOMPARE(agent::platform::freeInodes(0, 0), std::nullopt);  // btrfs
    QCOMPARE(agent::platform::freeInodes(65'536, 0), std::optional<std::uint64_t>(0));
    const auto absent = host.freeSpace("/no/such/path");
    QVERIFY(absl::IsNotFound(absent.status()));
    QVERIFY(base::messageOf(absent.status()).find("/no/such/path") != std::string::npos);
}

QTEST_GUILESS_MAIN(HostTest)
#include "tst_host.moc"
