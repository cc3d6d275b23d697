// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/disk_reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace ifrit::agent::journal {
namespace {

constexpr off_t kWhole = 512 * 1024;
constexpr off_t kPiece = 128 * 1024;
constexpr off_t kBlock = 512;  // of st_blocks, on any file system
/// With less room than this the disk is as good as full, and the reserve stays as it is.
constexpr std::uint64_t kLeastRoom = 2 * 1024 * 1024;

off_t sizeOf(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) ? found.st_size : 0;
}

}  // namespace

absl::Status DiskReserve::fill() {
    if (sizeOf(m_path) >= kWhole) return absl::OkStatus();
    struct statvfs space {};
    const std::string directory = m_path.substr(0, m_path.rfind('/'));
    if (::statvfs(directory.c_str(), &space) == 0 &&
        std::uint64_t{space.f_bavail} * space.f_frsize < kLeastRoom)
        return absl::OkStatus();
    const int file = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return base::errnoStatus(errno, "opening " + m_path);
    const int error = ::posix_fallocate(file, 0, kWhole);
    // What could be had of it is no reserve, and missing elsewhere.
    if (error != 0) ::unlink(m_path.c_str());
    ::close(file);
    return error == 0 ? absl::OkStatus() : base::errnoStatus(error, "reserving " + m_path);
}

absl::Status DiskReserve::make() {
    struct stat found {};
    if (::lstat(m_path.c_str(), &found) == 0 && found.st_blocks * kBlock < kWhole)
        ::unlink(m_path.c_str());
    return fill();
}

bool DiskReserve::giveAway() {
    const off_t size = sizeOf(m_path);
    if (size <= 0) return false;
    if (size > kPiece) return ::truncate(m_path.c_str(), size - kPiece) == 0;
    return ::unlink(m_path.c_str()) == 0;
}

}  // namespace ifrit::agent::journal
