// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/storage/records.h"
#include "master/storage/sql/connection.h"
#include "shared/domain/machine.h"

namespace ifrit::master::storage::sql {

/// Columns of agent_reports after uuid, in the order of readAgentReport().
const std::string& agentReportColumns();
absl::StatusOr<domain::AgentReport> readAgentReport(Row& row);
/// Each agent of each of the reports, in few statements.
absl::Status putAgentReports(Connection& connection,
                             const std::vector<const MachineReport*>& reports);

}  // namespace ifrit::master::storage::sql
