// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "master/audit/audit_trail.h"
#include "master/storage/sql/connection.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master;

namespace {

storage::AuditEntry entryOf(const std::string& object) {
    storage::AuditEntry entry;
    entry.at = base::fromUnixMillis(1'700'000'000'000);
    entry.actor = "alice";
    entry.verb = "package.delete";
    entry.object = object;
    entry.result = "allowed";
    return entry;
}

domain::MachineFacts machine() {
    domain::MachineFacts facts;
    facts.uuid = "m-1";
    facts.machineType = "LINUX";
    return facts;
}

}  // namespace

/// The audit over a real database file, and somebody who edits that file.
class TestAuditTrail : public QObject {
    Q_OBJECT

private:
    /// What an intruder with the file does.
    void tamper(const std::vector<std::string>& statements) {
        auto connection = storage::sql::Connection::open(
            storage::sql::sqlitePlace(m_file, std::chrono::milliseconds(1'000)),
            storage::sql::Connection::Use::Write);
        QVERIFY(connection.ok());
        for (const std::string& sql : statements) {
            const absl::Status status = (*connection)->execute(sql);
            QVERIFY2(status.ok(), base::messageOf(status).c_str());
        }
    }
    master::audit::AuditTrail::Verification verify() {
        auto result = m_trail.verify(*m_database);
        return result.ok() ? *result : master::audit::AuditTrail::Verification{};
    }
    void fill(int count) {
        const absl::Status status =
            m_database->transact([&](storage::Transaction& t) -> absl::Status {
                for (int i = 0; i < count; ++i)
                    IFRIT_RETURN_IF_ERROR(m_trail.append(t, entryOf(std::to_string(i))));
                return absl::OkStatus();
            });
        QVERIFY2(status.ok(), base::messageOf(status).c_str());
    }
    bool machineExists() {
        bool found = false;
        const absl::Status status =
            m_database->read([&](storage::Transaction& view) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto known, view.machines().find("m-1"));
                found = known.has_value();
                return absl::OkStatus();
            });
        return status.ok() && found;
    }
    /// A use case: a change and its audit row.
    absl::Status change() {
        return m_database->transact([this](storage::Transaction& t) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(t.machines().enrol(machine(), base::fromUnixMillis(1)));
            return m_trail.append(t, entryOf("m-1"));
        });
    }

    const base::SystemClock m_clock{};
    master::audit::AuditTrail m_trail{"demo"};
    std::unique_ptr<QTemporaryDir> m_directory;
    std::string m_file;
    std::unique_ptr<storage::sql::SqlDatabase> m_database;

private Q_SLOTS:
    void init() {
        m_database.reset();
        m_directory = std::make_unique<QTemporaryDir>();
        m_file = m_directory->filePath(QStringLiteral("a.db")).toStdString();
        storage::sql::SqlDatabase::Options options;
        options.file = m_file;
        options.schema = storage::sql::SqlDatabase::Schema::Migrate;
        auto opened = storage::sql::SqlDatabase::open(options, m_clock);
        QVERIFY(opened.ok());
        m_database = *std::move(opened);
    }

    void rowsAreChainedAndVerified() {
        QVERIFY(verify().intact);
        fill(2'500);  // more than two pages of the walk
        const auto result = verify();
        QVERIFY2(result.intact, result.message.c_str());
        QCOMPARE(result.rows, std::uint64_t{2'500});
        QCOMPARE(result.headHash.size(), std::size_t{32});
    }

    void aTrailMayBeGoneBeforeTheCommit() {
        const absl::Status done = m_database->transact([](master::storage::Transaction& t) {
            return master::audit::AuditTrail("demo").append(t, entryOf("m-1"));
        });
        QVERIFY(done.ok());
    }

    /// What hears of it may look at once, and finds the row.
    void whatIsCommittedIsToldOnceAndNothingElse() {
        std::vector<std::string> told;
        m_trail.listen([&told](const std::string& verb) { told.push_back(verb); });
        fill(3);
        QCOMPARE(told, (std::vector<std::string>{"package.delete"}));
        QVERIFY(change().ok());
        QCOMPARE(told.size(), std::size_t{2});
        const absl::Status undone =
            m_database->transact([this](storage::Transaction& t) -> absl::Status {
                IFRIT_RETURN_IF_ERROR(m_trail.append(t, entryOf("m-1")));
                return absl::CancelledError("no");
            });
        QVERIFY(!undone.ok());
        QCOMPARE(told.size(), std::size_t{2});
        m_trail.listen({});
        fill(1);
        QCOMPARE(told.size(), std::size_t{2});
    }

    /// A walk is many short views: what is written between two of them belongs to the chain, and a
    /// row that is changed where the walk has not been yet is found.
    void rowsThatAreAddedDuringTheWalkAreWalked() {
        constexpr int kPage = int(master::audit::AuditTrail::kPage);
        fill(2 * kPage);
        int pages = 0;
        const auto result = m_trail.verify(*m_database, {1, 2U * kPage + 3}, [&] {
            // This master writes while it walks: no view is held, nothing waits.
            if (++pages <= 2) fill(2);
            return false;
        });
        QVERIFY(result.ok());
        QVERIFY2(result->intact, result->message.c_str());
        QCOMPARE(result->rows, std::uint64_t{2 * kPage + 4});
        QCOMPARE(pages, 3);
        QCOMPARE(result->hashes.size(), std::size_t{2});
        pages = 0;
        const auto broken = m_trail.verify(*m_database, {}, [&] {
            if (++pages == 2) tamper({"UPDATE audit_rows SET actor = 'eve' WHERE id = 2001"});
            return false;
        });
        QVERIFY(broken.ok() && !broken->intact);
        QCOMPARE(broken->firstBrokenId, std::uint64_t{2001});
    }

    void aWalkThatNobodyWaitsForEnds() {
        fill(3 * int(master::audit::AuditTrail::kPage));
        int pages = 0;
        const auto result = m_trail.verify(*m_database, {}, [&pages] { return ++pages == 2; });
        QCOMPARE(base::errorInfo(result.status()).reason, std::string("CALLER_GONE"));
        QCOMPARE(result.status().code(), absl::StatusCode::kCancelled);
        QCOMPARE(pages, 2);
    }

    void tamperingWithTheFileIsFound_data() {
        QTest::addColumn<QStringList>("statements");
        QTest::addColumn<quint64>("brokenId");
        QTest::newRow("edited") << QStringList{QStringLiteral(
                                       "UPDATE audit_rows SET actor = 'eve' WHERE id = 3")}
                                << quint64(3);
        QTest::newRow("deleted") << QStringList{QStringLiteral(
                                        "DELETE FROM audit_rows WHERE id = 3")}
                                 << quint64(3);
        QTest::newRow("cut off") << QStringList{QStringLiteral(
                                        "DELETE FROM audit_rows WHERE id >= 4")}
                                 << quint64(4);
        QTest::newRow("inserted")
            << QStringList{QStringLiteral(
                   "INSERT INTO audit_rows SELECT 6, cluster, at_ms, 'eve', via, address, verb, "
                   "object, result, reason, before_json, after_json, request_id, error, "
                   "previous_hash, hash FROM audit_rows WHERE id = 5")}
            << quint64(6);
        QTest::newRow("reordered")
            << QStringList{QStringLiteral("UPDATE audit_rows SET id = 100 WHERE id = 2"),
                           QStringLiteral("UPDATE audit_rows SET id = 2 WHERE id = 3"),
                           QStringLiteral("UPDATE audit_rows SET id = 3 WHERE id = 100")}
            << quint64(2);
    }
    void tamperingWithTheFileIsFound() {
        QFETCH(QStringList, statements);
        QFETCH(quint64, brokenId);
        fill(5);
        std::vector<std::string> texts;
        for (const QString& statement : statements)
            texts.push_back(statement.toStdString());
        tamper(texts);
        const auto result = verify();
        QVERIFY(!result.intact);
        QCOMPARE(quint64(result.firstBrokenId), brokenId);
        QVERIFY(!result.message.empty());
    }

    void changeAndRowAreOne() {
        QVERIFY(change().ok());
        QVERIFY(machineExists());
        QCOMPARE(verify().rows, std::uint64_t{1});
    }

    // H3: no row, no change.
    void actionIsRefusedWhereTheAuditCannotBeWritten_data() {
        QTest::addColumn<QString>("statement");
        QTest::newRow("no table") << QStringLiteral("ALTER TABLE audit_rows RENAME TO elsewhere");
        QTest::newRow("no head") << QStringLiteral("DELETE FROM audit_head");
        QTest::newRow("row refused") << QStringLiteral(
            "CREATE TRIGGER no_rows BEFORE INSERT ON audit_rows BEGIN "
            "SELECT RAISE(ABORT, 'no more rows'); END");
        QTest::newRow("id taken") << QStringLiteral("UPDATE audit_rows SET id = 2 WHERE id = 1");
    }
    void actionIsRefusedWhereTheAuditCannotBeWritten() {
        QFETCH(QString, statement);
        fill(1);
        tamper({statement.toStdString()});
        QVERIFY(!change().ok());
        QVERIFY(!machineExists());
    }

    void pastedSecretsAreMasked() {
        storage::AuditEntry entry = entryOf("m-1");
        entry.reason = "token ifritjoin_demo.abc";
        entry.after = "{\"key\":\"-----BEGIN PRIVATE KEY-----\"}";
        QVERIFY(m_trail.record(*m_database, entry).ok());
        std::vector<storage::AuditRow> rows;
        QVERIFY(m_database
                    ->read([&](storage::Transaction& view) -> absl::Status {
                        IFRIT_ASSIGN_OR_RETURN(rows, view.audit().read(0, 10));
                        return absl::OkStatus();
                    })
                    .ok());
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].entry.reason, std::string("token ***"));
        QCOMPARE(rows[0].entry.after, std::string("{\"key\":\"***"));
        QVERIFY(verify().intact);
    }
};

QTEST_GUILESS_MAIN(TestAuditTrail)
#include "tst_audit_trail.moc"
