// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_user_directory.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace ifrit::agent::platform {

absl::StatusOr<Account> MacUserDirectory::find(const std::string& name) const {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16 * 1024> buffer{};
    const int error = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (error != 0) return base::errnoStatus(error, "looking up user " + name);
    if (found == nullptr) {
        return base::failedPrecondition(
            "NO_SUCH_USER", name,
            "user '{}' does not exist on this machine: create it, or change the package's user",
            name);
    }
    Account account{name, entry.pw_dir, entry.pw_uid, entry.pw_gid, {}};
    // Sixteen groups are what a process of macOS can have.
    std::array<int, NGROUPS_MAX> groups{};
    int count = static_cast<int>(groups.size());
    ::getgrouplist(name.c_str(), static_cast<int>(entry.pw_gid), groups.data(), &count);
    count = std::min(count, static_cast<int>(groups.size()));
    for (int i = 0; i < count; ++i)
        account.groups.push_back(static_cast<std::uint32_t>(groups[static_cast<std::size_t>(i)]));
    return account;
}

}  // namespace ifrit::agent::platform
