// SPDX-License-Identifier: Apache-2.0
#include "master/app/staged_directory.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>
#include <vector>

#include "shared/base/ids.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

namespace fs = std::filesystem;

absl::Status adoptOwner(const fs::path& staging, const fs::path& target) {
    struct stat wanted {};
    if (::stat(target.c_str(), &wanted) != 0)
        return errno == ENOENT ? absl::OkStatus() : base::errnoStatus(errno, target.string());
    if (::chmod(staging.c_str(), wanted.st_mode & 07777) != 0)
        return base::errnoStatus(errno, staging.string());
    if (::geteuid() != 0) return absl::OkStatus();
    std::vector<fs::path> all = {staging};
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(staging))
        all.push_back(entry.path());
    for (const fs::path& path : all) {
        if (::lchown(path.c_str(), wanted.st_uid, wanted.st_gid) != 0)
            return base::errnoStatus(errno, path.string());
    }
    return absl::OkStatus();
}

}  // namespace

StagedDirectory::StagedDirectory(fs::path staging, fs::path target)
    : m_staging(std::move(staging)), m_target(std::move(target)) {}

StagedDirectory::StagedDirectory(StagedDirectory&& other) noexcept
    : m_staging(std::exchange(other.m_staging, {})), m_target(std::move(other.m_target)) {}

StagedDirectory::~StagedDirectory() {
    std::error_code ignored;
    if (!m_staging.empty()) fs::remove_all(m_staging, ignored);
}

absl::StatusOr<StagedDirectory> StagedDirectory::begin(const fs::path& target) {
    std::error_code error;
    if (fs::exists(target, error) && !fs::is_empty(target, error)) {
        return base::makeError(
            absl::StatusCode::kAlreadyExists, "DIRECTORY_NOT_EMPTY", target.string(),
            fmt::format("{} is not empty; give a new directory", target.string()));
    }
    const fs::path absolute = fs::absolute(target).lexically_normal();
    const fs::path parent =
        absolute.has_filename() ? absolute.parent_path() : absolute.parent_path().parent_path();
    fs::create_directories(parent, error);
    const fs::path staging = parent / fmt::format(".ifrit-{}", base::randomUuid().substr(0, 8));
    if (::mkdir(staging.c_str(), 0700) != 0)
        return base::errnoStatus(errno, "make a directory in " + parent.string());
    return StagedDirectory(staging, target);
}

absl::Status StagedDirectory::moveIntoPlace() {
    IFRIT_RETURN_IF_ERROR(adoptOwner(m_staging, m_target));
    // rename() replaces an empty directory.
    if (::rename(m_staging.c_str(), m_target.c_str()) != 0)
        return base::errnoStatus(errno, "rename to " + m_target.string());
    m_staging.clear();
    return absl::OkStatus();
}

}  // namespace ifrit::master::app
