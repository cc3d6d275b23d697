// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent/integrity/drift.h"
#include "shared/base/status.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::integrity {

/// Which files of one version to put back, and where from.
struct RestoreOrder {
    std::string root;     ///< the version's directory
    std::string staging;  ///< in the same file system; what is there is removed
    std::string archive;  ///< of the version; read only if a file must come from it
    const domain::Manifest& manifest;
    const std::vector<Drift>& drifts;
};

/// Whether this drift is mended with a file of the archive.
bool needsArchive(const RestoreOrder& order);

/// Makes what drifted as it was signed. A listed file, whatever is wrong with it, is replaced by a
/// new one, so that whoever holds the old one open for writing writes into nothing; added files are
/// removed, directories get their mode and owner back. Each file is checked while it is unpacked
/// beside the version, flushed and renamed into its place: killed anywhere, each name is the old
/// file or the new one, and the rest is found by the next scan. Never follows a link and never
/// removes a directory that holds something.
///
/// Errors: PACKAGE_ARCHIVE and PACKAGE_DIGEST where the archive is not the signed one (nothing was
/// changed then), REPAIR_BLOCKED where something cannot be removed, the system's (NOT_FOUND: there
/// is no archive; disk full is RESOURCE_EXHAUSTED). What could be mended before is.
absl::Status restoreFiles(const RestoreOrder& order);

}  // namespace ifrit::agent::integrity
