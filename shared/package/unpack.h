// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <filesystem>
#include <set>
#include <string>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// Unpacks a payload (payload.tar.zst) into `destination`, which must not exist; its parent must.
/// Each file is created fresh (O_EXCL, O_NOFOLLOW, relative to an open directory) with the
/// manifest's mode, checked against its digest, and made durable. The archive's own SHA-256 is
/// checked as well. On any error the destination is removed again.
/// Errors: PACKAGE_ARCHIVE, PACKAGE_DIGEST, and the system's (disk full is RESOURCE_EXHAUSTED).
absl::Status unpackArchive(const std::filesystem::path& archive, const domain::Manifest& manifest,
                           const std::filesystem::path& destination);

/// As unpackArchive(), but only the files of these paths are written. The whole archive is read and
/// checked all the same: nothing of one that is not the signed one stays.
absl::Status unpackFiles(const std::filesystem::path& archive, const domain::Manifest& manifest,
                         const std::set<std::string>& paths,
                         const std::filesystem::path& destination);

}  // namespace ifrit::package
