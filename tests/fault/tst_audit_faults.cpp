// SPDX-License-Identifier: Apache-2.0
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "master/app/database_audit_log.h"
#include "master/audit/chain.h"
#include "master/storage/sql/sql_database.h"
#include "shared/audit/kept_heads.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "tests/support/fault_row.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master;
using SqlOptions = storage::sql::SqlDatabase::Options;

namespace {

constexpr int kRows = 9;
/// Rows after which the client got a head, from this master and from that one.
constexpr std::array<std::uint64_t, 3> kKeptRows = {2, 5, 8};

/// One database of a cluster, two masters that sign, and an operator's program that kept heads.
class Scene {
public:
    using Execute = std::function<void(const std::string& sql)>;

    Scene(const SqlOptions& options, Execute execute)
        : m_execute(std::move(execute)),
          m_database(storage::sql::SqlDatabase::open(options, m_clock).value()) {
        for (std::uint64_t row = 1; row <= kRows; ++row) {
            if (!m_trail.record(*m_database, entryOf(row)).ok()) qFatal("cannot write a row");
            if (std::find(kKeptRows.begin(), kKeptRows.end(), row) != kKeptRows.end()) keep(row);
        }
    }

    void execute(const std::string& sql) const { m_execute(sql); }

    /// Row `first` is another and all hashes after it are made anew, so that the chain is whole.
    void recomputeFrom(std::uint64_t first, const std::string& actor) const {
        std::vector<storage::AuditRow> rows = read();
        storage::AuditHead head = first == 1 ? storage::AuditHead{0, ifrit::audit::rootHash()}
                                             : storage::AuditHead{first - 1, rows[first - 2].hash};
        for (std::uint64_t id = first; id <= rows.size(); ++id) {
            storage::AuditRow& row = rows[id - 1];
            if (id == first) row.entry.actor = actor;
            row = master::audit::link(head, row.cluster, row.entry);
            head = {row.id, row.hash};
            execute(fmt::format(
                "UPDATE audit_rows SET actor = '{}', previous_hash = X'{}', hash = "
                "X'{}' WHERE id = {}",
                row.entry.actor, base::toHex(row.previousHash), base::toHex(row.hash), id));
        }
        setHead(head);
    }
    /// Rows up to `last` alone, with the head moved back.
    void cutAfter(std::uint64_t last) const {
        const auto rows = read();
        execute(fmt::format("DELETE FROM audit_rows WHERE id > {}", last));
        setHead({last, rows[last - 1].hash});
    }
    /// A row before `at`, and everything after it renumbered and made anew.
    void insertAndRecompute(std::uint64_t at) const {
        for (std::uint64_t id = kRows; id >= at; --id)
            execute(fmt::format("UPDATE audit_rows SET id = {} WHERE id = {}", id + 1, id));
        copyRow(at + 1, at, "eve");
        recomputeFrom(at, "eve");
    }
    void copyRow(std::uint64_t from, std::uint64_t to, const std::string& actor) const {
        execute(fmt::format(
            "INSERT INTO audit_rows (id, cluster, at_ms, actor, via, address, verb, object, "
            "result, reason, before_json, after_json, request_id, error, previous_hash, hash) "
            "SELECT {}, cluster, at_ms, '{}', via, address, verb, object, result, reason, "
            "before_json, after_json, request_id, error, previous_hash, hash FROM audit_rows WHERE "
            "id = {}",
            to, actor, from));
    }
    void swapRows(std::uint64_t a, std::uint64_t b) const {
        execute(fmt::format("UPDATE audit_rows SET id = 1000 WHERE id = {}", a));
        execute(fmt::format("UPDATE audit_rows SET id = {} WHERE id = {}", a, b));
        execute(fmt::format("UPDATE audit_rows SET id = {} WHERE id = 1000", b));
    }

    /// What the operator's program says: empty where nothing is wrong.
    std::string verdict() {
        const auto rows = m_kept.rows();
        const auto found = m_masters[0].verify({rows.begin(), rows.end()}, {});
        if (!found.ok()) return base::messageOf(found.status());
        if (!found->intact) return found->message;
        return ifrit::audit::sentenceOf(m_kept.compare(found->heads.hashes));
    }
    /// Whether the walk alone, without kept heads, finds it.
    bool isFoundByTheChain() {
        const auto found = m_masters[0].verify({}, {});
        return !found.ok() || !found->intact;
    }

private:
    static storage::AuditEntry entryOf(std::uint64_t row) {
        storage::AuditEntry entry;
        entry.at = base::fromUnixMillis(1'700'000'000'000 + static_cast<std::int64_t>(row));
        entry.actor = "ada";
        entry.via = "ctl";
        entry.verb = "release.start";
        entry.object = "r-" + std::to_string(row);
        entry.result = "allowed";
        return entry;
    }
    void keep(std::uint64_t row) {
        auto answer = m_masters[row % 2].head({}).value();
        if (answer.head.head.row != row) qFatal("not the newest row");
        if (!ifrit::audit::verifyHead(answer.head, m_ca.certificatePem, "demo").ok())
            qFatal("a head that is not believed");
        m_kept.add(answer.head);
    }
    std::vector<storage::AuditRow> read() const { return m_masters[0].read(0, 100).value(); }
    void setHead(const storage::AuditHead& head) const {
        execute(fmt::format("UPDATE audit_head SET id = {}, hash = X'{}' WHERE one = 1", head.id,
                            base::toHex(head.hash)));
    }

    const Execute m_execute;
    const base::SystemClock m_clock{};
    const crypto::Credentials m_ca =
        crypto::createCa("demo", m_clock.now(), std::chrono::hours(24)).value();
    const auth::CertificateAuthority m_authority{"demo", m_ca, {}};
    const master::audit::AuditTrail m_trail{"demo"};
    const std::unique_ptr<storage::Database> m_database;
    auth::Signer m_first{m_authority, "first", m_clock};
    auth::Signer m_second{m_authority, "second", m_clock};
    mutable std::array<app::DatabaseAuditLog, 2> m_masters{
        app::DatabaseAuditLog({*m_database, m_trail, m_first, "demo", m_clock}),
        app::DatabaseAuditLog({*m_database, m_trail, m_second, "demo", m_clock})};
    ifrit::audit::KeptHeads m_kept;
};

struct Tampering {
    const char* name;
    std::function<void(const Scene&)> make;
    const char* says;        ///< part of what the operator reads
    bool isFoundByTheChain;  ///< else by the kept heads alone
};

const std::vector<Tampering>& tamperings() {
    static const std::vector<Tampering> all = {
        {"edited",
         [](const Scene& s) { s.execute("UPDATE audit_rows SET actor = 'eve' WHERE id = 3"); },
         "row 3 was changed", true},
        {"deleted", [](const Scene& s) { s.execute("DELETE FROM audit_rows WHERE id = 3"); },
         "row 3 is missing", true},
        {"inserted", [](const Scene& s) { s.copyRow(9, 10, "eve"); }, "row 10 does not follow",
         true},
        {"reordered", [](const Scene& s) { s.swapRows(3, 4); }, "row 3 does not follow", true},
        {"truncated", [](const Scene& s) { s.execute("DELETE FROM audit_rows WHERE id > 6"); },
         "rows 7 to 9 are missing", true},
        {"emptied", [](const Scene& s) { s.execute("DELETE FROM audit_rows"); },
         "rows 1 to 9 are missing", true},
        {"edited, all hashes recomputed", [](const Scene& s) { s.recomputeFrom(3, "eve"); },
         "row 5 now has the hash", false},
        {"first row edited, all hashes recomputed",
         [](const Scene& s) { s.recomputeFrom(1, "eve"); }, "no kept head agrees", false},
        {"inserted, all hashes recomputed", [](const Scene& s) { s.insertAndRecompute(4); },
         "row 5 now has the hash", false},
        {"truncated, head moved back", [](const Scene& s) { s.cutAfter(6); },
         "row 8 is no longer there", false},
        {"truncated and edited, all hashes recomputed",
         [](const Scene& s) {
             s.cutAfter(6);
             s.recomputeFrom(4, "eve");
         },
         "row 5 now has the hash", false}};
    return all;
}

}  // namespace

/// Row H1: what is done to the audit by hand is found, on both stores.
class TestAuditFaults : public QObject {
    Q_OBJECT

    SqlOptions fileOptions(const QTemporaryDir& directory) const {
        SqlOptions out;
        out.file = directory.filePath(QStringLiteral("a.db")).toStdString();
        out.schema = storage::sql::SqlDatabase::Schema::Migrate;
        return out;
    }
    static void onFile(const std::string& file, const std::string& sql) {
        const QString name = QStringLiteral("tamper");
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
            database.setDatabaseName(QString::fromStdString(file));
            if (!database.open()) qFatal("cannot open the file");
            QSqlQuery query(database);
            if (!query.exec(QString::fromStdString(sql)))
                qFatal("%s: %s", sql.c_str(), qPrintable(query.lastError().text()));
        }
        QSqlDatabase::removeDatabase(name);
    }
    void find(const std::string& store, const std::function<std::unique_ptr<Scene>()>& make) {
        QVERIFY2(make()->verdict().empty(), "untouched, and yet something is wrong");
        int found = 0;
        for (const Tampering& tampering : tamperings()) {
            const auto scene = make();
            tampering.make(*scene);
            const std::string verdict = scene->verdict();
            QVERIFY2(verdict.find(tampering.says) != std::string::npos,
                     (std::string(tampering.name) + ": " + verdict).c_str());
            // Else the kept heads would not have been tried.
            QCOMPARE(scene->isFoundByTheChain(), tampering.isFoundByTheChain);
            ++found;
        }
        tests::printFaultRow("H1", "audit on " + store, found,
                             static_cast<int>(tamperings().size()),
                             "ways to change it by hand found, those with all hashes made anew by "
                             "heads of two masters that a client kept");
    }

private Q_SLOTS:
    void tamperingWithAFileIsFound() {
        std::vector<std::unique_ptr<QTemporaryDir>> directories;
        find("SQLite", [&] {
            directories.push_back(std::make_unique<QTemporaryDir>());
            const SqlOptions options = fileOptions(*directories.back());
            return std::make_unique<Scene>(
                options, [file = options.file](const std::string& sql) { onFile(file, sql); });
        });
    }

    void tamperingWithAServerIsFound() {
        tests::PrivateMariadb server;
        find("MariaDB", [&] {
            SqlOptions options;
            options.server.emplace();
            options.server->socket = server.socket();
            options.server->database = server.newDatabase();
            options.server->user = tests::PrivateMariadb::user();
            options.server->password = tests::PrivateMariadb::password();
            options.schema = storage::sql::SqlDatabase::Schema::Migrate;
            options.writers = 2;
            return std::make_unique<Scene>(
                options, [&server, name = options.server->database](const std::string& sql) {
                    std::string there = sql;
                    for (const char* table : {"audit_rows", "audit_head"}) {
                        const std::string full = name + "." + table;
                        for (std::size_t at = there.find(table); at != std::string::npos;
                             at = there.find(table, at + full.size()))
                            there.replace(at, std::strlen(table), full);
                    }
                    server.run(there);
                });
        });
    }
};

QTEST_GUILESS_MAIN(TestAuditFaults)
#include "tst_audit_faults.moc"
