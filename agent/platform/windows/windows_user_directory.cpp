// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_user_directory.h"

#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

constexpr wchar_t kAuthority[] = L"NT AUTHORITY";

}  // namespace

absl::StatusOr<Account> WindowsUserDirectory::find(const std::string& name) const {
    if (name == "LocalService" || name == "NetworkService") {
        Account account;
        account.name = name;
        account.home = "C:/Windows/ServiceProfiles/" + name;
        return account;
    }
    return base::failedPrecondition(
        "NO_SUCH_USER", name,
        "user '{}' cannot be used on Windows: a package's user is LocalService, NetworkService or "
        "none",
        name);
}

absl::StatusOr<UniqueHandle> logOn(const Account& account) {
    HANDLE token = nullptr;
    if (!::LogonUserW(base::toWide(account.name).c_str(), kAuthority, nullptr,
                      LOGON32_LOGON_SERVICE, LOGON32_PROVIDER_DEFAULT, &token))
        return base::lastError("becoming user " + account.name);
    return UniqueHandle(token);
}

}  // namespace ifrit::agent::platform
