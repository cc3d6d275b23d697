// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "master/storage/sql/dialect.h"
#include "master/storage/sql/sql_database.h"
#include "tests/master/storage/contract_data.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/private_process.h"
#include "tests/support/sized_disk.h"

using namespace ifrit;
using namespace ifrit::master::storage;
using tests::Filler;
using tests::SizedDisk;

namespace {

constexpr int kMachinesAtOnce = 50;
constexpr int kMostBatches = 4'000;
constexpr char kNoMounts[] = "the system lets us have no mounts of our own";
const base::SystemClock kClock;

/// In one transaction, with so much text that tables grow.
absl::Status enrolBatch(Database& database, int batch) {
    return database.transact([batch](Transaction& t) -> absl::Status {
        for (int i = 0; i < kMachinesAtOnce; ++i) {
            domain::MachineFacts facts =
                factsOf("m-" + std::to_string(batch) + "-" + std::to_string(i));
            facts.labels["note"] = std::string(2'000, 'x');
            IFRIT_RETURN_IF_ERROR(t.machines().enrol(facts, at(1)));
        }
        return absl::OkStatus();
    });
}

/// Of the batch's machines, how many are stored; -1: it cannot be read.
int storedOf(Database& database, int batch) {
    int out = 0;
    const absl::Status read = database.read([&](Transaction& t) -> absl::Status {
        out = 0;
        for (int i = 0; i < kMachinesAtOnce; ++i) {
            IFRIT_ASSIGN_OR_RETURN(
                const auto found,
                t.machines().find("m-" + std::to_string(batch) + "-" + std::to_string(i)));
            out += found ? 1 : 0;
        }
        return absl::OkStatus();
    });
    return read.ok() ? out : -1;
}

}  // namespace

/// Each engine on a real disk that has no more room.
class TestFullDatabase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Words of each engine that stand for a disk without room, and some that do not.
    void fullIsToldFromOtherErrors_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::addColumn<bool>("full");
        QTest::newRow("table") << 1114 << "The table 'machines' is full" << true;
        QTest::newRow("disk") << 1021 << "Disk full (x); waiting for someone to free" << true;
        QTest::newRow("engine") << 1030 << "Got error 28 \"No space left on device\"" << true;
        QTest::newRow("engine, another error") << 1030 << "Got error 128 from InnoDB" << false;
        QTest::newRow("temporary file")
            << 3 << "Error writing file '/tmp/MLfd=40' (Errcode: 28 \"No space left\")" << true;
        QTest::newRow("temporary file, another error")
            << 3 << "Error writing file '/tmp/28 ' (Errcode: 5 \"Input/output error\")" << false;
        QTest::newRow("new table")
            << 1005 << "Can't create table `f`.`t` (errno: 28 \"No space left on device\")" << true;
        QTest::newRow("new table, another error")
            << 1005 << "Can't create table `f`.`t` (errno: 150 \"Foreign key\")" << false;
        QTest::newRow("binary log") << 1026 << "Error writing file 'b' (errno: 28)" << true;
        QTest::newRow("commit") << 1180 << "Got error 28 \"No space left\" during COMMIT" << true;
        QTest::newRow("commit, another error") << 1180 << "Got error 280 during COMMIT" << false;
        QTest::newRow("a value that says so") << 1062 << "Duplicate entry 'Errcode: 28'" << false;
    }
    void fullIsToldFromOtherErrors() {
        QFETCH(int, code);
        QFETCH(QString, said);
        QFETCH(bool, full);
        const std::string words = said.toStdString();
        QCOMPARE(sql::mariadbDialect().classify(code, words) == sql::Fault::Full, full);
    }

    void sqliteSaysWhatToDo() {
        if (!tests::haveOwnMounts()) QSKIP(kNoMounts);
        const QTemporaryDir directory;
        const SizedDisk disk(directory.path().toStdString(), "16m");
        sql::SqlDatabase::Options options;
        options.file = directory.filePath(QStringLiteral("f.db")).toStdString();
        options.schema = sql::SqlDatabase::Schema::Migrate;
        const auto database = sql::SqlDatabase::open(options, kClock);
        VERIFY_OK(database.status());
        fill(**database, directory.path(), 1'000'000);
    }

    void mariadbSaysWhatToDo() {
        if (!tests::haveOwnMounts()) QSKIP(kNoMounts);
        const QTemporaryDir directory(tests::fastDirectory(QStringLiteral("ifrit-full")));
        const SizedDisk disk(directory.path().toStdString(), "256m");
        tests::PrivateMariadb server({}, directory.path());
        sql::SqlDatabase::Options options;
        options.server.emplace();
        options.server->socket = server.socket();
        options.server->database = server.newDatabase();
        options.server->user = tests::PrivateMariadb::user();
        options.server->password = tests::PrivateMariadb::password();
        options.schema = sql::SqlDatabase::Schema::Migrate;
        const auto database = sql::SqlDatabase::open(options, kClock);
        VERIFY_OK(database.status());
        // With nothing at all InnoDB ends itself.
        fill(**database, directory.path(), 700'000);
    }

private:
    /// Until it refuses; then room is made again.
    static void fill(Database& database, const QString& directory, std::uint64_t left) {
        Filler filler(directory.toStdString());
        filler.leave(left);
        absl::Status refused;
        int batches = 0;
        for (; batches < kMostBatches && refused.ok(); ++batches)
            refused = enrolBatch(database, batches);
        VERIFY_REASON(refused, "DISK_FULL");
        QCOMPARE(refused.code(), absl::StatusCode::kResourceExhausted);
        const std::string said = base::messageOf(refused);
        QVERIFY2(said.find("free space on the disk of the database") != std::string::npos,
                 said.c_str());
        qInfo("after %d batches: %s", batches, said.c_str());
        // What was acknowledged is there and can be read; of what was refused, nothing.
        QVERIFY(batches > 1);
        QCOMPARE(storedOf(database, batches - 2), kMachinesAtOnce);
        filler.remove();
        QTRY_VERIFY_WITH_TIMEOUT(enrolBatch(database, batches).ok(), 20'000);
        QCOMPARE(storedOf(database, batches - 1), 0);
        for (int i = 0; i + 1 < batches; ++i)
            QCOMPARE(storedOf(database, i), kMachinesAtOnce);
    }
};

QTEST_GUILESS_MAIN(TestFullDatabase)
#include "tst_full_database.moc"
