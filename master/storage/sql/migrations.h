// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <vector>

#include "master/storage/sql/connection.h"
#include "shared/base/clock.h"

namespace ifrit::master::storage::sql {

/// One step of the schema. What has been released is never edited: a change is a new number, which
/// spells the names as they were then.
struct Migration {
    int number = 0;
    const char* name = "";
    std::vector<const char*> statements;
};

/// From this migration on each event says when it was received.
inline constexpr int kEventsReceived = 15;
/// From this one on what a release asks for has a table of its own.
inline constexpr int kReleaseSpecs = 19;

/// In order, 1, 2, 3...
const std::vector<Migration>& migrations();

struct MigrateOptions {
    int upTo = 0;  ///< 0: the newest
    /// Called before each statement; an error ends the run. For tests of interruption.
    std::function<absl::Status(const Migration&, std::size_t statement)> before;
    /// The same after a statement of a schema that is no part of a transaction, before it is noted.
    std::function<absl::Status(const Migration&, std::size_t statement)> after;
};

/// 0: an empty database.
absl::StatusOr<int> schemaVersion(Connection& connection);

/// FAILED_PRECONDITION: DATABASE_NEWER than this program, or DATABASE_OLD: not migrated yet.
absl::Status checkSchema(Connection& connection);

/// Brings the database forward. A killed run goes on with the next one: each step is whole or not
/// at all, or, where the engine commits CREATE and ALTER by themselves, each statement is. Nothing
/// to do is OK. DATABASE_NEWER as above; FAILED_PRECONDITION (DATABASE_FOREIGN) for somebody else's
/// tables.
absl::Status migrate(Connection& connection, const base::Clock& clock,
                     const MigrateOptions& options);

}  // namespace ifrit::master::storage::sql
