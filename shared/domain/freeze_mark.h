// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/base/clock.h"

namespace ifrit::domain {

/// That an operator stopped all change in the cluster, with all that its audit row will need.
struct FreezeMark {
    std::string id;  ///< random; tells one freeze from the next
    std::string by;
    std::string reason;
    base::WallTime at{};
    std::string address;
    std::string via;
    std::string requestId;
    bool operator==(const FreezeMark&) const = default;
};

}  // namespace ifrit::domain
