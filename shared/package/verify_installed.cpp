// SPDX-License-Identifier: Apache-2.0
#include "shared/package/verify_installed.h"

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>

#include "shared/base/status.h"
#include "shared/crypto/sha256.h"

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

std::optional<DeviationKind> compare(const fs::path& path, const domain::FileEntry& file) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (!fs::exists(status)) return DeviationKind::Missing;
    if (file.kind == domain::FileEntry::Kind::Symlink) {
        const bool same =
            fs::is_symlink(status) && fs::read_symlink(path, error).string() == file.linkTarget;
        return same ? std::nullopt : std::optional(DeviationKind::Changed);
    }
    if (!fs::is_regular_file(status) || fs::file_size(path, error) != file.sizeBytes) {
        return DeviationKind::Changed;
    }
    const auto digest = crypto::sha256File(path);
    if (!digest.ok() || *digest != file.sha256) return DeviationKind::Changed;
    const auto mode = static_cast<std::uint32_t>(status.permissions()) & 07777U;
    return mode == file.mode ? std::nullopt : std::optional(DeviationKind::Mode);
}

}  // namespace

absl::StatusOr<std::vector<Deviation>> verifyInstalled(const fs::path& root,
                                                       const domain::Manifest& manifest) {
    std::vector<Deviation> found;
    std::set<std::string> listed;
    for (const domain::FileEntry& file : manifest.files) {
        listed.insert(file.path);
        if (const auto kind = compare(root / file.path, file)) found.push_back({*kind, file.path});
    }
    std::error_code error;
    fs::recursive_directory_iterator walk(root, error);
    // Stepped by hand: the ++ of a range-for throws when a folder goes away under the scan.
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
        std::error_code ignored;
        if (walk->symlink_status(ignored).type() == fs::file_type::directory) continue;
        const std::string path = walk->path().lexically_relative(root).string();
        if (listed.count(path) == 0) found.push_back({DeviationKind::Added, path});
    }
    if (error) return base::errnoStatus(error.value(), "read " + root.string());
    std::sort(found.begin(), found.end(),
              [](const Deviation& a, const Deviation& b) { return a.path < b.path; });
    return found;
}

}  // namespace ifrit::package
