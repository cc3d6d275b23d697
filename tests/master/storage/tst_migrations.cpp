// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/migrations.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <csignal>
#include <cstdlib>
#include <set>
#include <string_view>
#include <thread>

#include "master/storage/sql/sql_database.h"
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/old_events.h"
#include "tests/master/storage/old_releases.h"

using namespace ifrit;
using namespace ifrit::master::storage;
using namespace ifrit::master::storage::sql;

namespace {

constexpr std::chrono::milliseconds kBusy{5'000};

std::unique_ptr<Connection> openWriter(const std::string& file) {
    auto out = Connection::open(sqlitePlace(file, kBusy), Connection::Use::Write);
    if (!out.ok()) qFatal("cannot connect: %s", base::messageOf(out.status()).c_str());
    return *std::move(out);
}

absl::Status migrateFile(const std::string& file, const MigrateOptions& options = {}) {
    const base::SystemClock clock;
    return migrate(*openWriter(file), clock, options);
}

/// Every table and index as the database itself tells them, and which migrations it has.
std::vector<std::string> schemaOf(const std::string& file) {
    std::vector<std::string> out;
    const auto connection = openWriter(file);
    const auto add = [&out](Row& row) -> absl::Status {
        out.push_back(row.text());
        return absl::OkStatus();
    };
    for (const char* sql :
         {"SELECT name || ': ' || COALESCE(sql, '') FROM sqlite_master ORDER BY name",
          "SELECT number || ' ' || name FROM schema_versions ORDER BY number",
          "SELECT name || ' ' || value FROM counters ORDER BY name",
          "SELECT id || ' ' || hex(hash) FROM audit_head"}) {
        const absl::Status status = connection->each(sql, {}, add);
        if (!status.ok()) out.push_back(base::messageOf(status));
    }
    return out;
}

int newest() {
    return migrations().back().number;
}

int versionOf(const std::string& file) {
    return schemaVersion(*openWriter(file)).value_or(-1);
}

std::size_t statementCount() {
    std::size_t out = 0;
    for (const Migration& migration : migrations())
        out += migration.statements.size();
    return out;
}

/// A hook that lets `count` statements through and then calls `stop`.
std::function<absl::Status(const Migration&, std::size_t)> after(
    std::size_t count, std::function<absl::Status()> stop) {
    return [count, stop, done = std::size_t{0}](const Migration&, std::size_t) mutable {
        return done++ < count ? absl::OkStatus() : stop();
    };
}

/// The child process of killedMigrationIsBegunAgain().
int migrateAndDie(const std::string& file, std::size_t statements) {
    MigrateOptions options;
    options.before = after(statements, []() -> absl::Status {
        std::raise(SIGKILL);
        return absl::InternalError("still alive");
    });
    (void)migrateFile(file, options);
    return EXIT_SUCCESS;
}

}  // namespace

class TestMigrations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void numbersAreInOrder();
    void newDatabaseIsAtTheNewest();
    void oldDatabaseIsBroughtForwardWithItsRows();
    void eventsOfBeforeWereReceivedWhenItWasBroughtForward();
    void releasesOfBeforeGoOn();
    void newerDatabaseIsRefusedUntouched();
    void failedStatementIsBegunAgain();
    void killedMigrationIsBegunAgain();
    void twoMastersAtOnce();

private:
    std::string file(const char* name = "f.db") const {
        return m_directory->filePath(QString::fromLatin1(name)).toStdString();
    }
    absl::Status open(SqlDatabase::Schema schema) const {
        static const base::SystemClock clock;
        SqlDatabase::Options options;
        options.file = file();
        options.schema = schema;
        return SqlDatabase::open(options, clock).status();
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestMigrations::numbersAreInOrder() {
    int expected = 1;
    for (const Migration& migration : migrations()) {
        QCOMPARE(migration.number, expected++);
        QVERIFY(!migration.statements.empty());
    }
}

void TestMigrations::newDatabaseIsAtTheNewest() {
    VERIFY_OK(open(SqlDatabase::Schema::Migrate));
    QCOMPARE(versionOf(file()), newest());
    const auto schema = schemaOf(file());
    VERIFY_OK(open(SqlDatabase::Schema::Migrate));
    VERIFY_OK(open(SqlDatabase::Schema::Require));
    QCOMPARE(schemaOf(file()), schema);
}

void TestMigrations::oldDatabaseIsBroughtForwardWithItsRows() {
    MigrateOptions first;
    first.upTo = 1;
    VERIFY_OK(migrateFile(file(), first));
    QCOMPARE(versionOf(file()), 1);
    VERIFY_OK(openWriter(file())->execute(
        "INSERT INTO operators (name, password_hash, role, disabled, created_ms, changed_ms) "
        "VALUES ('ada', '', 'super_admin', 0, 1, 2)"));
    VERIFY_REASON(open(SqlDatabase::Schema::Require), "DATABASE_OLD");
    QCOMPARE(versionOf(file()), 1);
    VERIFY_OK(open(SqlDatabase::Schema::Migrate));
    QCOMPARE(versionOf(file()), newest());
    std::vector<std::string> names;
    VERIFY_OK(openWriter(file())->each("SELECT name FROM operators", {}, [&](Row& row) {
        names.push_back(row.text());
        return absl::OkStatus();
    }));
    QCOMPARE(names, std::vector<std::string>{"ada"});
}

/// Their machines' clocks may be years off, and theirs is the only other time there is.
void TestMigrations::eventsOfBeforeWereReceivedWhenItWasBroughtForward() {
    MigrateOptions before;
    before.upTo = kEventsReceived - 1;
    VERIFY_OK(migrateFile(file(), before));
    fillWithEvents(*openWriter(file()));
    VERIFY_OK(open(SqlDatabase::Schema::Migrate));
    SqlDatabase::Options options;
    options.file = file();
    const base::SystemClock clock;
    checkEventsOfBefore(*SqlDatabase::open(options, clock).value(), clock.now());
}

void TestMigrations::releasesOfBeforeGoOn() {
    MigrateOptions before;
    before.upTo = kReleaseSpecs - 1;
    VERIFY_OK(migrateFile(file(), before));
    fillWithRelease(*openWriter(file()));
    VERIFY_OK(open(SqlDatabase::Schema::Migrate));
    SqlDatabase::Options options;
    options.file = file();
    const base::SystemClock clock;
    checkReleaseOfBefore(*SqlDatabase::open(options, clock).value(), *openWriter(file()));
}

void TestMigrations::newerDatabaseIsRefusedUntouched() {
    VERIFY_OK(open(SqlDatabase::Schema::Migrate));
    VERIFY_OK(openWriter(file())
                  ->run("INSERT INTO schema_versions (number, name, applied_ms) VALUES (?, ?, ?)",
                        {integer(newest() + 1), text("from the future"), integer(0)})
                  .status());
    const auto schema = schemaOf(file());
    for (const auto how : {SqlDatabase::Schema::Migrate, SqlDatabase::Schema::Require}) {
        const absl::Status status = open(how);
        VERIFY_REASON(status, "DATABASE_NEWER");
        const std::string message = base::messageOf(status);
        QVERIFY(message.find(std::to_string(newest() + 1)) != std::string::npos);
    }
    QCOMPARE(schemaOf(file()), schema);
}

void TestMigrations::failedStatementIsBegunAgain() {
    VERIFY_OK(migrateFile(file("whole.db")));
    const auto whole = schemaOf(file("whole.db"));
    for (std::size_t statements = 0; statements < statementCount(); ++statements) {
        const std::string broken = file(("broken-" + std::to_string(statements)).c_str());
        MigrateOptions options;
        options.before = after(statements, [] { return absl::InternalError("disk full"); });
        QVERIFY(!migrateFile(broken, options).ok());
        // Each step is whole or not there at all.
        const int version = versionOf(broken);
        QVERIFY2(version >= 0 && version < newest(), std::to_string(version).c_str());
        VERIFY_OK(migrateFile(broken));
        QCOMPARE(schemaOf(broken), whole);
    }
}

void TestMigrations::killedMigrationIsBegunAgain() {
    VERIFY_OK(migrateFile(file("whole.db")));
    const auto whole = schemaOf(file("whole.db"));
    // In the first, in the middle of each, and right before the last statement.
    std::set<std::size_t> places = {0, statementCount() - 1};
    std::size_t begun = 0;
    for (const Migration& migration : migrations()) {
        places.insert(begun + migration.statements.size() / 2);
        begun += migration.statements.size();
    }
    for (const std::size_t place : places) {
        const QString killed = m_directory->filePath(QStringLiteral("killed-%1").arg(place));
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--migrate-and-die"), killed, QString::number(place)});
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        QVERIFY(versionOf(killed.toStdString()) < newest());
        VERIFY_OK(migrateFile(killed.toStdString()));
        QCOMPARE(schemaOf(killed.toStdString()), whole);
    }
}

void TestMigrations::twoMastersAtOnce() {
    std::vector<absl::Status> statuses(4);
    std::vector<std::thread> masters;
    for (absl::Status& status : statuses)
        masters.emplace_back([&] { status = open(SqlDatabase::Schema::Migrate); });
    for (std::thread& master : masters)
        master.join();
    for (const absl::Status& status : statuses)
        VERIFY_OK(status);
    QCOMPARE(versionOf(file()), newest());
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 4 && std::string_view(argv[1]) == "--migrate-and-die")
        return migrateAndDie(argv[2], std::strtoul(argv[3], nullptr, 10));
    TestMigrations test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrations.moc"
