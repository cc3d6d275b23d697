// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/copy_database.h"

#include <algorithm>

#include "master/storage/sql/connection.h"
#include "master/storage/sql/schema_tables.h"
#include "master/storage/sql/sql_transaction.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

/// Rows of one statement: the narrowest table's fill it, and no value limit is near.
constexpr std::size_t kRowsAtOnce = 200;
/// Reading or writing a large table takes longer than any other answer.
constexpr std::chrono::hours kPatience{6};

Value valueOf(Row& row, ColumnKind kind) {
    if (row.isNull()) {
        row.skip();
        return Value();
    }
    switch (kind) {
        case ColumnKind::Integer:
            return row.integer();
        case ColumnKind::Real:
            return row.real();
        case ColumnKind::Bytes:
            return bytes(row.bytes());
        case ColumnKind::Text:
            break;
    }
    return text(row.text());
}

/// Adds rows to one table, some at a time.
class Inserter {
public:
    Inserter(Connection& to, const SchemaTable& table) : m_to(to), m_table(table) {
        for (const SchemaColumn& column : table.columns)
            m_columns.push_back(column.name);
    }

    absl::Status add(Row& row) {
        for (const SchemaColumn& column : m_table.columns)
            m_values.push_back(valueOf(row, column.kind));
        ++m_count;
        return ++m_waiting < kRowsAtOnce ? absl::OkStatus() : flush();
    }
    absl::Status flush() {
        if (m_waiting == 0) return absl::OkStatus();
        const std::string one = '(' + placeholders(m_columns.size()) + ')';
        const absl::Status done =
            m_to.run(fmt::format("INSERT INTO {} ({}) VALUES {}", m_table.name,
                                 columnList(m_columns), repeated(one, m_waiting)),
                     m_values)
                .status();
        m_values.clear();
        m_waiting = 0;
        return done;
    }
    const std::vector<std::string>& columns() const { return m_columns; }
    std::uint64_t count() const { return m_count; }

private:
    Connection& m_to;
    const SchemaTable& m_table;
    std::vector<std::string> m_columns;
    Values m_values;
    std::size_t m_waiting = 0;
    std::uint64_t m_count = 0;
};

absl::Status checkEmpty(Connection& to, const std::string& place) {
    std::int64_t clusters = 0;
    IFRIT_RETURN_IF_ERROR(to.each("SELECT COUNT(*) FROM cluster", {}, [&](Row& row) {
        clusters = row.integer();
        return absl::OkStatus();
    }));
    if (clusters == 0) return absl::OkStatus();
    return base::failedPrecondition("CLUSTER_EXISTS", place,
                                    "{} holds a cluster already; give a database that is empty",
                                    place);
}

absl::Status copyTable(Connection& from, Connection& to, const SchemaTable& table,
                       const CopyOptions& options) {
    Inserter rows(to, table);
    IFRIT_RETURN_IF_ERROR(
        from.each(fmt::format("SELECT {} FROM {}", columnList(rows.columns()), table.name), {},
                  [&](Row& row) { return rows.add(row); }));
    IFRIT_RETURN_IF_ERROR(rows.flush());
    if (options.progress) options.progress(table.name, rows.count());
    return absl::OkStatus();
}

absl::Status copyTables(Connection& from, Connection& to, const CopyOptions& options) {
    const std::vector<SchemaTable> tables = schemaTables();
    // What migrations put in is in the copy too.
    for (auto table = tables.rbegin(); table != tables.rend(); ++table)
        IFRIT_RETURN_IF_ERROR(to.execute("DELETE FROM " + table->name));
    for (const SchemaTable& table : tables)
        IFRIT_RETURN_IF_ERROR(copyTable(from, to, table, options));
    return absl::OkStatus();
}

absl::Status finishCopy(Connection& to, const CopyOptions& options) {
    SqlTransaction copy(to);
    if (options.generation) {
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t copied, copy.desired().generation());
        IFRIT_RETURN_IF_ERROR(to.run("UPDATE counters SET value = ? WHERE name = 'generation'",
                                     {integer(options.generation(copied))})
                                  .status());
    }
    return options.finish ? options.finish(copy) : absl::OkStatus();
}

absl::StatusOr<Place> placeOf(const SqlDatabase::Options& options) {
    if (!options.server) return sqlitePlace(options.file, options.busyTimeout);
    MariadbServer patient = *options.server;
    patient.answerTimeout = kPatience;
    return mariadbPlace(patient);
}

/// Checks a database, and brings it forward where that is asked for, as its master would.
absl::Status prepare(SqlDatabase::Options options, SqlDatabase::Schema schema,
                     const base::Clock& clock) {
    options.schema = schema;
    return SqlDatabase::open(options, clock).status();
}

}  // namespace

absl::Status copyDatabase(const CopyOptions& options, const base::Clock& clock) {
    IFRIT_RETURN_IF_ERROR(prepare(options.from, SqlDatabase::Schema::Require, clock));
    IFRIT_RETURN_IF_ERROR(prepare(options.to, SqlDatabase::Schema::Migrate, clock));
    IFRIT_ASSIGN_OR_RETURN(const Place source, placeOf(options.from));
    IFRIT_ASSIGN_OR_RETURN(const Place target, placeOf(options.to));
    IFRIT_ASSIGN_OR_RETURN(const auto from, Connection::open(source, Connection::Use::Read));
    IFRIT_ASSIGN_OR_RETURN(const auto to, Connection::open(target, Connection::Use::Write));
    return from->transaction([&] {
        return to->transaction([&]() -> absl::Status {
            IFRIT_RETURN_IF_ERROR(checkEmpty(*to, target.shown));
            IFRIT_RETURN_IF_ERROR(copyTables(*from, *to, options));
            return finishCopy(*to, options);
        });
    });
}

}  // namespace ifrit::master::storage::sql
