// SPDX-License-Identifier: Apache-2.0
#include "master/app/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

/// What the holder wrote: its process id and a newline.
std::string holderOf(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string out(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    while (!out.empty() && out.back() == '\n')
        out.pop_back();
    return out;
}

}  // namespace

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::take(
    const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) return base::errnoStatus(errno, file.string());
    std::unique_ptr<DirectoryLock> out(new DirectoryLock(descriptor));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return base::errnoStatus(errno, file.string());
        return base::failedPrecondition(
            "LOCKED", file.string(),
            "another ifrit-master (process {}) serves from this directory; end it first",
            holderOf(descriptor));
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        return base::errnoStatus(errno, file.string());
    return out;
}

DirectoryLock::~DirectoryLock() {
    ::close(m_descriptor);
}

}  // namespace ifrit::master::app
