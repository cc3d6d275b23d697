// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/install/version_directories.h"
#include "agent/journal/journal.h"

namespace ifrit::agent::install {

/// Fills an empty journal from the disk, after the old one was lost: what `current` points to is
/// current. Processes are found again by their environment (supervise::SupervisorOptions).
/// Returns how many agents were found.
absl::StatusOr<std::size_t> rebuildJournal(journal::Journal& journal,
                                           platform::Directories& directories,
                                           const VersionDirectories& versions,
                                           const package::ManifestStore& manifests);

}  // namespace ifrit::agent::install
