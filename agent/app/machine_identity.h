// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/app/config.h"
#include "agent/platform/host.h"
#include "shared/base/status.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::app {

/// Who this machine is, in this order: `uuid` of the configuration; a UUID derived from
/// /etc/machine-id (SHA-256 keyed with our name, because machine-id(5) asks not to show the id
/// itself); the primary address. FAILED_PRECONDITION NO_IDENTITY when there is none of them.
absl::StatusOr<std::string> machineUuid(const Config& config, const platform::HostFacts& host);

/// `machine_type` of the configuration, else CONTAINER in a container, ARM64 on aarch64, LINUX.
std::string machineType(const Config& config, const platform::HostFacts& host);

/// `ifritVersion` is this program's.
absl::StatusOr<domain::MachineFacts> machineFacts(const Config& config,
                                                  const platform::HostFacts& host,
                                                  const std::string& ifritVersion);

}  // namespace ifrit::agent::app
