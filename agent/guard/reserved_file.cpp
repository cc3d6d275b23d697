// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/reserved_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "shared/base/atomic_file.h"

namespace ifrit::agent::guard {
namespace {

constexpr int kMode = 0644;

absl::Status syncParent(const std::string& path) {
    const std::string parent = path.substr(0, path.rfind('/') + 1);
    const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return base::errnoStatus(errno, "opening " + parent);
    const int error = ::fsync(directory) == 0 ? 0 : errno;
    ::close(directory);
    return error == 0 ? absl::OkStatus() : base::errnoStatus(error, "flushing " + parent);
}

// Over what is there, and no longer than that; 0 or errno.
int overwrite(int file, std::string_view bytes) {
    const auto length = static_cast<off_t>(bytes.size());
    off_t at = 0;
    while (at < length) {
        const ssize_t written = ::pwrite(file, bytes.data() + at, bytes.size() - at, at);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        at += written;
    }
    if (::ftruncate(file, length) != 0 || ::fsync(file) != 0) return errno;
    return 0;
}

}  // namespace

absl::Status ReservedFile::reserve() {
    struct stat found {};
    if (::lstat(m_room.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
        found.st_size == static_cast<off_t>(kBytes))
        return absl::OkStatus();
    // Written and not only allocated: what has no content yet may need room to get some.
    return base::writeFileAtomically(m_room, std::string(kBytes, '\n'), kMode);
}

absl::Status ReservedFile::write(std::string_view bytes) {
    if (bytes.size() > kBytes) {
        return base::invalidArgument("TOO_LONG", m_path, "{} bytes are too many for {}",
                                     bytes.size(), m_path);
    }
    const int file = ::open(m_room.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return base::errnoStatus(errno, "opening " + m_room);
    const int error = overwrite(file, bytes);
    ::close(file);
    if (error != 0) return base::errnoStatus(error, "writing " + m_room);
    if (std::rename(m_room.c_str(), m_path.c_str()) != 0)
        return base::errnoStatus(errno, "replacing " + m_path);
    return syncParent(m_path);
}

}  // namespace ifrit::agent::guard
