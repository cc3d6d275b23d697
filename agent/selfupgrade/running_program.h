// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "agent/install/layout.h"
#include "agent/package/manifest_store.h"
#include "agent/platform/process_id.h"

namespace ifrit::agent::selfupgrade {

/// Which ifrit-agent this process is.
struct RunningProgram {
    /// As installed by a release; nullopt: the program that came with the machine.
    std::optional<journal::InstalledVersion> version;
    std::string compiledVersion;  ///< what it calls itself
    platform::ProcessId process;
};

/// The version in whose directory `executable` (as /proc/self/exe names it) lies; nullopt when it
/// lies elsewhere, or the directory has no manifest.
std::optional<journal::InstalledVersion> versionOfProgram(const std::string& executable,
                                                          const install::Layout& layout,
                                                          const package::ManifestStore& manifests);

}  // namespace ifrit::agent::selfupgrade
