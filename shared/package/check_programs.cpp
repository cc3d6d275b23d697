// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "shared/domain/names.h"
#include "shared/package/manifest_error.h"
#include "shared/package/manifest_hooks.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 40;  // as many as Linux follows
constexpr std::string_view kRoot = "${root}/";
constexpr std::uint32_t kOwnerMayExecute = 0100;

using Files = std::map<std::string, const domain::FileEntry*>;

/// Relative to the version's root; nullopt: an absolute one, or known on the machine only.
std::optional<fs::path> pathInPackage(std::string word) {
    if (word.rfind(kRoot, 0) == 0) word.erase(0, kRoot.size());
    if (word.empty() || word.front() == '/' || word.find('$') != std::string::npos)
        return std::nullopt;
    return fs::path(word).lexically_normal();
}

/// Where `path` leads by its first link, which may be a folder of it; nullopt: none is in it.
std::optional<fs::path> followed(const Files& files, const fs::path& path) {
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

const domain::FileEntry* fileAt(const Files& files, fs::path path) {
    for (int links = 0; links < kMaxLinks; ++links) {
        const std::optional<fs::path> next = followed(files, path);
        if (!next) break;
        path = *next;
    }
    const auto found = files.find(path.string());
    return found == files.end() ? nullptr : found->second;
}

absl::Status checkProgram(const Files& files, const std::string& field,
                          const std::vector<std::string>& command) {
    if (command.empty()) return absl::OkStatus();
    const std::optional<fs::path> path = pathInPackage(command.front());
    if (!path) return absl::OkStatus();
    const domain::FileEntry* file = fileAt(files, *path);
    if (file == nullptr || file->kind != domain::FileEntry::Kind::Regular) {
        return badField(field, fmt::format("'{}' is no file of the package; the first word is one, "
                                           "or an absolute path",
                                           command.front()));
    }
    if ((file->mode & kOwnerMayExecute) != 0) return absl::OkStatus();
    return badField(
        field, fmt::format("'{}' is not executable (its mode is {:04o})", file->path, file->mode));
}

}  // namespace

absl::Status checkPrograms(const domain::Manifest& manifest) {
    // ifrit-guard starts it, with arguments of its own.
    if (manifest.name == domain::kSelfAgent) return absl::OkStatus();
    Files files;
    for (const domain::FileEntry& file : manifest.files)
        files.emplace(file.path, &file);
    IFRIT_RETURN_IF_ERROR(checkProgram(files, "start.command", manifest.start.command));
    if (manifest.probe)
        IFRIT_RETURN_IF_ERROR(checkProgram(files, "probe.exec", manifest.probe->command));
    return checkEachHook(manifest.hooks, [&files](const std::string& field, const auto& command) {
        return checkProgram(files, field, command);
    });
}

}  // namespace ifrit::package
