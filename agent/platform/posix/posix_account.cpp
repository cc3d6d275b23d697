// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/posix_account.h"

#include <pwd.h>

#include <cerrno>
#include <vector>

namespace ifrit::agent::platform {

absl::StatusOr<Account> accountOf(const std::string& name) {
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
    return Account{name, entry.pw_dir, entry.pw_uid, entry.pw_gid, {}};
}

}  // namespace ifrit::agent::platform
