// SPDX-License-Identifier: Apache-2.0
#include "agent/package/package_cache.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace ifrit::agent::package {
namespace {

namespace fs = std::filesystem;

std::uint64_t sizeOf(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    return error ? 0 : size;
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
    std::error_code error;
    fs::directory_iterator entries(m_directory, error);
    if (error) return base::errnoStatus(error.value(), m_directory);
    for (const fs::directory_entry& entry : entries) {
        const std::string name = entry.path().filename().string();
        if (sha256s.count(name.substr(0, name.find('.'))) > 0) continue;
        fs::remove_all(entry.path(), error);
        if (error) return base::errnoStatus(error.value(), entry.path().string());
    }
    return absl::OkStatus();
}

std::set<std::string> PackageCache::archives() const {
    std::set<std::string> found;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(m_directory, error)) {
        const std::string name = entry.path().filename().string();
        found.insert(name.substr(0, name.find('.')));
    }
    return found;
}

}  // namespace ifrit::agent::package
