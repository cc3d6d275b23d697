// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <memory>

namespace ifrit::master::app {

/// Held by the one process that serves from a directory: two would run the same releases from two
/// memories. The kernel lets go of it when the process ends, however it ends.
class DirectoryLock {
public:
    /// FAILED_PRECONDITION (LOCKED) names the process that holds it.
    static absl::StatusOr<std::unique_ptr<DirectoryLock>> take(const std::filesystem::path& file);
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

private:
    explicit DirectoryLock(int descriptor) : m_descriptor(descriptor) {}
    const int m_descriptor;
};

}  // namespace ifrit::master::app
