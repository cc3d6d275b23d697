// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/guard/hang_watch.h"

namespace ifrit::agent::guard {

bool Beat::touch() const {
    if (::utimensat(AT_FDCWD, m_file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0) return true;
    const int file = ::open(m_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) return false;
    ::close(file);
    return true;
}

std::optional<std::int64_t> Beat::stamp() const {
    struct stat status {};
    if (::lstat(m_file.c_str(), &status) != 0) return std::nullopt;
    const timespec& time = status.st_mtim;
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace ifrit::agent::guard
