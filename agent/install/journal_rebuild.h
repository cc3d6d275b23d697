// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent/install/version_directories.h"
#include "agent/journal/journal.h"

namespace ifrit::agent::install {

struct Rebuilt {
    std::size_t found = 0;            ///< agents
    std::vector<std::string> unread;  ///< what the disk would not tell, and why
};

/// Fills an empty journal from the disk, after the old one was lost: what `current` points to is
/// current. Processes are found again by their environment (supervise::SupervisorOptions).
/// An error of the journal alone is returned: one agent that cannot be read keeps none of the
/// others from being found.
absl::StatusOr<Rebuilt> rebuildJournal(journal::Journal& journal,
                                       platform::Directories& directories,
                                       const VersionDirectories& versions,
                                       const package::ManifestStore& manifests);

}  // namespace ifrit::agent::install
