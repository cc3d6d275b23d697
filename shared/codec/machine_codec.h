// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "ifrit/v1/types.pb.h"
#include "shared/domain/machine.h"

namespace ifrit::codec {

v1::MachineFacts toWire(const domain::MachineFacts& facts);
/// `uuid` comes from the caller's certificate, never from the message.
absl::StatusOr<domain::MachineFacts> fromWire(const v1::MachineFacts& facts,
                                              const std::string& uuid);

v1::AgentReport toWire(const domain::AgentReport& report);
absl::StatusOr<domain::AgentReport> fromWire(const v1::AgentReport& report);

v1::MachineEvent toWire(const domain::MachineEvent& event);
absl::StatusOr<domain::MachineEvent> fromWire(const v1::MachineEvent& event);

}  // namespace ifrit::codec
