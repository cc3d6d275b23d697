// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_user_directory.h"

#include <grp.h>

#include "agent/platform/posix/posix_account.h"

namespace ifrit::agent::platform {

absl::StatusOr<Account> LinuxUserDirectory::find(const std::string& name) const {
    IFRIT_ASSIGN_OR_RETURN(Account account, accountOf(name));
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(name.c_str(), account.groupId, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count));
        ::getgrouplist(name.c_str(), account.groupId, groups.data(), &count);
    }
    account.groups.assign(groups.begin(), groups.begin() + count);
    return account;
}

}  // namespace ifrit::agent::platform
