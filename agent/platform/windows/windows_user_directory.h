// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/user_directory.h"
#include "agent/platform/windows/unique_handle.h"

namespace ifrit::agent::platform {

/// The accounts that a service may become without a password: LocalService and NetworkService.
class WindowsUserDirectory final : public UserDirectory {
public:
    absl::StatusOr<Account> find(const std::string& name) const override;
};

/// A token to start a program as this account with. We must be LocalSystem.
absl::StatusOr<UniqueHandle> logOn(const Account& account);

}  // namespace ifrit::agent::platform
