// SPDX-License-Identifier: Apache-2.0
#include <QDeadlineTimer>
#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <functional>
#include <thread>

#include "master/storage/sql/connection.h"
#include "master/storage/sql/sql_database.h"
#include "master/storage/sql/sql_package_store.h"
#include "shared/base/call_details.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/sha256.h"
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/release_writes.h"
#include "tests/master/storage/row_reads.h"
#include "tests/master/storage/storage_contract_test.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master::storage;

/// The contract suite on a real MariaDB, and what is MariaDB's alone.
class TestMariadbStorage : public StorageContractTest {
    Q_OBJECT

private:
    static const base::Clock& clock() {
        static const base::SystemClock instance;
        return instance;
    }
    sql::SqlDatabase::Options options(const std::string& database) const {
        sql::SqlDatabase::Options out;
        out.server.emplace();
        out.server->socket = m_server->socket();
        out.server->database = database;
        out.server->user = tests::PrivateMariadb::user();
        out.server->password = tests::PrivateMariadb::password();
        out.schema = sql::SqlDatabase::Schema::Migrate;
        out.writers = 2;
        out.origin = kContractOrigin;
        return out;
    }
    absl::Status statusOf(const sql::SqlDatabase::Options& with) const {
        return sql::SqlDatabase::open(with, clock()).status();
    }
    OpenDatabase opener() override {
        return [with = options(m_server->newDatabase())]() -> std::unique_ptr<Database> {
            auto database = sql::SqlDatabase::open(with, clock());
            if (!database.ok())
                qFatal("cannot open: %s", base::messageOf(database.status()).c_str());
            return *std::move(database);
        };
    }
    static absl::Status enrol(Database& database, const std::string& uuid) {
        return database.transact(
            [&uuid](Transaction& t) { return t.machines().enrol(factsOf(uuid), at(1)); });
    }

    /// `check` with a counter of the server's, or the sum of those that are called so.
    void withCounter(const char* name,
                     const std::function<void(const OpenDatabase&,
                                              const std::function<std::uint64_t()>&)>& check);

    std::unique_ptr<tests::PrivateMariadb> m_server;

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<tests::PrivateMariadb>(); }
    void cleanupTestCase() { m_server.reset(); }

    void deadlockIsRunAgain();
    void statementAfterALostOneIsNotCommittedAlone();
    void restartedServerIsFoundAgain();
    void killedConnectionCostsOneError();
    void manyPackagesAreReadInFewStatements();
    void wrongPasswordAndAbsentServerAreTold();
    void databaseOfOthersIsRefused();
    void settingsThatLoseCommitsAreRefused();
    void galeraNodeThatAnswersTooEarlyIsRefused();
    void nothingIsSaidInTheClearWhereTlsIsAskedFor();
    void reportsOfAReleaseWriteLittle() {
        withCounter("Innodb_os_log_written", checkReportsOfAReleaseWriteLittle);
    }
    void usesReadFewRows() { withCounter("Handler_read_%", checkUsesReadFewRows); }
    void auditOfAnActorReadsFewRows() {
        withCounter("Handler_read_%", checkAuditOfAnActorReadsFewRows);
    }
    void aVerbOfManySaysLittle() { withCounter("Bytes_received", checkAVerbOfManySaysLittle); }
    void aFullReportReadsFewEvents() {
        withCounter("Handler_read_%", checkAFullReportReadsFewEvents);
    }
};

void TestMariadbStorage::deadlockIsRunAgain() {
    const auto with = options(m_server->newDatabase());
    const auto database = sql::SqlDatabase::open(with, clock());
    VERIFY_OK(database.status());
    VERIFY_OK(enrol(**database, "a"));
    VERIFY_OK(enrol(**database, "b"));
    // Two transactions that take two rows in opposite order, and meet in the middle.
    std::atomic<int> holding{0};
    std::atomic<int> runs{0};
    const auto touch = [&](const std::string& first, const std::string& second) {
        return (*database)->transact([&](Transaction& t) -> absl::Status {
            ++runs;
            IFRIT_RETURN_IF_ERROR(t.machines().putLastSeen({{first, at(runs + 10)}}));
            ++holding;
            const QDeadlineTimer deadline(20'000);
            while (holding < 2 && !deadline.hasExpired())
                std::this_thread::yield();
            return t.machines().putLastSeen({{second, at(runs + 20)}});
        });
    };
    absl::Status other;
    std::thread thread([&] { other = touch("b", "a"); });
    const absl::Status status = touch("a", "b");
    thread.join();
    VERIFY_OK(status);
    VERIFY_OK(other);
    QVERIFY2(runs >= 3, std::to_string(runs).c_str());
}

void TestMariadbStorage::statementAfterALostOneIsNotCommittedAlone() {
    const auto with = options(m_server->newDatabase());
    VERIFY_OK(statusOf(with));
    const auto place = sql::mariadbPlace(*with.server);
    VERIFY_OK(place.status());
    const auto connection = sql::Connection::open(*place, sql::Connection::Use::Write);
    VERIFY_OK(connection.status());
    const auto put = [&](const char* name) {
        return (*connection)
            ->run("INSERT INTO counters (name, value) VALUES (?, 1)", {sql::text(name)})
            .status();
    };
    // The first error has rolled the transaction back, and its caller does not look.
    const absl::Status status = (*connection)->transaction([&] {
        (void)put("before");
        (void)(*connection)->execute("KILL QUERY CONNECTION_ID()");
        return put("after");
    });
    QVERIFY(!status.ok());
    int left = 0;
    m_server->run("SELECT 1");
    const auto fresh = sql::Connection::open(*place, sql::Connection::Use::Read);
    VERIFY_OK(fresh.status());
    VERIFY_OK((*fresh)->each("SELECT name FROM counters WHERE name IN ('before', 'after')", {},
                             [&left](sql::Row&) -> absl::Status {
                                 ++left;
                                 return absl::OkStatus();
                             }));
    QCOMPARE(left, 0);
}

void TestMariadbStorage::restartedServerIsFoundAgain() {
    const auto database = sql::SqlDatabase::open(options(m_server->newDatabase()), clock());
    VERIFY_OK(database.status());
    VERIFY_OK(enrol(**database, "a"));
    m_server->kill();
    const absl::Status away = enrol(**database, "b");
    VERIFY_REASON(away, "DATABASE_AWAY");
    QCOMPARE(away.code(), absl::StatusCode::kUnavailable);
    QVERIFY(base::callDetails(away).retryAfter.count() > 0);
    QVERIFY2(base::messageOf(away).find("see to the database, then try again") != std::string::npos,
             base::messageOf(away).c_str());
    m_server->start();
    QTRY_VERIFY_WITH_TIMEOUT(enrol(**database, "c").ok(), 20'000);
    VERIFY_OK((*database)->read([](Transaction& t) -> absl::Status {
        for (const char* kept : {"a", "c"}) {
            IFRIT_ASSIGN_OR_RETURN(const auto machine, t.machines().find(kept));
            if (!machine) return absl::InternalError("an acknowledged machine is gone");
        }
        return absl::OkStatus();
    }));
}

void TestMariadbStorage::killedConnectionCostsOneError() {
    // Idle for too long: the server has closed it, and the next call finds out.
    const auto database = sql::SqlDatabase::open(options(m_server->newDatabase()), clock());
    VERIFY_OK(database.status());
    VERIFY_OK(enrol(**database, "a"));
    VERIFY_OK(enrol(**database, "b"));
    m_server->run("KILL USER 'ifrit'@'localhost'");
    for (const char* uuid : {"c", "d", "e"})
        VERIFY_OK(enrol(**database, uuid));
}

void TestMariadbStorage::manyPackagesAreReadInFewStatements() {
    const auto with = options(m_server->newDatabase());
    VERIFY_OK(statusOf(with));
    const auto place = sql::mariadbPlace(*with.server);
    VERIFY_OK(place.status());
    const auto connection = sql::Connection::open(*place, sql::Connection::Use::Write);
    VERIFY_OK(connection.status());
    sql::SqlPackageStore store(**connection);
    constexpr int kPackages = 200;
    std::string digest;
    VERIFY_OK((*connection)->transaction([&]() -> absl::Status {
        for (int i = 0; i < kPackages; ++i) {
            PackageRecord package = packageOf("exporter", std::to_string(i), 'a');
            package.manifestDigest = digest = crypto::sha256Hex(package.version);
            IFRIT_RETURN_IF_ERROR(store.put(package));
        }
        return absl::OkStatus();
    }));
    // As the server counts them for this connection.
    const auto executed = [&] {
        std::int64_t count = -1;
        (void)(*connection)
            ->each(
                "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS "
                "WHERE VARIABLE_NAME = 'COM_STMT_EXECUTE'",
                {}, [&count](sql::Row& row) -> absl::Status {
                    count = std::stoll(row.text());
                    return absl::OkStatus();
                });
        return count;
    };
    const auto cost = [&](const std::function<absl::Status()>& work) -> std::int64_t {
        const std::int64_t before = executed();
        const absl::Status status = work();
        return before < 0 || !status.ok() ? -1 : executed() - before - 1;
    };
    const auto all = [&] {
        const auto found = store.list("");
        return found.ok() && found->size() == kPackages ? absl::OkStatus() : found.status();
    };
    QCOMPARE(cost(all), std::int64_t{2});
    QCOMPARE(cost([&] { return store.find(digest).status(); }), std::int64_t{2});
    const auto byName = [&] { return store.find("exporter", "7", "LINUX").status(); };
    QCOMPARE(cost(byName), std::int64_t{3});
}

void TestMariadbStorage::wrongPasswordAndAbsentServerAreTold() {
    auto with = options(m_server->newDatabase());
    with.server->password = "wrong";
    const absl::Status wrong = statusOf(with);
    VERIFY_REASON(wrong, "DATABASE_AWAY");
    const std::string message = base::messageOf(wrong);
    QVERIFY2(message.find("Access denied") != std::string::npos, message.c_str());
    QVERIFY2(message.find("wrong") == std::string::npos, message.c_str());
    with.server->socket = "/nowhere/socket";
    VERIFY_REASON(statusOf(with), "DATABASE_AWAY");
    with.server->socket = "/no where";
    VERIFY_REASON(statusOf(with), "PLACE_INVALID");
}

void TestMariadbStorage::databaseOfOthersIsRefused() {
    const auto with = options(m_server->newDatabase());
    m_server->run("CREATE TABLE " + with.server->database + ".machines (theirs INT)");
    VERIFY_REASON(statusOf(with), "DATABASE_FOREIGN");
}

void TestMariadbStorage::settingsThatLoseCommitsAreRefused() {
    const auto with = options(m_server->newDatabase());
    VERIFY_OK(statusOf(with));
    m_server->run("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    const absl::Status lossy = statusOf(with);
    m_server->run("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    VERIFY_REASON(lossy, "DATABASE_SETTINGS");
    m_server->run("SET GLOBAL max_allowed_packet = 1048576");
    const absl::Status small = statusOf(with);
    m_server->run("SET GLOBAL max_allowed_packet = 16777216");
    VERIFY_REASON(small, "DATABASE_SETTINGS");
    VERIFY_OK(statusOf(with));
}

void TestMariadbStorage::galeraNodeThatAnswersTooEarlyIsRefused() {
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const QString listens =
        QStringLiteral("gmcast.listen_addr=tcp://127.0.0.1:%1").arg(free.serverPort());
    free.close();
    tests::PrivateMariadb node(
        {QStringLiteral("--binlog-format=ROW"), QStringLiteral("--innodb-autoinc-lock-mode=2"),
         QStringLiteral("--wsrep-on=ON"),
         QStringLiteral("--wsrep-provider=/usr/lib/galera/libgalera_smm.so"),
         QStringLiteral("--wsrep-cluster-address=gcomm://"), QStringLiteral("--wsrep-new-cluster"),
         QStringLiteral("--wsrep-node-address=127.0.0.1"),
         QStringLiteral("--wsrep-provider-options=") + listens});
    auto with = options(node.newDatabase());
    with.server->socket = node.socket();
    const absl::Status early = statusOf(with);
    VERIFY_REASON(early, "DATABASE_SETTINGS");
    QVERIFY(base::messageOf(early).find("wsrep_sync_wait") != std::string::npos);
    node.run("SET GLOBAL wsrep_sync_wait = 1");
    VERIFY_OK(statusOf(with));
}

void TestMariadbStorage::nothingIsSaidInTheClearWhereTlsIsAskedFor() {
    const QTemporaryDir directory;
    const auto write = [&directory](const char* name, const std::string& text) {
        const QString path = directory.filePath(QLatin1String(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        file.write(QByteArray::fromStdString(text));
        return path.toStdString();
    };
    const auto now = clock().now();
    const auto day = std::chrono::hours(24);
    const auto ca = crypto::createCa("theirs", now, day);
    const auto own =
        crypto::issue(*ca, {crypto::Role::Server, "theirs", "db", {"localhost"}, now, day});
    VERIFY_OK(own.status());
    const std::string certificate = write("c.pem", own->certificatePem);
    const std::string key = write("k.pem", own->privateKeyPem);
    tests::PrivateMariadb secured(
        {QStringLiteral("--ssl-cert=") + QString::fromStdString(certificate),
         QStringLiteral("--ssl-key=") + QString::fromStdString(key)});
    auto with = options(secured.newDatabase());
    with.server->socket = secured.socket();
    secured.run("ALTER USER 'ifrit'@'localhost' REQUIRE SSL");
    VERIFY_REASON(statusOf(with), "DATABASE_AWAY");
    with.server->tlsCa = write("ca.pem", ca->certificatePem);
    VERIFY_OK(statusOf(with));
    // A server that has no certificate.
    with.server->socket = m_server->socket();
    with.server->database = m_server->newDatabase();
    VERIFY_REASON(statusOf(with), "DATABASE_AWAY");
}

void TestMariadbStorage::withCounter(
    const char* name,
    const std::function<void(const OpenDatabase&, const std::function<std::uint64_t()>&)>& check) {
    const auto with = options(m_server->newDatabase());
    const OpenDatabase open = [&with]() -> std::unique_ptr<Database> {
        return sql::SqlDatabase::open(with, clock()).value();
    };
    (void)open();
    const auto place = sql::mariadbPlace(*with.server).value();
    const auto looks = sql::Connection::open(place, sql::Connection::Use::Read).value();
    const std::string sql = fmt::format("SHOW GLOBAL STATUS LIKE '{}'", name);
    check(open, [&]() -> std::uint64_t {
        std::uint64_t count = 0;
        const absl::Status looked = looks->each(sql, {}, [&](sql::Row& row) {
            row.skip();
            count += std::stoull(row.text());
            return absl::OkStatus();
        });
        return looked.ok() ? count : 0;
    });
}

QTEST_GUILESS_MAIN(TestMariadbStorage)
#include "tst_mariadb_storage.moc"
