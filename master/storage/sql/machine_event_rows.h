// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/storage/records.h"
#include "master/storage/sql/connection.h"

// Table machine_events.
namespace ifrit::master::storage::sql {

absl::Status putMachineEvents(Connection& connection,
                              const std::vector<const MachineReport*>& reports);
absl::StatusOr<std::vector<StoredEvent>> listMachineEvents(Connection& connection,
                                                           const std::string& uuid,
                                                           std::uint64_t beforeId,
                                                           std::size_t limit);
/// In pieces, each of which a server answers well within its time.
absl::StatusOr<std::uint64_t> pruneMachineEvents(Connection& connection, base::WallTime before);

}  // namespace ifrit::master::storage::sql
