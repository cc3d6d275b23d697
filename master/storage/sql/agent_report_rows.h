// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/storage/sql/connection.h"
#include "shared/domain/machine.h"

namespace ifrit::master::storage::sql {

/// Columns of agent_reports after uuid, in the order of readAgentReport().
const std::string& agentReportColumns();
absl::StatusOr<domain::AgentReport> readAgentReport(Row& row);
absl::Status putAgentReport(Connection& connection, const std::string& uuid,
                            const domain::AgentReport& report);

}  // namespace ifrit::master::storage::sql
