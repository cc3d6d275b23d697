// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "master/app/add_master.h"
#include "master/app/cluster_init.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::app;

/// What needs no MariaDB; with one, tests/fault/masters_cluster serves from what add-master made.
class TestAddMaster : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aClusterInAFileHasOneMaster() {
        const QTemporaryDir directory;
        const std::filesystem::path root = directory.path().toStdString();
        InitRequest init;
        init.directory = root / "m";
        init.cluster = "demo";
        init.addresses = {"127.0.0.1:7443"};
        const base::SystemClock clock;
        QVERIFY(initCluster(init, clock).ok());
        const MasterFiles files(init.directory);
        const auto config = loadConfig(files.config().string());
        QVERIFY2(config.ok(), base::messageOf(config.status()).c_str());
        const absl::Status refused =
            addMaster(files, *config, {"127.0.0.1:7444", root / "m2"}, clock);
        QCOMPARE(base::errorInfo(refused).reason, std::string("ONE_MASTER"));
        QVERIFY(base::messageOf(refused).find("MariaDB") != std::string::npos);
        QVERIFY(!std::filesystem::exists(root / "m2"));
    }

    void anAddressHasOneMaster() {
        const std::vector<master::storage::MemberRecord> masters = {{"id", "b:1", "1", {}, 0}};
        QVERIFY(checkNewAddress("c:1", "a:1", masters).ok());
        for (const char* taken : {"a:1", "b:1"}) {
            QCOMPARE(base::errorInfo(checkNewAddress(taken, "a:1", masters)).reason,
                     std::string("MASTER_EXISTS"));
        }
    }

    void addressesAreReplacedAndAllElseStays_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const QString ours = QStringLiteral("listen = \"0.0.0.0:2\"\nadvertise = \"b:2\"\n");
        const auto row = [&ours](const char* name, const char* before, const char* rest) {
            QTest::newRow(name) << QString::fromLatin1(before) << ours + QString::fromLatin1(rest);
        };
        row("empty", "", "");
        row("both", "listen = \"a:1\"\nadvertise = \"a:1\"\nworkers = 2\n", "workers = 2\n");
        row("spaces", "  listen=\"a:1\"\n# listen = \"x\"\n", "# listen = \"x\"\n");
        row("only at the top", "[store]\nlisten = \"x\"\n", "[store]\nlisten = \"x\"\n");
        row("another key that begins so", "listen_on = 1\n", "listen_on = 1\n");
        row("no newline at the end", "workers = 2", "workers = 2");
        row("only it, without a newline", "listen = \"a:1\"", "");
    }
    void addressesAreReplacedAndAllElseStays() {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QCOMPARE(QString::fromStdString(withAddresses(before.toStdString(), "0.0.0.0:2", "b:2")),
                 after);
    }
};

QTEST_GUILESS_MAIN(TestAddMaster)
#include "tst_add_master.moc"
