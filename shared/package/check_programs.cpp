// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <optional>
#include <vector>

#include "shared/domain/names.h"
#include "shared/package/manifest_error.h"
#include "shared/package/manifest_hooks.h"
#include "shared/package/manifest_toml.h"
#include "shared/package/packaged_files.h"

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRoot = "${root}/";
constexpr std::uint32_t kOwnerMayExecute = 0100;

/// Relative to the version's root; nullopt: an absolute one, or known on the machine only.
std::optional<fs::path> pathInPackage(std::string word) {
    if (word.rfind(kRoot, 0) == 0) word.erase(0, kRoot.size());
    if (word.empty() || word.front() == '/' || word.find('$') != std::string::npos)
        return std::nullopt;
    return fs::path(word).lexically_normal();
}

absl::Status checkProgram(const PackagedFiles& files, const std::string& field,
                          const std::vector<std::string>& command) {
    if (command.empty()) return absl::OkStatus();
    const std::optional<fs::path> path = pathInPackage(command.front());
    if (!path) return absl::OkStatus();
    const domain::FileEntry* file = files.at(*path);
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
    const PackagedFiles files(manifest);
    IFRIT_RETURN_IF_ERROR(checkProgram(files, "start.command", manifest.start.command));
    if (manifest.probe)
        IFRIT_RETURN_IF_ERROR(checkProgram(files, "probe.exec", manifest.probe->command));
    return checkEachHook(manifest.hooks, [&files](const std::string& field, const auto& command) {
        return checkProgram(files, field, command);
    });
}

}  // namespace ifrit::package
