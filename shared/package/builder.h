// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <string>

#include "shared/crypto/signing_key.h"
#include "shared/domain/manifest.h"

namespace ifrit::package {

struct BuiltPackage {
    domain::Manifest manifest;
    std::string digest;  ///< of the manifest: the package's identity
    std::filesystem::path path;
};

/// "<name>-<version>-<TYPE>[+<TYPE>...].ifrit", with ':' of a version written as '_'.
std::string packageFileName(const domain::Manifest& manifest);

/// Makes a package from `source`, which holds package.toml and a folder `files` with what is to be
/// installed. The same input and key give the same bytes. `output` names the file; an existing
/// folder gets packageFileName() in it. Nothing is left behind on an error.
/// Errors: PACKAGE_MANIFEST with file, line and field; PACKAGE_ARCHIVE for files that no package
/// may hold (devices, sockets, setuid); PACKAGE_TOO_LARGE; the system's. The result has passed
/// checkPackageFile().
absl::StatusOr<BuiltPackage> buildPackage(const std::filesystem::path& source,
                                          const crypto::SigningKey& key,
                                          const std::filesystem::path& output);

}  // namespace ifrit::package
