// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "shared/crypto/signing_key.h"
#include "shared/domain/manifest.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::package {

/// A package as one file: a ustar archive of exactly manifest.toml, manifest.sig, payload.tar.zst.
struct PackageFile {
    std::filesystem::path path;
    SignedManifest manifest;  ///< as read; nothing is verified yet
    std::uint64_t payloadOffset = 0;
    std::uint64_t payloadSize = 0;
};

/// Reads the two small members, finds the third, and makes sure that nothing follows it.
/// INVALID_ARGUMENT (PACKAGE_ARCHIVE, PACKAGE_TOO_LARGE) for any other file, NOT_FOUND where there
/// is none.
absl::StatusOr<PackageFile> openPackageFile(const std::filesystem::path& path);

/// Everything that a machine would check, without writing: signature, manifest, digest of the
/// archive, each file in it. Time and I/O as the archive is large; memory is bounded.
absl::StatusOr<domain::Manifest> checkPackageFile(const std::filesystem::path& path,
                                                  const crypto::TrustedKeys& keys);

/// The payload alone, against a manifest: digest of the archive, each file in it.
absl::Status checkPayload(const std::filesystem::path& payload, const domain::Manifest& manifest);
absl::Status checkPayload(const PackageFile& package, const domain::Manifest& manifest);

}  // namespace ifrit::package
