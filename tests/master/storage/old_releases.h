// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/database.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// A release that runs, as it was kept before migration kReleaseSpecs: all in one document.
void fillWithRelease(Connection& connection);

/// The same after it was brought forward: it goes on as what it was, what it asks for goes to its
/// own table with its next change, and a master of before reads what this one writes, and the other
/// way round. `connection`: to the same database. For a Qt Test slot.
void checkReleaseOfBefore(Database& database, Connection& connection);

}  // namespace ifrit::master::storage::sql
