// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "shared/base/status.h"

namespace ifrit::agent::package {

/// Archives by their SHA-256, whole ones and beginnings, in one directory. What is in here is not
/// believed: unpacking checks every file again. Thread-safe for different archives.
class PackageCache {
public:
    explicit PackageCache(std::string directory) : m_directory(std::move(directory)) {}

    std::string archivePath(const std::string& sha256) const;
    std::string partPath(const std::string& sha256) const;
    /// A whole archive of this size is there.
    bool has(const std::string& sha256, std::uint64_t sizeBytes) const;
    /// Bytes of the archive that are here already, whole or not.
    std::uint64_t bytesOf(const std::string& sha256) const;
    /// For an archive that turned out to be bad.
    void remove(const std::string& sha256) const;
    /// Removes everything else in the directory.
    absl::Status keepOnly(const std::set<std::string>& sha256s) const;
    /// SHA-256 of every archive that is here, whole or in part.
    absl::StatusOr<std::set<std::string>> archives() const;

private:
    const std::string m_directory;
};

}  // namespace ifrit::agent::package
