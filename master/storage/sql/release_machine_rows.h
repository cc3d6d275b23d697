// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "master/release/model.h"
#include "master/storage/release_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

absl::Status putReleaseMachines(Connection& connection, const std::string& releaseId,
                                const std::vector<release::MachineProgress>& machines);
/// ReleaseStore::moveProgress()
absl::Status moveReleaseMachines(Connection& connection, const std::string& releaseId,
                                 const std::map<std::string, release::MachineProgress>& stored,
                                 const std::vector<release::MachineProgress>& machines);
absl::StatusOr<std::map<std::string, release::MachineProgress>> loadReleaseMachines(
    Connection& connection, const std::string& releaseId);
absl::StatusOr<std::vector<release::MachineProgress>> loadReleaseMachines(
    Connection& connection, const std::string& releaseId, const ProgressPage& page);
/// The first of them by uuid, at most `limit`; how many there were.
absl::StatusOr<std::uint64_t> eraseReleaseMachines(Connection& connection,
                                                   const std::string& releaseId, std::size_t limit);

}  // namespace ifrit::master::storage::sql
