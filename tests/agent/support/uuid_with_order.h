// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent/link/master_order.h"

namespace ifrit::tests {

/// Of a machine that prefers masters in just this order; some few names are enough to find one.
inline std::string uuidWithOrder(const std::vector<std::string>& order) {
    for (int number = 0;; ++number) {
        std::string uuid = "m" + std::to_string(number);
        if (agent::link::masterOrder(uuid, order) == order) return uuid;
    }
}

}  // namespace ifrit::tests
