// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "ifrit/v1/fleet.pb.h"
#include "ifrit/v1/machine_link.pb.h"
#include "master/services/fleet.h"
#include "master/services/sync_service.h"

namespace ifrit::master::rpc {

/// Answers to LogTailRequest in one report, and the text of each.
inline constexpr std::size_t kMaxLogTails = 4;
inline constexpr std::size_t kMaxLogTailBytes = 64 * 1024;

/// Checks every limit of the contract; `uuid` is the caller's.
absl::StatusOr<services::MachineReport> reportFromWire(const v1::ReportDelta& delta,
                                                       const std::string& uuid);
void toWire(const services::SyncAnswer& answer, v1::SyncResponse& out);
v1::Machine toWire(const services::MachineView& machine);

}  // namespace ifrit::master::rpc
