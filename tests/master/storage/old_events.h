// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/database.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Two events of a machine, as they were kept before migration kEventsReceived: of 1970, and of
/// 2286.
void fillWithEvents(Connection& connection);

/// The same after it was brought forward shortly before `now`: they go when they are as old as
/// that. For a Qt Test slot.
void checkEventsOfBefore(Database& database, base::WallTime now);

}  // namespace ifrit::master::storage::sql
