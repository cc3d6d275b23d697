// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "master/storage/records.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// MachineStore::putReports().
absl::StatusOr<std::vector<ReportOutcome>> putMachineReports(
    Connection& connection, const std::vector<const MachineReport*>& reports);

}  // namespace ifrit::master::storage::sql
