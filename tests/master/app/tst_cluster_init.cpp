// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QTemporaryDir>
#include <QTest>

#include "master/app/cluster_init.h"
#include "master/app/master_files.h"
#include "master/audit/audit_trail.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/password.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::app;

namespace {

unsigned modeOf(const std::filesystem::path& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777U : 0U;
}

}  // namespace

class TestClusterInit : public QObject {
    Q_OBJECT

private:
    std::filesystem::path root() const { return m_directory->path().toStdString(); }
    InitRequest request(const std::string& directory = "m") const {
        InitRequest out;
        out.directory = root() / directory;
        out.cluster = "demo";
        out.addresses = {"127.0.0.1:7443", "[::1]:7443", "master.example:7443"};
        return out;
    }
    QStringList names() const {
        return QDir(m_directory->path())
            .entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden);
    }
    /// Bytes of every file below, to see that nothing changed.
    QMap<QString, QByteArray> contents(const std::filesystem::path& directory) const {
        QMap<QString, QByteArray> out;
        QDirIterator files(QString::fromStdString(directory.string()), QDir::Files | QDir::Hidden,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly)) out[file.fileName()] = file.readAll();
        }
        return out;
    }

    const base::SystemClock m_clock{};
    std::unique_ptr<QTemporaryDir> m_directory;

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void everythingIsThereAndFits() {
        const auto made = initCluster(request(), m_clock);
        QVERIFY2(made.ok(), base::messageOf(made.status()).c_str());
        const MasterFiles files(root() / "m");
        const auto bundle = bundle::readBundleFile(files.adminBundle());
        QVERIFY2(bundle.ok(), base::messageOf(bundle.status()).c_str());
        QCOMPARE(bundle->cluster, std::string("demo"));
        QCOMPARE(bundle->addresses, request().addresses);
        const auto ca = files.readCa();
        const auto server = files.readServer();
        QVERIFY(ca.ok() && server.ok());
        QCOMPARE(bundle->caPem, ca->certificatePem);
        for (const std::string& pem : {server->certificatePem, bundle->certificatePem})
            QVERIFY(crypto::verifyCertificate(pem, ca->certificatePem, m_clock.now()).ok());
        QVERIFY(crypto::checkKeyPair(bundle->certificatePem, bundle->privateKeyPem).ok());
        const auto admin = crypto::parseIdentity(bundle->certificatePem);
        QVERIFY(admin->role == crypto::Role::Operator);
        QCOMPARE(admin->name, std::string("admin"));

        storage::sql::SqlDatabase::Options options;
        options.file = files.database().string();
        const auto database = storage::sql::SqlDatabase::open(options, m_clock);
        QVERIFY(database.ok());
        std::optional<storage::OperatorRecord> person;
        storage::ClusterSettings settings;
        std::vector<storage::AuditRow> rows;
        std::vector<storage::CertificateRecord> certificates;
        const absl::Status read =
            (*database)->read([&](storage::Transaction& view) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(person, view.operators().find("admin"));
                IFRIT_ASSIGN_OR_RETURN(settings, view.settings().get());
                IFRIT_ASSIGN_OR_RETURN(rows, view.audit().read(0, 10));
                IFRIT_ASSIGN_OR_RETURN(certificates,
                                       view.certificates().listOf("operator", "admin"));
                return absl::OkStatus();
            });
        QVERIFY(read.ok());
        QVERIFY(person && person->role == storage::OperatorRole::SuperAdmin);
        QVERIFY(crypto::verifyPassword(made->adminPassword, person->passwordHash));
        QCOMPARE(settings.name, std::string("demo"));
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].entry.verb, std::string("cluster.init"));
        // When it was made, not from when on it holds, which is earlier for skewed clocks.
        QCOMPARE(certificates.size(), std::size_t{1});
        QVERIFY(certificates[0].issued > admin->notBefore + std::chrono::minutes(1));
        QVERIFY(certificates[0].issued <= m_clock.now());
        QVERIFY(master::audit::AuditTrail("demo").verify(**database)->intact);
    }

    void secretsAreForTheirOwnerAlone() {
        QVERIFY(initCluster(request(), m_clock).ok());
        const MasterFiles files(root() / "m");
        for (const auto& path : {files.adminBundle(), files.caKey(), files.serverKey(),
                                 files.database(), files.config()})
            QCOMPARE(modeOf(path), 0600U);
        QCOMPARE(modeOf(files.directory()), 0700U);
        // The password is printed, and written nowhere.
        const auto made = initCluster(request("other"), m_clock);
        QVERIFY(made.ok());
        for (const QByteArray& bytes : contents(root() / "other"))
            QVERIFY(!bytes.contains(QByteArray::fromStdString(made->adminPassword)));
    }

    void twoClustersShareNoKeyAndNoSeed() {
        QVERIFY(initCluster(request("a"), m_clock).ok());
        QVERIFY(initCluster(request("b"), m_clock).ok());
        const auto one = MasterFiles(root() / "a").readCa();
        const auto two = MasterFiles(root() / "b").readCa();
        QVERIFY(one->privateKeyPem != two->privateKeyPem);
    }

    void secondInitChangesNothing() {
        QVERIFY(initCluster(request(), m_clock).ok());
        const auto before = contents(root());
        const auto again = initCluster(request(), m_clock);
        QCOMPARE(base::errorInfo(again.status()).reason, std::string("DIRECTORY_NOT_EMPTY"));
        QVERIFY(base::messageOf(again.status()).find((root() / "m").string()) != std::string::npos);
        QVERIFY(contents(root()) == before);
        QCOMPARE(names(), QStringList{QStringLiteral("m")});
    }

    void foreignFileIsLeftAlone() {
        std::filesystem::create_directory(root() / "m");
        QFile file(QString::fromStdString((root() / "m" / "notes").string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QVERIFY(!initCluster(request(), m_clock).ok());
        QCOMPARE(contents(root()).size(), 1);
    }

    void badRequestLeavesNothing_data() {
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("admin");
        const auto text = [](const char* word) { return QString::fromLatin1(word); };
        QTest::newRow("cluster") << text("De mo") << text("a:1") << text("admin");
        QTest::newRow("no port") << text("demo") << text("master.example") << text("admin");
        QTest::newRow("no host") << text("demo") << text(":7443") << text("admin");
        QTest::newRow("IPv6 without brackets") << text("demo") << text("::1:80") << text("admin");
        QTest::newRow("two ports") << text("demo") << text("a:b:c:80") << text("admin");
        QTest::newRow("white space") << text("demo") << text("host name:80") << text("admin");
        QTest::newRow("port 0") << text("demo") << text("a:0") << text("admin");
        QTest::newRow("port too high") << text("demo") << text("a:65536") << text("admin");
        QTest::newRow("admin") << text("demo") << text("a:1") << text("../x");
    }
    void badRequestLeavesNothing() {
        QFETCH(QString, cluster);
        QFETCH(QString, address);
        QFETCH(QString, admin);
        InitRequest bad = request();
        bad.cluster = cluster.toStdString();
        bad.addresses = {address.toStdString()};
        bad.admin = admin.toStdString();
        QVERIFY(!initCluster(bad, m_clock).ok());
        QVERIFY2(names().isEmpty(), qPrintable(names().join(QLatin1Char(' '))));
    }

    // As the package lays it out: an empty directory of the service's own user.
    void emptyDirectoryKeepsItsOwnerAndMode() {
        const std::filesystem::path target = root() / "m";
        std::filesystem::create_directory(target);
        QCOMPARE(::chmod(target.c_str(), 0700), 0);
        const bool root = ::geteuid() == 0;
        const uid_t owner = root ? 12'345 : ::geteuid();
        const gid_t group = root ? 12'346 : ::getegid();
        QCOMPARE(::chown(target.c_str(), owner, group), 0);
        const auto made = initCluster(request(), m_clock);
        QVERIFY2(made.ok(), base::messageOf(made.status()).c_str());
        const MasterFiles files(target);
        for (const auto& path : {target, files.config(), files.database(), files.caKey()}) {
            struct stat found {};
            QCOMPARE(::stat(path.c_str(), &found), 0);
            QCOMPARE(found.st_uid, owner);
            QCOMPARE(found.st_gid, group);
        }
        QCOMPARE(modeOf(target), 0700U);
    }
};

QTEST_GUILESS_MAIN(TestClusterInit)
#include "tst_cluster_init.moc"
