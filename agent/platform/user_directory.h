// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/platform/process_launcher.h"

namespace ifrit::agent::platform {

/// Accounts by name. Thread-safe; may block on the machine's name service.
class UserDirectory {
public:
    virtual ~UserDirectory() = default;
    /// FAILED_PRECONDITION NO_SUCH_USER when the machine does not know it.
    virtual absl::StatusOr<Account> find(const std::string& name) const = 0;
};

}  // namespace ifrit::agent::platform
