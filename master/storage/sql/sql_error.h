// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <string>

#include "master/storage/sql/dialect.h"

namespace ifrit::master::storage::sql {

/// The error of a statement as a status: storage::Database's where callers outside may see it, else
/// one of those below, which stores and migrations turn into their own.
absl::Status statusOf(Fault fault, const std::string& message);

/// How soon it is of use to come again where the database is away: our own connection tries as
/// often.
inline constexpr std::chrono::seconds kComeAgainAfter{1};

bool isDuplicate(const absl::Status& status);
bool isForeignKey(const absl::Status& status);
/// The whole transaction may be run again.
bool isRetry(const absl::Status& status);
bool isNoTable(const absl::Status& status);
/// Of a table, column or index.
bool isExists(const absl::Status& status);

}  // namespace ifrit::master::storage::sql
