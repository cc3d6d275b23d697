// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/user_directory.h"

namespace ifrit::agent::platform {

/// Over Open Directory, as the C library asks it.
class MacUserDirectory final : public UserDirectory {
public:
    absl::StatusOr<Account> find(const std::string& name) const override;
};

}  // namespace ifrit::agent::platform
