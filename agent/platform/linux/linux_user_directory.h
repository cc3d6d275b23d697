// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/user_directory.h"

namespace ifrit::agent::platform {

/// Over the C library's name service. In a file of its own, because a statically linked program
/// cannot have it.
class LinuxUserDirectory final : public UserDirectory {
public:
    absl::StatusOr<Account> find(const std::string& name) const override;
};

}  // namespace ifrit::agent::platform
