// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_user_directory.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>

namespace ifrit::agent::platform {

absl::StatusOr<Account> LinuxUserDirectory::find(const std::string& name) const {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(16 * 1024);
    int error = 0;
    while ((error = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found)) ==
           ERANGE)
        buffer.resize(buffer.size() * 2);
    if (error != 0) return base::errnoStatus(error, "looking up user " + name);
    if (found == nullptr) {
        return base::failedPrecondition(
            "NO_SUCH_USER", name,
            "user '{}' does not exist on this machine: create it, or change the package's user",
            name);
    }
    Account account{name, entry.pw_dir, entry.pw_uid, entry.pw_gid, {}};
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(name.c_str(), entry.pw_gid, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count));
        ::getgrouplist(name.c_str(), entry.pw_gid, groups.data(), &count);
    }
    account.groups.assign(groups.begin(), groups.begin() + count);
    return account;
}

}  // namespace ifrit::agent::platform
