// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "agent/platform/file_lock.h"
#include "agent/platform/posix/small_file.h"
#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {

absl::StatusOr<FileLock> FileLock::acquire(const std::string& path) {
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid()) return base::errnoStatus(errno, "opening the lock " + path);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return base::errnoStatus(errno, "locking " + path);
        std::string holder = readSmallFile(path).value_or("");
        while (!holder.empty() && holder.back() == '\n')
            holder.pop_back();
        return base::failedPrecondition(
            "LOCKED", path,
            "{} is locked: another instance runs on this directory (pid {}); stop it, or use "
            "another directory",
            path, holder.empty() ? "unknown" : holder);
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    // For people only, so a failure (disk full) does not matter: the lock itself holds.
    [[maybe_unused]] const int cut = ::ftruncate(file.get(), 0);
    [[maybe_unused]] const ssize_t written = ::pwrite(file.get(), pid.data(), pid.size(), 0);
    return FileLock(file.release());
}

FileLock::FileLock(FileLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FileLock::~FileLock() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

}  // namespace ifrit::agent::platform
