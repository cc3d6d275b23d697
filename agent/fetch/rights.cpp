// SPDX-License-Identifier: Apache-2.0
#include "agent/fetch/rights.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ifrit::agent::fetch {
namespace {

/// By number, as the kernel's own overflow ids: the name service need not be asked.
constexpr uid_t kNobody = 65534;
constexpr rlim_t kMaxMemoryBytes = rlim_t{512} * 1024 * 1024;
constexpr rlim_t kMaxOpenFiles = 64;

bool limit(decltype(RLIMIT_AS) what, rlim_t most) {
    const rlimit value{most, most};
    return ::setrlimit(what, &value) == 0;
}

std::string failed(const char* what) {
    return std::string(what) + ": " + std::strerror(errno);
}

}  // namespace

std::string giveUpRights() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // the shadow is larger
    if (!limit(RLIMIT_AS, kMaxMemoryBytes)) return failed("limiting memory");
#endif
    if (!limit(RLIMIT_NOFILE, kMaxOpenFiles) || !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_CORE, 0)) {
        return failed("limiting resources");
    }
    if (::geteuid() == 0) {
        if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
            ::setresuid(kNobody, kNobody, kNobody) != 0) {
            return failed("becoming nobody");
        }
        if (::setuid(0) == 0) return "becoming nobody: root came back";
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("giving up new rights");
    return {};
}

}  // namespace ifrit::agent::fetch
