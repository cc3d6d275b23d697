// SPDX-License-Identifier: Apache-2.0
#include "agent/package/package_cache.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "agent/package/file_names.h"

namespace ifrit::agent::package {
namespace {

namespace fs = std::filesystem;

std::uint64_t sizeOf(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    return error ? 0 : size;
}

/// Of what is called by its SHA-256 and an extension.
std::string shaOf(const std::string& name) {
    return name.substr(0, name.find('.'));
}

}  // namespace

std::string PackageCache::archivePath(const std::string& sha256) const {
    return m_directory + '/' + sha256 + ".tar.zst";
}

std::string PackageCache::partPath(const std::string& sha256) const {
    return m_directory + '/' + sha256 + ".part";
}

bool PackageCache::has(const std::string& sha256, std::uint64_t sizeBytes) const {
    std::error_code error;
    return fs::is_regular_file(archivePath(sha256), error) &&
           sizeOf(archivePath(sha256)) == sizeBytes;
}

std::uint64_t PackageCache::bytesOf(const std::string& sha256) const {
    return std::max(sizeOf(archivePath(sha256)), sizeOf(partPath(sha256)));
}

void PackageCache::remove(const std::string& sha256) const {
    std::error_code error;
    fs::remove(archivePath(sha256), error);
    fs::remove(partPath(sha256), error);
}

absl::Status PackageCache::keepOnly(const std::set<std::string>& sha256s) const {
    IFRIT_ASSIGN_OR_RETURN(const std::vector<std::string> names, fileNamesIn(m_directory));
    for (const std::string& name : names) {
        if (sha256s.count(shaOf(name)) > 0) continue;
        const std::string path = m_directory + '/' + name;
        std::error_code error;
        fs::remove_all(path, error);
        if (error) return base::errnoStatus(error.value(), path);
    }
    return absl::OkStatus();
}

absl::StatusOr<std::set<std::string>> PackageCache::archives() const {
    IFRIT_ASSIGN_OR_RETURN(const std::vector<std::string> names, fileNamesIn(m_directory));
    std::set<std::string> found;
    for (const std::string& name : names)
        found.insert(shaOf(name));
    return found;
}

}  // namespace ifrit::agent::package
