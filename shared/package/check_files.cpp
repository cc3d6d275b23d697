// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>

#include "shared/base/utf8.h"
#include "shared/domain/names.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_error.h"

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return text;
}

std::string fieldOf(std::size_t index, std::string_view name) {
    return fmt::format("files[{}].{}", index, name);
}

absl::Status checkText(std::string_view text) {
    if (!base::isUtf8(text)) {
        return base::invalidArgument("PATH_INVALID", "", "path '{}' is not UTF-8, which TOML needs",
                                     base::validUtf8(text.substr(0, 80)));
    }
    return domain::checkRelativePath(text);
}

/// A link may point anywhere inside the root and nowhere else. ".." is allowed in front only: there
/// it climbs real folders, since no file lies below a link. Behind a name it could climb from
/// wherever that name, itself a link, leads.
absl::Status checkLink(const std::string& field, const domain::FileEntry& file) {
    if (file.linkTarget.empty() || file.linkTarget.front() == '/') {
        return badField(field, fmt::format("link '{}' must have a relative target", file.path));
    }
    if (file.linkTarget == ".") return absl::OkStatus();
    const fs::path target(file.linkTarget);
    auto part = target.begin();
    std::ptrdiff_t climbs = 0;
    for (; part != target.end() && *part == ".."; ++part)
        ++climbs;
    const fs::path folder = fs::path(file.path).parent_path();
    if (climbs > std::distance(folder.begin(), folder.end())) {
        return badField(field, fmt::format("link '{}' points out of the package: '{}'", file.path,
                                           file.linkTarget));
    }
    if (part == target.end()) return absl::OkStatus();
    fs::path rest;
    for (; part != target.end(); ++part)
        rest /= *part;
    if (checkText(rest.string()).ok()) return absl::OkStatus();
    return badField(field, fmt::format("link '{}' points out of the package or has a part that is "
                                       "not a plain name (no control character; '..' only in "
                                       "front): '{}'",
                                       file.path, base::validUtf8(file.linkTarget)));
}

absl::Status checkFile(std::size_t index, const domain::FileEntry& file) {
    IFRIT_RETURN_IF_ERROR(inField(fieldOf(index, "path"), checkText(file.path)));
    if (file.kind == domain::FileEntry::Kind::Symlink) {
        return checkLink(fieldOf(index, "link"), file);
    }
    IFRIT_RETURN_IF_ERROR(inField(fieldOf(index, "sha256"), domain::checkSha256(file.sha256)));
    if ((file.mode & ~kMaxMode) != 0 || (file.mode & 0400) == 0) {
        return badField(fieldOf(index, "mode"),
                        fmt::format("mode {:04o} of '{}': only bits of 0755, with 0400 set",
                                    file.mode, file.path));
    }
    return absl::OkStatus();
}

/// No path may be another's folder, or another's twin on a file system that ignores case.
absl::Status checkPaths(const domain::Manifest& manifest) {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < manifest.files.size(); ++i) {
        if (!seen.emplace(lowered(manifest.files[i].path), i).second) {
            return badField(
                fieldOf(i, "path"),
                fmt::format("'{}' is listed twice (case is ignored)", manifest.files[i].path));
        }
    }
    for (const auto& [path, index] : seen) {
        for (fs::path parent = fs::path(path).parent_path(); !parent.empty();
             parent = parent.parent_path()) {
            if (seen.count(parent.string()) == 0) continue;
            return badField(fieldOf(index, "path"),
                            fmt::format("'{}' lies below '{}', which is a file or link",
                                        manifest.files[index].path, parent.string()));
        }
    }
    return absl::OkStatus();
}

absl::Status checkSizes(const domain::Manifest& manifest) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < manifest.files.size(); ++i) {
        if (manifest.files[i].sizeBytes > kMaxUnpackedBytes) {
            return tooLarge(fieldOf(i, "size"), "a file has at most 4 GiB");
        }
        total += manifest.files[i].sizeBytes;
    }
    if (total > kMaxUnpackedBytes) return tooLarge("files", "the files have more than 4 GiB");
    if (manifest.archiveSizeBytes > kMaxArchiveBytes) {
        return tooLarge("archive.size", "an archive has at most 2 GiB");
    }
    if (total != manifest.unpackedSizeBytes) {
        return badField("archive.unpacked_size",
                        fmt::format("the files have {} bytes, 'archive.unpacked_size' says {}",
                                    total, manifest.unpackedSizeBytes));
    }
    return absl::OkStatus();
}

}  // namespace

absl::Status checkFiles(const domain::Manifest& manifest) {
    IFRIT_RETURN_IF_ERROR(inField("archive.sha256", domain::checkSha256(manifest.archiveSha256)));
    if (manifest.files.empty()) return badField("files", "the package has no files");
    if (manifest.files.size() > kMaxFiles) {
        return tooLarge("files", fmt::format("more than {} files", kMaxFiles));
    }
    for (std::size_t i = 0; i < manifest.files.size(); ++i) {
        IFRIT_RETURN_IF_ERROR(checkFile(i, manifest.files[i]));
    }
    IFRIT_RETURN_IF_ERROR(checkSizes(manifest));
    return checkPaths(manifest);
}

}  // namespace ifrit::package
