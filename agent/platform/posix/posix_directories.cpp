// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/posix_directories.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {
namespace {

std::string parentOf(const std::string& path) {
    const auto slash = path.find_last_of('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status syncDirectory(const std::string& path) {
    // Follows a link on purpose: a state directory may be one.
    const UniqueFd open(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
    if (!open.valid()) return base::errnoStatus(errno, "opening " + path);
    if (::fsync(open.get()) != 0) return base::errnoStatus(errno, "flushing " + path);
    return absl::OkStatus();
}

bool isDirectory(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

}  // namespace

absl::Status PosixDirectories::create(const std::string& path, std::uint32_t mode) {
    if (isDirectory(path)) return absl::OkStatus();
    const std::string parent = parentOf(path);
    if (parent != path && !isDirectory(parent)) IFRIT_RETURN_IF_ERROR(create(parent, mode));
    if (::mkdir(path.c_str(), mode) != 0 && (errno != EEXIST || !isDirectory(path)))
        return base::errnoStatus(errno, "making directory " + path);
    return syncDirectory(parent);
}

absl::Status PosixDirectories::removeTree(const std::string& path) {
    std::error_code error;
    const auto removed = std::filesystem::remove_all(path, error);
    if (error) return base::errnoStatus(error.value(), "removing " + path);
    return removed == 0 ? absl::OkStatus() : syncDirectory(parentOf(path));
}

absl::Status PosixDirectories::rename(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0)
        return base::errnoStatus(errno, fmt::format("renaming {} to {}", from, to));
    IFRIT_RETURN_IF_ERROR(syncDirectory(parentOf(to)));
    if (parentOf(from) == parentOf(to)) return absl::OkStatus();
    return syncDirectory(parentOf(from));
}

absl::Status PosixDirectories::switchLink(const std::string& target, const std::string& link) {
    // A fixed name: what a kill left behind is replaced by the next attempt, never collected.
    const std::string fresh = link + ".new";
    if (::unlink(fresh.c_str()) != 0 && errno != ENOENT)
        return base::errnoStatus(errno, "removing " + fresh);
    if (::symlink(target.c_str(), fresh.c_str()) != 0)
        return base::errnoStatus(errno, "making link " + fresh);
    return rename(fresh, link);
}

absl::StatusOr<std::string> PosixDirectories::readLink(const std::string& link) const {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
    if (length < 0) return base::errnoStatus(errno, "reading link " + link);
    return std::string(target.data(), static_cast<std::size_t>(length));
}

absl::StatusOr<std::vector<std::string>> PosixDirectories::list(const std::string& path) const {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator at(path, error);
    while (!error && at != std::filesystem::directory_iterator()) {
        names.push_back(at->path().filename().string());
        at.increment(error);
    }
    if (error) return base::errnoStatus(error.value(), "listing " + path);
    std::sort(names.begin(), names.end());
    return names;
}

absl::StatusOr<Owner> PosixDirectories::owner(const std::string& directory) const {
    struct stat found {};
    if (::lstat(directory.c_str(), &found) != 0)
        return base::errnoStatus(errno, "looking whose " + directory + " is");
    if (!S_ISDIR(found.st_mode)) return base::errnoStatus(ENOTDIR, directory);
    return Owner{found.st_uid, found.st_gid};
}

absl::Status PosixDirectories::setOwner(const std::string& directory, const Owner& owner) {
    const UniqueFd open(::open(directory.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW));
    if (!open.valid()) return base::errnoStatus(errno, "opening " + directory);
    if (::fchown(open.get(), owner.userId, owner.groupId) != 0 || ::fsync(open.get()) != 0)
        return base::errnoStatus(errno, "giving " + directory + " to its user");
    return absl::OkStatus();
}

Owner PosixDirectories::ourselves() const {
    return {::geteuid(), ::getegid()};
}

}  // namespace ifrit::agent::platform
