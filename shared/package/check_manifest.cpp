// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <set>

#include "shared/base/status.h"
#include "shared/domain/names.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_toml.h"
#include "shared/package/variables.h"

namespace ifrit::package {
namespace {

constexpr std::size_t kMaxMachineTypes = 32;

absl::Status bad(const std::string& message) {
    return base::invalidArgument("PACKAGE_MANIFEST", "", "{}", message);
}

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return text;
}

/// A link may point anywhere inside the root and nowhere else.
absl::Status checkLink(const domain::FileEntry& file) {
    const std::filesystem::path target(file.linkTarget);
    if (file.linkTarget.empty() || target.is_absolute()) {
        return bad(fmt::format("link '{}' must have a relative target", file.path));
    }
    const auto resolved =
        (std::filesystem::path(file.path).parent_path() / target).lexically_normal();
    if (resolved.empty() || *resolved.begin() == "..") {
        return bad(
            fmt::format("link '{}' points out of the package: '{}'", file.path, file.linkTarget));
    }
    return absl::OkStatus();
}

absl::Status checkFile(const domain::FileEntry& file) {
    IFRIT_RETURN_IF_ERROR(domain::checkRelativePath(file.path));
    if (file.kind == domain::FileEntry::Kind::Symlink) return checkLink(file);
    IFRIT_RETURN_IF_ERROR(domain::checkSha256(file.sha256));
    if ((file.mode & ~kMaxMode) != 0 || (file.mode & 0400) == 0) {
        return bad(fmt::format("mode {:04o} of '{}': only bits of 0755, with 0400 set", file.mode,
                               file.path));
    }
    return absl::OkStatus();
}

/// No path may be another's folder, or another's twin on a file system that ignores case.
absl::Status checkPaths(const domain::Manifest& manifest) {
    std::set<std::string> seen;
    for (const domain::FileEntry& file : manifest.files) {
        if (!seen.insert(lowered(file.path)).second) {
            return bad(fmt::format("'{}' is listed twice (case is ignored)", file.path));
        }
    }
    for (const domain::FileEntry& file : manifest.files) {
        std::filesystem::path parent = std::filesystem::path(lowered(file.path)).parent_path();
        for (; !parent.empty(); parent = parent.parent_path()) {
            if (seen.count(parent.string()) != 0) {
                return bad(fmt::format("'{}' lies below '{}', which is a file or link", file.path,
                                       parent.string()));
            }
        }
    }
    return absl::OkStatus();
}

absl::Status checkFiles(const domain::Manifest& manifest) {
    IFRIT_RETURN_IF_ERROR(domain::checkSha256(manifest.archiveSha256));
    if (manifest.files.empty()) return bad("the package has no files");
    if (manifest.files.size() > kMaxFiles) return bad("the package has too many files");
    std::uint64_t total = 0;
    for (const domain::FileEntry& file : manifest.files) {
        IFRIT_RETURN_IF_ERROR(checkFile(file));
        total += file.sizeBytes;
    }
    if (total != manifest.unpackedSizeBytes) {
        return bad(fmt::format("the files have {} bytes, 'archive.unpacked_size' says {}", total,
                               manifest.unpackedSizeBytes));
    }
    if (manifest.archiveSizeBytes > kMaxArchiveBytes || total > kMaxUnpackedBytes) {
        return bad("the package is too large");
    }
    return checkPaths(manifest);
}

absl::Status checkCommand(const char* what, const std::vector<std::string>& command) {
    if (command.empty() || command.front().empty()) {
        return bad(fmt::format("'{}' names no program", what));
    }
    return absl::OkStatus();
}

absl::Status checkHooks(const domain::Hooks& hooks) {
    for (const auto* hook : {&hooks.preInstall, &hooks.postInstall, &hooks.preStart,
                             &hooks.postStop, &hooks.preUninstall}) {
        if (*hook) IFRIT_RETURN_IF_ERROR(checkCommand("hooks.*.command", (*hook)->command));
    }
    return absl::OkStatus();
}

absl::Status checkProbe(const domain::Probe& probe) {
    if (probe.kind == domain::Probe::Kind::Exec) {
        IFRIT_RETURN_IF_ERROR(checkCommand("probe.exec", probe.command));
    }
    if (probe.kind == domain::Probe::Kind::Http && probe.url.rfind("http://", 0) != 0) {
        return bad("'probe.http' must begin with http://");
    }
    if (probe.kind == domain::Probe::Kind::Tcp && probe.address.find(':') == std::string::npos) {
        return bad("'probe.tcp' must be host:port");
    }
    if (probe.interval.count() < 100 || probe.timeout.count() < 10 || probe.failureThreshold == 0) {
        return bad("'probe': interval at least 100ms, timeout at least 10ms, failures at least 1");
    }
    return absl::OkStatus();
}

}  // namespace

absl::Status checkSource(const domain::Manifest& manifest) {
    static const std::set<std::string> kSignals = {"SIGTERM", "SIGINT",  "SIGQUIT", "SIGHUP",
                                                   "SIGUSR1", "SIGUSR2", "SIGKILL"};
    IFRIT_RETURN_IF_ERROR(domain::checkAgentName(manifest.name));
    IFRIT_RETURN_IF_ERROR(domain::checkVersion(manifest.version));
    IFRIT_RETURN_IF_ERROR(domain::checkReason(manifest.description));
    if (manifest.machineTypes.empty() || manifest.machineTypes.size() > kMaxMachineTypes) {
        return bad("'machine_types' must name 1 to 32 types");
    }
    const std::set<std::string> types(manifest.machineTypes.begin(), manifest.machineTypes.end());
    if (types.size() != manifest.machineTypes.size()) {
        return bad("'machine_types' names a type twice");
    }
    for (const std::string& type : types)
        IFRIT_RETURN_IF_ERROR(domain::checkMachineType(type));
    IFRIT_RETURN_IF_ERROR(checkCommand("start.command", manifest.start.command));
    if (kSignals.count(manifest.stop.signal) == 0) {
        return bad(
            fmt::format("'stop.signal': {} is not a signal to stop with", manifest.stop.signal));
    }
    if (manifest.probe) IFRIT_RETURN_IF_ERROR(checkProbe(*manifest.probe));
    IFRIT_RETURN_IF_ERROR(checkHooks(manifest.hooks));
    for (const std::string& name : manifest.preflight.conflicts) {
        IFRIT_RETURN_IF_ERROR(domain::checkAgentName(name));
    }
    for (const auto& [name, value] : manifest.vars) {
        IFRIT_RETURN_IF_ERROR(domain::checkAgentName(name));
    }
    return checkVariables(manifest);
}

absl::Status checkManifest(const domain::Manifest& manifest) {
    IFRIT_RETURN_IF_ERROR(checkSource(manifest));
    return checkFiles(manifest);
}

}  // namespace ifrit::package
