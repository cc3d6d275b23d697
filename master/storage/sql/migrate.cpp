// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/migrate_steps.h"
#include "master/storage/sql/migrations.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr char kCreateVersions[] =
    "CREATE TABLE IF NOT EXISTS schema_versions (number {int} NOT NULL PRIMARY KEY, "
    "name {name} NOT NULL, applied_ms {int} NOT NULL) {keyed}";

int newest() {
    return migrations().back().number;
}

absl::Status tooNew(int found) {
    return base::failedPrecondition(
        "DATABASE_NEWER", std::to_string(found),
        "the database has schema {}, this ifrit-master knows up to {}; run the newer ifrit-master "
        "that wrote it",
        found, newest());
}

/// Each step whole or not at all.
absl::Status applyAtOnce(Connection& connection, const Migration& migration,
                         const base::Clock& clock, const MigrateOptions& options) {
    return connection.transaction([&]() -> absl::Status {
        // Again under the write lock: another master may have been first.
        IFRIT_ASSIGN_OR_RETURN(const int current, schemaVersion(connection));
        if (current >= migration.number) return absl::OkStatus();
        for (std::size_t i = 0; i < migration.statements.size(); ++i) {
            if (options.before) IFRIT_RETURN_IF_ERROR(options.before(migration, i));
            IFRIT_RETURN_IF_ERROR(
                connection.execute(connection.dialect().schema(migration.statements[i])));
        }
        return recordMigration(connection, migration, clock);
    });
}

}  // namespace

absl::Status recordMigration(Connection& connection, const Migration& migration,
                             const base::Clock& clock) {
    return connection
        .run("INSERT INTO schema_versions (number, name, applied_ms) VALUES (?, ?, ?)",
             {integer(migration.number), text(migration.name), time(clock.now())})
        .status();
}

absl::StatusOr<int> schemaVersion(Connection& connection) {
    // The table is made on the first migration; a read-only look must not need it.
    int version = 0;
    const absl::Status status =
        connection.each("SELECT COALESCE(MAX(number), 0) FROM schema_versions", {},
                        [&version](Row& row) -> absl::Status {
                            version = row.as<int>();
                            return absl::OkStatus();
                        });
    if (isNoTable(status)) return 0;
    IFRIT_RETURN_IF_ERROR(status);
    return version;
}

absl::Status checkSchema(Connection& connection) {
    IFRIT_ASSIGN_OR_RETURN(const int found, schemaVersion(connection));
    if (found > newest()) return tooNew(found);
    if (found == newest()) return absl::OkStatus();
    return base::failedPrecondition("DATABASE_OLD", std::to_string(found),
                                    "the database has schema {}, this ifrit-master needs {}; run "
                                    "`ifrit-master migrate`",
                                    found, newest());
}

absl::Status migrate(Connection& connection, const base::Clock& clock,
                     const MigrateOptions& options) {
    const bool atOnce = connection.dialect().transactionalSchema;
    std::optional<MigrationLock> lock;
    if (!atOnce) {
        lock.emplace(connection);
        IFRIT_RETURN_IF_ERROR(lock->take());
        IFRIT_RETURN_IF_ERROR(requireOwnDatabase(connection));
    }
    IFRIT_RETURN_IF_ERROR(connection.execute(connection.dialect().schema(kCreateVersions)));
    IFRIT_ASSIGN_OR_RETURN(const int current, schemaVersion(connection));
    if (current > newest()) return tooNew(current);
    for (const Migration& migration : migrations()) {
        if (options.upTo != 0 && migration.number > options.upTo) break;
        if (migration.number <= current) continue;
        const absl::Status status = atOnce ? applyAtOnce(connection, migration, clock, options)
                                           : applyInSteps(connection, migration, clock, options);
        IFRIT_RETURN_IF_ERROR(base::annotate(
            status, fmt::format("migration {} ({})", migration.number, migration.name)));
    }
    return absl::OkStatus();
}

}  // namespace ifrit::master::storage::sql
