// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include "master/storage/sql/migrations.h"

// Migrations where CREATE and ALTER commit by themselves (Dialect::transactionalSchema is false).
namespace ifrit::master::storage::sql {

/// Held by the one ifrit-master that migrates; ends with the connection at the latest.
class MigrationLock {
public:
    explicit MigrationLock(Connection& connection) : m_connection(connection) {}
    ~MigrationLock();
    MigrationLock(const MigrationLock&) = delete;
    MigrationLock& operator=(const MigrationLock&) = delete;

    /// UNAVAILABLE (DATABASE_AWAY): another one migrates, and does not come to its end.
    absl::Status take();

private:
    Connection& m_connection;
    bool m_taken = false;
};

/// FAILED_PRECONDITION (DATABASE_FOREIGN): it holds tables, and they are not ours.
absl::Status requireOwnDatabase(Connection& connection);

/// Runs the statements that an earlier, interrupted run did not, each remembered when it is done.
absl::Status applyInSteps(Connection& connection, const Migration& migration,
                          const base::Clock& clock, const MigrateOptions& options);

/// Notes in schema_versions that it is done.
absl::Status recordMigration(Connection& connection, const Migration& migration,
                             const base::Clock& clock);

}  // namespace ifrit::master::storage::sql
