// SPDX-License-Identifier: Apache-2.0
#include "agent/selfupgrade/running_program.h"

#include <filesystem>
#include <system_error>

#include "shared/domain/names.h"

namespace ifrit::agent::selfupgrade {

std::optional<journal::InstalledVersion> versionOfProgram(const std::string& executable,
                                                          const install::Layout& layout,
                                                          const package::ManifestStore& manifests) {
    const std::string self(domain::kSelfAgent);
    std::error_code error;
    // The root may be reached by way of a link; what the kernel names is never one.
    const auto versions = std::filesystem::canonical(layout.versions(self), error);
    if (error) return std::nullopt;
    for (const std::string& digest : manifests.readableDigests(self)) {
        const auto manifest = manifests.load(self, digest);
        if (!manifest.ok()) continue;
        const journal::InstalledVersion version{manifest->version, digest};
        const std::string directory = (versions / install::Layout::versionName(version)).string();
        if (executable.rfind(directory + '/', 0) == 0) return version;
    }
    return std::nullopt;
}

}  // namespace ifrit::agent::selfupgrade
