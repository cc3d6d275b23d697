// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "agent/app/machine_identity.h"
#include "agent/install/layout.h"
#include "shared/base/atomic_file.h"

using namespace ifrit;
using agent::app::Config;
using agent::app::decideIdentity;
using agent::app::IdentityDecision;
using agent::link::HostMarks;
using agent::link::Likeness;
using agent::link::StoredIdentity;
using agent::platform::HostFacts;
using Certificate = IdentityDecision::Certificate;

Q_DECLARE_METATYPE(HostFacts)

namespace {

constexpr char kMachineId[] = "0123456789abcdef0123456789abcdef";

HostFacts bareHost() {
    HostFacts host;
    host.address = "10.0.0.7";
    host.machineId = kMachineId;
    host.productId = "board-1";
    host.hardwareAddress = "02:00:00:00:00:01";
    return host;
}

StoredIdentity enrolledOn(const HostFacts& host, const std::string& uuid) {
    return {{}, uuid, agent::app::hostMarks(host)};
}

}  // namespace

class MachineIdentityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itIsFoundInTheStatedOrder() {
        Config config;
        HostFacts host;
        QCOMPARE(base::errorInfo(decideIdentity(config, host, {}).status()).reason,
                 std::string("MACHINE_UNNAMED"));
        host.address = "10.0.0.7";
        QCOMPARE(decideIdentity(config, host, {})->uuid, std::string("10.0.0.7"));
        host.machineId = kMachineId;
        const std::string derived = decideIdentity(config, host, {})->uuid;
        QCOMPARE(derived.size(), std::size_t(36));
        QVERIFY2(derived.find("0123456789ab") == std::string::npos, "machine-id(5) must not show");
        QCOMPARE(decideIdentity(config, host, {})->uuid, derived);
        host.instanceId = "i-0c77b2aa";
        QCOMPARE(decideIdentity(config, host, {})->uuid, std::string("i-0c77b2aa"));
        config.uuid = "mine";
        QCOMPARE(decideIdentity(config, host, {})->uuid, std::string("mine"));
    }

    void onlyIdsOfOneInstanceCount_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("counts");
        const auto row = [](const char* id, bool counts) {
            QTest::newRow(id) << QString::fromLatin1(id) << counts;
        };
        row("i-0c77b2aa", true);
        row("i-0123456789abcdef0", true);
        row("4520031799277581759", true);
        row("8e03978e-40d5-43e8-bc93-6894a57f9324", true);
        row("iid-local01", false);
        row("iid-datasource-none", false);
        row("nocloud", false);
        row("i-", false);
        row("1", false);
        row("8e03978e-40d5-43e8-bc93-6894a57f932g", false);
        row("../../etc/passwd", false);
    }
    void onlyIdsOfOneInstanceCount() {
        QFETCH(QString, id);
        QFETCH(bool, counts);
        HostFacts host;
        host.address = "10.0.0.7";
        host.instanceId = id.toStdString();
        const auto decided = decideIdentity({}, host, {});
        QCOMPARE(decided->uuid, counts ? id.toStdString() : std::string("10.0.0.7"));
    }

    void theMachineOfTheCertificate_data() {
        QTest::addColumn<QString>("configured");
        QTest::addColumn<HostFacts>("now");
        QTest::addColumn<QString>("uuid");
        QTest::addColumn<int>("certificate");
        const auto row = [](const char* name, const char* configured, const HostFacts& now,
                            const char* uuid, Certificate certificate) {
            QTest::newRow(name) << QString::fromLatin1(configured) << now
                                << QString::fromLatin1(uuid) << static_cast<int>(certificate);
        };
        // All of them begin as bareHost(), enrolled as "m1" by its configuration or as found out.
        HostFacts host = bareHost();
        row("the same host", "m1", host, "m1", Certificate::Own);
        row("and without a configured uuid", "", host, "m1", Certificate::Own);
        host.address = "10.9.9.9";
        host.machineId = "ffffffffffffffffffffffffffffffff";
        row("a new address and machine-id on the same board", "", host, "m1", Certificate::Own);
        host = bareHost();
        host.hardwareAddress = "02:00:00:00:00:02";
        row("a new network card", "m1", host, "m1", Certificate::Own);
        host.productId = "board-2";
        row("a copy, with the uuid in its configuration", "m1", host, "m1", Certificate::Moved);
        row("a copy with its own uuid configured", "m2", host, "m2", Certificate::OfAnother);
        host.instanceId = "i-0c77b2aa";
        row("a copy in a cloud", "", host, "i-0c77b2aa", Certificate::OfAnother);
        host = bareHost();
        host.productId.clear();
        host.hardwareAddress = "02:00:00:00:00:02";
        row("nothing but a card that differs", "", host, "m1", Certificate::Own);
        row("the same host under another name", "m2", bareHost(), "m2", Certificate::OfAnother);
        row("nothing is known of this host", "", HostFacts(), "m1", Certificate::Own);
    }
    void theMachineOfTheCertificate() {
        QFETCH(QString, configured);
        QFETCH(HostFacts, now);
        QFETCH(QString, uuid);
        QFETCH(int, certificate);
        Config config;
        config.uuid = configured.toStdString();
        const auto decided = decideIdentity(config, now, enrolledOn(bareHost(), "m1"));
        QVERIFY2(decided.ok(), decided.status().ToString().c_str());
        QCOMPARE(decided->uuid, uuid.toStdString());
        QCOMPARE(static_cast<int>(decided->certificate), certificate);
    }

    void aCertificateOfBeforeThereWereMarksIsKept() {
        const auto decided = decideIdentity({}, bareHost(), StoredIdentity{{}, "old", {}});
        QCOMPARE(decided->uuid, std::string("old"));
        QVERIFY(decided->certificate == Certificate::Own);
    }

    void aContainerHasNoMarksOfItsHost() {
        HostFacts first;
        first.machineId = kMachineId;
        HostFacts second;
        second.machineId = "ffffffffffffffffffffffffffffffff";
        QCOMPARE(static_cast<int>(agent::link::likeness(agent::app::hostMarks(first),
                                                        agent::app::hostMarks(second))),
                 static_cast<int>(Likeness::Unknown));
    }

    void marksSurviveTheirFileAndShowNoIds() {
        const HostMarks marks = agent::app::hostMarks(bareHost());
        const std::string text = agent::link::formatHostMarks(marks);
        QVERIFY(text.find("board-1") == std::string::npos);
        QVERIFY(agent::link::parseHostMarks("junk\n# a=b\n" + text) == marks);
    }

    void aSitesOwnInstanceFileIsRead() {
        const QTemporaryDir root;
        Config config;
        config.root = root.path().toStdString();
        config.instanceIdFile = config.root + "/name";
        HostFacts host = bareHost();
        QCOMPARE(base::errorInfo(agent::app::identityOf(config, host).status()).reason,
                 std::string("MACHINE_UNNAMED"));
        QVERIFY(base::writeFileAtomically(config.instanceIdFile, "rack7-slot3\n", 0600).ok());
        QCOMPARE(agent::app::identityOf(config, host)->uuid, std::string("rack7-slot3"));
    }

    /// Under another name it would set the certificate aside when the disk gives it again.
    void aCertificateThatTheDiskDoesNotGiveNowIsNotNone() {
        const QTemporaryDir root;
        Config config;
        config.root = root.path().toStdString();
        HostFacts host = bareHost();
        host.machineId = "0123";
        QVERIFY(agent::app::identityOf(config, host).ok());
        const std::filesystem::path file = agent::install::Layout(config.root).identity();
        std::filesystem::create_directories(file);  // reading it fails
        QVERIFY(!agent::app::identityOf(config, host).ok());
        std::filesystem::remove(file);
        QVERIFY(base::writeFileAtomically(file.string(), "junk", 0600).ok());
        QVERIFY(agent::app::identityOf(config, host).ok());
    }

    void typeIsFoundOut() {
        HostFacts host;
#if defined(__aarch64__)
        QCOMPARE(agent::app::machineType({}, host), std::string("ARM64"));
#else
        QCOMPARE(agent::app::machineType({}, host), std::string("LINUX"));
#endif
        host.container = true;
        QCOMPARE(agent::app::machineType({}, host), std::string("CONTAINER"));
        Config config;
        config.machineType = "EDGE";
        QCOMPARE(agent::app::machineType(config, host), std::string("EDGE"));
    }
};

QTEST_GUILESS_MAIN(MachineIdentityTest)
#include "tst_machine_identity.moc"
