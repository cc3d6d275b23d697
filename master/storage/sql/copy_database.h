// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <functional>
#include <string>

#include "master/storage/sql/sql_database.h"

namespace ifrit::master::storage::sql {

struct CopyOptions {
    SqlDatabase::Options from;  ///< at the newest schema; others may go on writing to it
    SqlDatabase::Options to;    ///< made and brought to the newest schema; must hold no cluster
    std::function<void(const std::string& table, std::uint64_t rows)> progress = nullptr;
    /// What the generation becomes of the one that was copied, so that machines take what is
    /// copied for news whatever they have seen since. Null: it stays.
    std::function<std::uint64_t(std::uint64_t copied)> generation = nullptr;
    /// The last of the transaction: the copy is never there without it.
    std::function<absl::Status(Transaction& to)> finish = nullptr;
};

/// Copies every row of one consistent state, from and to any engine, in one transaction: `to` has
/// all of it or nothing. FAILED_PRECONDITION CLUSTER_EXISTS where `to` holds a cluster; errors of
/// SqlDatabase::open().
absl::Status copyDatabase(const CopyOptions& options, const base::Clock& clock);

}  // namespace ifrit::master::storage::sql
