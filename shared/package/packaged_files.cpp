// SPDX-License-Identifier: Apache-2.0
#include "shared/package/packaged_files.h"

#include <optional>

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 40;  // as many as Linux follows

/// Where `path` leads by its first link, which may be a folder of it; nullopt: none is in it.
std::optional<fs::path> followed(const std::map<std::string, const domain::FileEntry*>& files,
                                 const fs::path& path) {
    fs::path folder;
    for (auto part = path.begin(); part != path.end(); ++part) {
        folder /= *part;
        const auto found = files.find(folder.string());
        if (found == files.end() || found->second->kind != domain::FileEntry::Kind::Symlink)
            continue;
        fs::path target = folder.parent_path() / found->second->linkTarget;
        for (++part; part != path.end(); ++part)
            target /= *part;
        return target.lexically_normal();
    }
    return std::nullopt;
}

}  // namespace

PackagedFiles::PackagedFiles(const domain::Manifest& manifest) {
    for (const domain::FileEntry& file : manifest.files)
        m_files.emplace(file.path, &file);
}

const domain::FileEntry* PackagedFiles::at(const fs::path& path) const {
    fs::path at = path.lexically_normal();
    for (int links = 0; links < kMaxLinks; ++links) {
        const std::optional<fs::path> next = followed(m_files, at);
        if (!next) break;
        at = *next;
    }
    const auto found = m_files.find(at.string());
    return found == m_files.end() ? nullptr : found->second;
}

}  // namespace ifrit::package
