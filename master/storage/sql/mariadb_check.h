// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Whether the server can keep what storage::Database promises. FAILED_PRECONDITION
/// (DATABASE_UNSUPPORTED): no MariaDB, or too old; (DATABASE_SETTINGS): the sentence names the
/// setting to change.
absl::Status checkMariadb(Connection& connection);

}  // namespace ifrit::master::storage::sql
