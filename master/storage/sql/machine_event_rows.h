// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/storage/records.h"
#include "master/storage/sql/connection.h"

// Table machine_events.
namespace ifrit::master::storage::sql {

/// But for those of a full report that are stored already, each as often as it is told. The caller
/// holds the machines' rows; of a machine one report.
absl::Status putMachineEvents(Connection& connection,
                              const std::vector<const MachineReport*>& reports);
absl::StatusOr<std::vector<StoredEvent>> listMachineEvents(Connection& connection,
                                                           const std::string& uuid,
                                                           std::uint64_t beforeId,
                                                           std::size_t limit);
/// By when they were received, kEventsPiece at most. An event of before that was kept (migration
/// kEventsReceived) counts as received when the schema was brought forward: the machine's own time
/// may be years off, and to write one into each row would hold the table for minutes and be more
/// than a Galera node takes at once. All such are due together.
absl::StatusOr<std::uint64_t> pruneMachineEvents(Connection& connection, base::WallTime before);

}  // namespace ifrit::master::storage::sql
