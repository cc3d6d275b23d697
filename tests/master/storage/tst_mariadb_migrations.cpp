// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "master/storage/sql/migrations.h"
#include "master/storage/sql/sql_database.h"
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/old_events.h"
#include "tests/master/storage/old_releases.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master::storage;
using namespace ifrit::master::storage::sql;

namespace {

const base::SystemClock kClock;

MariadbServer serverOf(const std::string& socket, const std::string& database) {
    MariadbServer out;
    out.socket = socket;
    out.database = database;
    out.user = tests::PrivateMariadb::user();
    out.password = tests::PrivateMariadb::password();
    return out;
}

std::unique_ptr<Connection> openWriter(const MariadbServer& server) {
    auto out = Connection::open(*mariadbPlace(server), Connection::Use::Write);
    if (!out.ok()) qFatal("cannot connect: %s", base::messageOf(out.status()).c_str());
    return *std::move(out);
}

/// The child process of killedAtEachStatement(): dies at the `hook`-th place between statements.
int migrateAndDie(const MariadbServer& server, int hook) {
    MigrateOptions options;
    options.before = options.after = [&hook](const Migration&, std::size_t) -> absl::Status {
        if (--hook == 0) std::raise(SIGKILL);
        return absl::OkStatus();
    };
    const absl::Status status = migrate(*openWriter(server), kClock, options);
    if (!status.ok()) std::fprintf(stderr, "%s\n", base::messageOf(status).c_str());
    return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// Every table, column, index and foreign key as the database itself tells them, and the first
/// rows.
std::vector<std::string> schemaOf(const MariadbServer& server) {
    std::vector<std::string> out;
    const auto connection = openWriter(server);
    for (const char* sql :
         {"SELECT CONCAT_WS(' ', table_name, column_name, ordinal_position, column_type, "
          "is_nullable, column_key, extra) FROM information_schema.columns WHERE table_schema = "
          "DATABASE() ORDER BY 1",
          "SELECT CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name, non_unique) "
          "FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1",
          "SELECT CONCAT_WS(' ', table_name, referenced_table_name, delete_rule) FROM "
          "information_schema.referential_constraints WHERE constraint_schema = DATABASE() "
          "ORDER BY 1",
          "SELECT CONCAT(number, ' ', name) FROM schema_versions ORDER BY number",
          "SELECT CONCAT(name, ' ', value) FROM counters ORDER BY name",
          "SELECT CONCAT(id, ' ', HEX(hash)) FROM audit_head"}) {
        const absl::Status status = connection->each(sql, {}, [&out](Row& row) -> absl::Status {
            out.push_back(row.text());
            return absl::OkStatus();
        });
        if (!status.ok()) out.push_back(base::messageOf(status));
    }
    return out;
}

}  // namespace

class TestMariadbMigrations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<tests::PrivateMariadb>(); }
    void cleanupTestCase() { m_server.reset(); }

    void killedAtEachStatement();
    void serverKilledAtStatements();
    void fourMastersAtOnce();
    void oldAndNewDatabasesAreRefused();
    void eventsOfBeforeWereReceivedWhenItWasBroughtForward();
    void releasesOfBeforeGoOn();

private:
    MariadbServer newServer() { return serverOf(m_server->socket(), m_server->newDatabase()); }
    static absl::Status open(const MariadbServer& server, SqlDatabase::Schema schema) {
        SqlDatabase::Options options;
        options.server = server;
        options.schema = schema;
        return SqlDatabase::open(options, kClock).status();
    }
    std::vector<std::string> wholeSchema() {
        const MariadbServer server = newServer();
        if (const auto status = migrate(*openWriter(server), kClock, {}); !status.ok())
            qFatal("%s", base::messageOf(status).c_str());
        return schemaOf(server);
    }

    std::unique_ptr<tests::PrivateMariadb> m_server;
};

void TestMariadbMigrations::killedAtEachStatement() {
    // Each run is killed one place further than the one before: before a statement, and after it
    // but before its note; so every place between two statements is tried, each on what a kill
    // left.
    const auto whole = wholeSchema();
    const MariadbServer server = newServer();
    int kills = 0;
    for (int hook = 1; kills < 1'000; hook = kills % 2 == 1 ? 2 : 3) {
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        child.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--migrate-and-die"), QString::fromStdString(server.socket),
                     QString::fromStdString(server.database), QString::number(hook)});
        QVERIFY(child.waitForFinished());
        if (child.exitStatus() == QProcess::NormalExit) {
            QCOMPARE(child.exitCode(), EXIT_SUCCESS);
            break;
        }
        ++kills;
    }
    std::size_t statements = 0;
    for (const Migration& migration : migrations())
        statements += migration.statements.size();
    QVERIFY2(kills >= static_cast<int>(statements), std::to_string(kills).c_str());
    QCOMPARE(schemaOf(server), whole);
    VERIFY_OK(open(server, SqlDatabase::Schema::Require));
}

void TestMariadbMigrations::serverKilledAtStatements() {
    const auto whole = wholeSchema();
    const MariadbServer server = newServer();
    // The server dies after every ninth statement and comes back with what it had.
    int count = 0;
    MigrateOptions options;
    options.after = [&](const Migration&, std::size_t) -> absl::Status {
        if (++count % 9 == 0) m_server->kill();
        return absl::OkStatus();
    };
    absl::Status status = absl::UnavailableError("not yet");
    int runs = 0;
    for (; !status.ok() && runs < 50; ++runs) {
        status = migrate(*openWriter(server), kClock, options);
        if (!status.ok()) m_server->start();
    }
    VERIFY_OK(status);
    QVERIFY2(runs > 3, std::to_string(runs).c_str());
    QCOMPARE(schemaOf(server), whole);
}

void TestMariadbMigrations::fourMastersAtOnce() {
    const MariadbServer server = newServer();
    std::vector<absl::Status> statuses(4);
    std::vector<std::thread> masters;
    for (absl::Status& status : statuses)
        masters.emplace_back([&] { status = open(server, SqlDatabase::Schema::Migrate); });
    for (std::thread& master : masters)
        master.join();
    for (const absl::Status& status : statuses)
        VERIFY_OK(status);
}

void TestMariadbMigrations::oldAndNewDatabasesAreRefused() {
    const MariadbServer server = newServer();
    VERIFY_REASON(open(server, SqlDatabase::Schema::Require), "DATABASE_OLD");
    MigrateOptions first;
    first.upTo = 1;
    VERIFY_OK(migrate(*openWriter(server), kClock, first));
    const absl::Status old = open(server, SqlDatabase::Schema::Require);
    VERIFY_REASON(old, "DATABASE_OLD");
    QVERIFY(base::messageOf(old).find("ifrit-master migrate") != std::string::npos);
    VERIFY_OK(open(server, SqlDatabase::Schema::Migrate));
    VERIFY_OK(openWriter(server)->execute(
        "INSERT INTO schema_versions (number, name, applied_ms) VALUES (999, 'from tomorrow', 0)"));
    for (const auto schema : {SqlDatabase::Schema::Migrate, SqlDatabase::Schema::Require})
        VERIFY_REASON(open(server, schema), "DATABASE_NEWER");
}

void TestMariadbMigrations::eventsOfBeforeWereReceivedWhenItWasBroughtForward() {
    const MariadbServer server = newServer();
    MigrateOptions before;
    before.upTo = kEventsReceived - 1;
    VERIFY_OK(migrate(*openWriter(server), kClock, before));
    fillWithEvents(*openWriter(server));
    VERIFY_OK(open(server, SqlDatabase::Schema::Migrate));
    SqlDatabase::Options options;
    options.server = server;
    checkEventsOfBefore(*SqlDatabase::open(options, kClock).value(), kClock.now());
}

void TestMariadbMigrations::releasesOfBeforeGoOn() {
    const MariadbServer server = newServer();
    MigrateOptions before;
    before.upTo = kReleaseSpecs - 1;
    VERIFY_OK(migrate(*openWriter(server), kClock, before));
    fillWithRelease(*openWriter(server));
    VERIFY_OK(open(server, SqlDatabase::Schema::Migrate));
    SqlDatabase::Options options;
    options.server = server;
    checkReleaseOfBefore(*SqlDatabase::open(options, kClock).value(), *openWriter(server));
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 5 && std::string_view(argv[1]) == "--migrate-and-die")
        return migrateAndDie(serverOf(argv[2], argv[3]), std::atoi(argv[4]));
    TestMariadbMigrations test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_mariadb_migrations.moc"
