// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>

namespace ifrit::master::app {

/// A directory that comes to be whole or not at all: made beside its place under another name, and
/// renamed when all is in it. Removed again where that does not come about. Its user alone enters
/// it, but where it takes the place of an empty one, which it is then like.
class StagedDirectory {
public:
    /// ALREADY_EXISTS (DIRECTORY_NOT_EMPTY) where `target` has something in it.
    static absl::StatusOr<StagedDirectory> begin(const std::filesystem::path& target);
    ~StagedDirectory();
    StagedDirectory(StagedDirectory&& other) noexcept;
    StagedDirectory& operator=(StagedDirectory&&) = delete;

    const std::filesystem::path& path() const { return m_staging; }
    /// Where root makes it in an empty directory that was laid out for the service's user, all of
    /// it becomes that user's, or the service could not read its own keys.
    absl::Status moveIntoPlace();

private:
    StagedDirectory(std::filesystem::path staging, std::filesystem::path target);

    std::filesystem::path m_staging;  ///< empty: moved on
    std::filesystem::path m_target;
};

}  // namespace ifrit::master::app
