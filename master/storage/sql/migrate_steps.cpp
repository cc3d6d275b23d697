// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/migrate_steps.h"

#include <string_view>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr char kCreateProgress[] =
    "CREATE TABLE IF NOT EXISTS schema_progress (one {int} NOT NULL PRIMARY KEY CHECK (one = 1), "
    "number {int} NOT NULL, done {int} NOT NULL) {keyed}";
// Of this database alone: lock names are the server's, and at most 64 characters.
constexpr char kTakeLock[] = "SELECT GET_LOCK(CONCAT('ifrit-migrate-', SHA1(DATABASE())), 60)";
constexpr char kGiveLock[] = "SELECT RELEASE_LOCK(CONCAT('ifrit-migrate-', SHA1(DATABASE())))";

absl::StatusOr<std::int64_t> numberOf(Connection& connection, const char* sql) {
    std::int64_t out = 0;
    const absl::Status status = connection.each(sql, {}, [&out](Row& row) -> absl::Status {
        out = row.integer();
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

/// How far an interrupted run of this migration came; nullopt: it never began.
absl::StatusOr<std::optional<std::size_t>> progressOf(Connection& connection, int number) {
    std::optional<std::size_t> out;
    const absl::Status status =
        connection.each("SELECT done FROM schema_progress WHERE number = ?", {integer(number)},
                        [&out](Row& row) -> absl::Status {
                            out = row.as<std::size_t>();
                            return absl::OkStatus();
                        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status setProgress(Connection& connection, int number, std::size_t done) {
    const std::string& sql = connection.upsert("schema_progress", {"one"}, {"number", "done"});
    return connection.run(sql, {integer(1), integer(number), integer(done)}).status();
}

/// Rows can be changed together with the note that they were; tables cannot.
bool changesRows(std::string_view statement) {
    return statement.substr(0, 7) == "INSERT " || statement.substr(0, 7) == "UPDATE " ||
           statement.substr(0, 7) == "DELETE ";
}

}  // namespace

MigrationLock::~MigrationLock() {
    if (m_taken) (void)numberOf(m_connection, kGiveLock);
}

absl::Status MigrationLock::take() {
    IFRIT_ASSIGN_OR_RETURN(const std::int64_t taken, numberOf(m_connection, kTakeLock));
    m_taken = taken == 1;
    if (m_taken) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "",
                           "another ifrit-master has been changing the schema for a minute; look "
                           "at its log, or try again");
}

absl::Status requireOwnDatabase(Connection& connection) {
    IFRIT_ASSIGN_OR_RETURN(
        const std::int64_t ours,
        numberOf(connection,
                 "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "
                 "DATABASE() AND table_name = 'schema_versions'"));
    if (ours != 0) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(
        const std::int64_t others,
        numberOf(connection,
                 "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "
                 "DATABASE()"));
    if (others == 0) return absl::OkStatus();
    return base::failedPrecondition("DATABASE_FOREIGN", "",
                                    "the database holds {} tables that are not ifrit's; give a "
                                    "cluster a database of its own",
                                    others);
}

absl::Status applyInSteps(Connection& connection, const Migration& migration,
                          const base::Clock& clock, const MigrateOptions& options) {
    const Dialect& dialect = connection.dialect();
    IFRIT_RETURN_IF_ERROR(connection.execute(dialect.schema(kCreateProgress)));
    IFRIT_ASSIGN_OR_RETURN(const auto progress, progressOf(connection, migration.number));
    // Before the first statement: whoever is killed right after it is known to have begun.
    if (!progress) IFRIT_RETURN_IF_ERROR(setProgress(connection, migration.number, 0));
    const std::size_t first = progress.value_or(0);
    for (std::size_t i = first; i < migration.statements.size(); ++i) {
        const std::string sql = dialect.schema(migration.statements[i]);
        const auto remember = [&] { return setProgress(connection, migration.number, i + 1); };
        if (options.before) IFRIT_RETURN_IF_ERROR(options.before(migration, i));
        if (changesRows(sql)) {
            const absl::Status changed = connection.transaction([&]() -> absl::Status {
                const absl::Status done = connection.execute(sql);
                return done.ok() ? remember() : done;
            });
            IFRIT_RETURN_IF_ERROR(changed);
            continue;
        }
        const absl::Status status = connection.execute(sql);
        // The run before was killed between the statement and its note. The engine makes a table
        // whole or not at all, and nobody else's is in this database (requireOwnDatabase).
        const bool wasDone = isExists(status) && progress && i == first;
        if (!wasDone) IFRIT_RETURN_IF_ERROR(status);
        if (options.after) IFRIT_RETURN_IF_ERROR(options.after(migration, i));
        IFRIT_RETURN_IF_ERROR(remember());
    }
    return recordMigration(connection, migration, clock);
}

}  // namespace ifrit::master::storage::sql
