// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <vector>

#include "master/services/records.h"
#include "master/storage/machine_store.h"

namespace ifrit::master::services {

/// Every machine with its reports, read page by page.
absl::StatusOr<std::vector<StoredMachine>> allMachines(storage::MachineStore& machines);

}  // namespace ifrit::master::services
