// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/storage/records.h"
#include "master/storage/sql/connection.h"

// Table machines.
namespace ifrit::master::storage::sql {

/// All columns, uuid first, in the order of readMachine() and machineValues(); the last one,
/// `poll_ms`, is written with last contacts alone.
const std::string& machineColumns();
absl::StatusOr<StoredMachine> readMachine(Row& row);
/// `poll_ms`.
std::chrono::milliseconds readPoll(Row& row);
/// Replaces the rows of these machines, which are there, without their agents.
absl::Status replaceMachines(Connection& connection, const std::vector<StoredMachine>& machines);
/// NOT_FOUND, MACHINE_UNKNOWN.
absl::Status unknownMachine(const std::string& uuid);

}  // namespace ifrit::master::storage::sql
