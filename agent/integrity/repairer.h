// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/install/installer.h"
#include "agent/install/layout.h"
#include "agent/integrity/integrity_board.h"
#include "agent/journal/journal.h"
#include "agent/package/archive_fetcher.h"
#include "agent/package/manifest_fetcher.h"

namespace ifrit::agent::integrity {

/// Puts back what the board says is damaged. Blocks for the disk, and for the network where the
/// archive is not in the cache any more. For one agent it must not run beside anything else that
/// changes it.
class Repairer {
public:
    struct Parts {
        const base::Clock& clock;
        journal::Journal& journal;
        const package::ManifestStore& manifests;
        const package::PackageCache& cache;
        package::ManifestFetcher& manifestFetcher;
        package::ArchiveFetcher& archiveFetcher;
        install::VersionDirectories& versions;
        install::Installer& installer;
        IntegrityBoard& board;
    };

    Repairer(Parts parts, install::Layout layout) : m_parts(parts), m_layout(std::move(layout)) {}

    /// Every damaged version of the agent. A version that the journal does not name any more, or
    /// an agent that is being changed, is left alone: OK. What came of it is on the board, and in
    /// the journal as an event (repaired, repair-failed, integrity-recurring); the first error is
    /// returned: those of restoreFiles(), of the fetchers, and of stopping the old process.
    absl::Status repair(const std::string& agent);

private:
    absl::Status repairVersion(const Installation& installation, const Finding& finding);
    absl::Status restoreManifest(const Installation& installation, const Finding& finding);
    absl::Status restore(const Installation& installation, const domain::Manifest& manifest,
                         const Finding& finding);
    absl::Status fetchArchive(const Installation& installation, const domain::Manifest& manifest);
    absl::StatusOr<bool> restartIfTouched(const Installation& installation, const Finding& finding);
    void succeeded(const Installation& installation, const std::string& what);
    void failed(const Installation& installation, const absl::Status& status);
    void keepEvent(const char* kind, const Installation& about, std::string message);

    const Parts m_parts;
    const install::Layout m_layout;
};

}  // namespace ifrit::agent::integrity
