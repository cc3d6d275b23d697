// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "master/storage/sql/connection.h"
#include "master/storage/sql/place.h"
#include "master/storage/sql/sql_database.h"
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/release_writes.h"
#include "tests/master/storage/storage_contract_test.h"

using namespace ifrit;
using namespace ifrit::master::storage;

/// The contract suite on SQLite, and what is SQLite's alone.
class TestSqliteStorage : public StorageContractTest {
    Q_OBJECT

private:
    std::string file() const { return m_directory->filePath(QStringLiteral("f.db")).toStdString(); }
    OpenDatabase opener() override {
        return [file = file()]() -> std::unique_ptr<Database> {
            static const base::SystemClock clock;
            sql::SqlDatabase::Options options;
            options.file = file;
            options.origin = kContractOrigin;
            options.schema = sql::SqlDatabase::Schema::Migrate;
            auto database = sql::SqlDatabase::open(options, clock);
            if (!database.ok()) {
                qFatal("cannot open: %s", base::messageOf(database.status()).c_str());
            }
            return *std::move(database);
        };
    }

    std::unique_ptr<QTemporaryDir> m_directory;

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void filesAreForTheirOwnerAlone() {
        const auto database = opener()();
        VERIFY_OK(database->transact(
            [](Transaction& t) { return t.machines().enrol(factsOf("m-1"), at(1)); }));
        for (const char* suffix : {"", "-wal", "-shm"}) {
            struct stat found {};
            QCOMPARE(::stat((file() + suffix).c_str(), &found), 0);
            QCOMPARE(found.st_mode & 0777, mode_t{0600});
        }
    }

    void reportsOfAReleaseWriteLittle() {
        // Far below the pages after which the log begins at its start again.
        checkReportsOfAReleaseWriteLittle(opener(), [this]() -> std::uint64_t {
            struct stat found {};
            return ::stat((file() + "-wal").c_str(), &found) == 0
                       ? static_cast<std::uint64_t>(found.st_size)
                       : 0;
        });
    }

    void auditOfAnActorIsFoundByItsIndex() {
        (void)opener()();
        const auto place = sql::sqlitePlace(file(), std::chrono::seconds(5));
        const auto connection = sql::Connection::open(place, sql::Connection::Use::Read);
        VERIFY_OK(connection.status());
        std::string plan;
        VERIFY_OK((*connection)
                      ->each("EXPLAIN QUERY PLAN SELECT id FROM audit_rows WHERE 1 = 1 AND id < 9 "
                             "AND actor = 'ada' ORDER BY id DESC LIMIT 10",
                             {}, [&plan](sql::Row& row) {
                                 for (int i = 0; i < 3; ++i)
                                     row.skip();
                                 plan += row.text() + "; ";
                                 return absl::OkStatus();
                             }));
        // And nothing is sorted: the index goes on with the ids.
        QVERIFY2(plan.find("audit_rows_actor (actor=?") != std::string::npos, plan.c_str());
        QVERIFY2(plan.find("TEMP") == std::string::npos, plan.c_str());
    }

    void missingFileIsNamed() {
        static const base::SystemClock clock;
        sql::SqlDatabase::Options options;
        options.file = file();
        const auto database = sql::SqlDatabase::open(options, clock);
        VERIFY_REASON(database.status(), "DATABASE_MISSING");
        QVERIFY(base::messageOf(database.status()).find(file()) != std::string::npos);
        QVERIFY(!QFile::exists(QString::fromStdString(file())));
    }

    void fileThatIsNoDatabaseIsRefused() {
        static const base::SystemClock clock;
        QFile garbage(QString::fromStdString(file()));
        QVERIFY(garbage.open(QIODevice::WriteOnly));
        garbage.write(QByteArray(8'192, 'x'));
        garbage.close();
        sql::SqlDatabase::Options options;
        options.file = file();
        options.schema = sql::SqlDatabase::Schema::Migrate;
        VERIFY_REASON(sql::SqlDatabase::open(options, clock).status(), "DATABASE_BROKEN");
    }
};

QTEST_GUILESS_MAIN(TestSqliteStorage)
#include "tst_sqlite_storage.moc"
