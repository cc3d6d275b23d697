// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_user_directory.h"

#include <grp.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/platform/posix/posix_account.h"

namespace ifrit::agent::platform {

absl::StatusOr<Account> MacUserDirectory::find(const std::string& name) const {
    IFRIT_ASSIGN_OR_RETURN(Account account, accountOf(name));
    // Sixteen groups are what a process of macOS can have.
    std::array<int, NGROUPS_MAX> groups{};
    int count = static_cast<int>(groups.size());
    ::getgrouplist(name.c_str(), static_cast<int>(account.groupId), groups.data(), &count);
    count = std::min(count, static_cast<int>(groups.size()));
    for (int i = 0; i < count; ++i)
        account.groups.push_back(static_cast<std::uint32_t>(groups[static_cast<std::size_t>(i)]));
    return account;
}

}  // namespace ifrit::agent::platform
