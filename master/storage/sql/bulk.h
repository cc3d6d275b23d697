// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/storage/sql/connection.h"

// Many rows in few statements. Statements come in sizes of powers of two: few texts to prepare,
// whatever the number of rows is.
namespace ifrit::master::storage::sql {

/// Dialect::upsert(). Each row: the values of `keys`, then of `others`.
absl::Status upsertAll(Connection& connection, const std::string& table,
                       const std::vector<std::string>& keys, const std::vector<std::string>& others,
                       const std::vector<Values>& rows);
absl::Status insertAll(Connection& connection, const std::string& table,
                       const std::vector<std::string>& columns, const std::vector<Values>& rows);
/// Each row: the values of `keys`, which are the table's primary key, or begin with it. Those that
/// are not there do not matter.
absl::Status eraseAll(Connection& connection, const std::string& table,
                      const std::vector<std::string>& keys, const std::vector<Values>& rows);
/// `sql` ends with the column that is to be one of `keys`; `tail` follows. Rows come in no order
/// beyond what `tail` asks, which holds for some of the keys each.
absl::Status eachOf(Connection& connection, const std::string& sql,
                    const std::vector<std::string>& keys, const std::string& tail,
                    const Connection::OnRow& onRow);
/// The same for a statement that changes; how many rows it changed. `values` are those before the
/// keys.
absl::StatusOr<std::uint64_t> runOf(Connection& connection, const std::string& sql,
                                    const Values& values, const std::vector<std::string>& keys);
inline absl::StatusOr<std::uint64_t> runOf(Connection& connection, const std::string& sql,
                                           const std::vector<std::string>& keys) {
    return runOf(connection, sql, {}, keys);
}

}  // namespace ifrit::master::storage::sql
