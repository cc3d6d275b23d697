// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>

#include "master/storage/sql/connection.h"
#include "master/storage/sql/copy_database.h"
#include "master/storage/sql/schema_tables.h"
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master::storage;
using sql::ColumnKind;
using sql::SqlDatabase;

namespace {

using Tables = std::map<std::string, std::vector<std::string>>;

/// Every row of every table as text, sorted: the same for all engines.
absl::StatusOr<Tables> rowsOf(const SqlDatabase::Options& options) {
    sql::Place place = sql::sqlitePlace(options.file, std::chrono::seconds(5));
    if (options.server) {
        IFRIT_ASSIGN_OR_RETURN(place, sql::mariadbPlace(*options.server));
    }
    IFRIT_ASSIGN_OR_RETURN(const auto connection,
                           sql::Connection::open(place, sql::Connection::Use::Read));
    Tables tables;
    for (const sql::SchemaTable& table : sql::schemaTables()) {
        std::vector<std::string> columns;
        for (const sql::SchemaColumn& column : table.columns)
            columns.push_back(column.name);
        std::vector<std::string>& rows = tables[table.name];
        IFRIT_RETURN_IF_ERROR(connection->each(
            "SELECT " + sql::columnList(columns) + " FROM " + table.name, {}, [&](sql::Row& row) {
                std::string text;
                for (const sql::SchemaColumn& column : table.columns) {
                    const bool isNull = row.isNull();
                    text += column.name + '=' + (isNull ? "NULL" : "'" + row.text() + "'") + ' ';
                }
                rows.push_back(std::move(text));
                return absl::OkStatus();
            }));
        std::sort(rows.begin(), rows.end());
    }
    return tables;
}

/// What the contract suite takes away again.
void fillTheRest(const OpenDatabase& open) {
    VERIFY_OK(open()->transact([](Transaction& in) -> absl::Status {
        OperatorRecord person;
        person.name = "ada";
        person.passwordHash = "scrypt";
        IFRIT_RETURN_IF_ERROR(in.operators().add(person));
        IFRIT_RETURN_IF_ERROR(in.operators().putSession({"abc", "ada", at(1), at(2)}));
        IFRIT_RETURN_IF_ERROR(in.requests().put("ada", "r-1", {"release.start", "7"}, at(3)));
        IFRIT_RETURN_IF_ERROR(in.packages().putPublisherKey({"k-1", "ada's", "pem", at(4), "ada"}));
        GrantRecord grant;
        grant.grant.id = "g-1";
        grant.grant.to = "ada";
        grant.grant.verb = "release.*";
        grant.givenBy = "root";
        grant.given = at(5);
        grant.reason = "on call";
        IFRIT_RETURN_IF_ERROR(in.grants().add(grant));
        return in.tokens().add({"def", "m-1", "ada", at(1), at(2), at(3), "m-1", "key", "pem"});
    }));
}

}  // namespace

/// Between the engines, with what the contract suite leaves in a database.
class TestCopyDatabase : public QObject {
    Q_OBJECT

    const base::SystemClock m_clock{};
    std::unique_ptr<tests::PrivateMariadb> m_server;
    QTemporaryDir m_directory;
    int m_files = 0;

    SqlDatabase::Options newFile() {
        SqlDatabase::Options options;
        options.file = m_directory.filePath(QStringLiteral("%1.db").arg(++m_files)).toStdString();
        options.schema = SqlDatabase::Schema::Migrate;
        options.origin = "a-master";  // as on a server, where changes are noted for the others
        return options;
    }
    SqlDatabase::Options newServerDatabase() {
        SqlDatabase::Options options;
        options.server.emplace();
        options.server->socket = m_server->socket();
        options.server->database = m_server->newDatabase();
        options.server->user = tests::PrivateMariadb::user();
        options.server->password = tests::PrivateMariadb::password();
        options.schema = SqlDatabase::Schema::Migrate;
        return options;
    }
    OpenDatabase opener(const SqlDatabase::Options& options) {
        return [this, options] { return SqlDatabase::open(options, m_clock).value(); };
    }
    absl::Status copy(const SqlDatabase::Options& from, const SqlDatabase::Options& to,
                      std::function<std::uint64_t(std::uint64_t)> generation = nullptr,
                      std::function<absl::Status(Transaction&)> finish = nullptr) {
        return sql::copyDatabase({from, to, nullptr, std::move(generation), std::move(finish)},
                                 m_clock);
    }

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<tests::PrivateMariadb>(); }
    void cleanupTestCase() { m_server.reset(); }

    void theSchemaIsReadFromTheMigrations() {
        const auto tables = sql::schemaTables();
        const auto named = [&](const char* name) {
            return std::find_if(tables.begin(), tables.end(),
                                [&](const auto& table) { return table.name == name; });
        };
        QVERIFY(named("machines") < named("agent_reports"));  // which refer to them
        const auto reports = named("agent_reports");
        QVERIFY(reports != tables.end());
        const auto note =
            std::find_if(reports->columns.begin(), reports->columns.end(),
                         [](const auto& column) { return column.name == "integrity_note"; });
        QVERIFY(note != reports->columns.end());  // of a later migration
        QVERIFY(named("schema_versions") == tables.end());
    }

    void everythingComesThroughAndBack() {
        std::map<std::string, std::size_t> seen;
        for (const auto check : {&checkMachineRoundTrip,
                                 &checkAnOlderReportReplacesNothing,
                                 &checkMachineEvents,
                                 &checkClearKnownBad,
                                 &checkTextOfColumns,
                                 &checkTextOfLabels,
                                 &checkTextOfReleases,
                                 &checkPackageRoundTrip,
                                 &checkPublisherKeys,
                                 &checkDesiredRows,
                                 &checkReleaseRoundTrip,
                                 &checkOneRunningReleasePerAgentAndType,
                                 &checkReleaseProgressAndTimeline,
                                 &checkOperatorsAndSessions,
                                 &checkJoinTokens,
                                 &checkCertificates,
                                 &checkSettingsAreWrittenOnce,
                                 &checkAuditRowsAndHead,
                                 &checkPermits,
                                 &checkFreezes,
                                 &checkCampaigns,
                                 &checkMembers,
                                 &checkPresences,
                                 &fillTheRest}) {
            const auto first = newFile();
            check(opener(first));
            const auto server = newServerDatabase();
            const auto second = newFile();
            VERIFY_OK(copy(first, server));
            VERIFY_OK(copy(server, second));
            const auto original = rowsOf(first);
            VERIFY_OK(original.status());
            QVERIFY(*original == *rowsOf(server));
            QVERIFY(*original == *rowsOf(second));
            for (const auto& [table, rows] : *original)
                seen[table] += rows.size();
        }
        // A table that the suite never fills would prove nothing.
        std::string unused;
        for (const auto& [table, rows] : seen)
            if (rows == 0) unused += table + ' ';
        QCOMPARE(QString::fromStdString(unused), QString());
    }

    void manyRowsAreCopiedWhole() {
        const auto from = newFile();
        constexpr int kMachines = 1'001;
        {
            const auto database = SqlDatabase::open(from, m_clock).value();
            VERIFY_OK(database->transact([](Transaction& in) -> absl::Status {
                for (int i = 0; i < kMachines; ++i) {
                    IFRIT_RETURN_IF_ERROR(
                        in.machines().enrol(factsOf("m" + std::to_string(i)), at(i)));
                }
                return absl::OkStatus();
            }));
        }
        const auto to = newServerDatabase();
        VERIFY_OK(copy(from, to));
        QCOMPARE((*rowsOf(to))["machines"].size(), std::size_t(kMachines));
        QVERIFY(*rowsOf(from) == *rowsOf(to));
    }

    void aClusterIsNeverOverwritten() {
        const auto from = newFile();
        const auto to = newFile();
        for (const auto& options : {from, to}) {
            const auto database = SqlDatabase::open(options, m_clock).value();
            VERIFY_OK(database->transact([&](Transaction& in) -> absl::Status {
                ClusterSettings settings;
                settings.name = options.file == to.file ? "mine" : "other";
                settings.kind = "test";
                return in.settings().create(settings);
            }));
        }
        const auto before = *rowsOf(to);
        VERIFY_REASON(copy(from, to), "CLUSTER_EXISTS");
        QVERIFY(before == *rowsOf(to));
        VERIFY_REASON(
            copy(SqlDatabase::Options{m_directory.path().toStdString() + "/none.db"}, newFile()),
            "DATABASE_MISSING");
    }

    void theGenerationCanGoAhead() {
        const auto from = newFile();
        checkGenerationGrows(opener(from));
        const auto to = newFile();
        VERIFY_OK(copy(from, to, [](std::uint64_t copied) { return copied + 1000; }));
        std::uint64_t before = 0;
        std::uint64_t after = 0;
        for (auto [options, generation] : {std::pair(from, &before), std::pair(to, &after)}) {
            VERIFY_OK(SqlDatabase::open(options, m_clock)
                          .value()
                          ->read([out = generation](Transaction& in) -> absl::Status {
                              IFRIT_ASSIGN_OR_RETURN(*out, in.desired().generation());
                              return absl::OkStatus();
                          }));
        }
        QVERIFY(before > 0);
        QCOMPARE(after, before + 1000);
    }

    /// Else a restore that broke off behind its copy left a cluster that nobody froze.
    void withoutItsFinishThereIsNoCopy() {
        const auto from = newFile();
        checkSettingsAreWrittenOnce(opener(from));
        const auto to = newServerDatabase();
        VERIFY_REASON(copy(from, to, nullptr,
                           [](Transaction&) {
                               return base::failedPrecondition("NOT_FROZEN", "",
                                                               "the disk is full");
                           }),
                      "NOT_FROZEN");
        VERIFY_OK(
            copy(from, to, nullptr, [](Transaction& in) { return in.settings().get().status(); }));
        QVERIFY(*rowsOf(from) == *rowsOf(to));
    }
};

QTEST_GUILESS_MAIN(TestCopyDatabase)
#include "tst_copy_database.moc"
