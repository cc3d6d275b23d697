// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "master/storage/records.h"

namespace ifrit::master::services {

/// About how much memory the report takes. O(texts of it).
std::size_t sizeOf(const storage::MachineReport& report);

}  // namespace ifrit::master::services
