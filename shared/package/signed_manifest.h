// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "shared/crypto/signing_key.h"
#include "shared/domain/manifest.h"

namespace ifrit::package {

/// A manifest as it travels: the exact signed bytes and who signed them.
struct SignedManifest {
    std::string bytes;
    std::string signature;  ///< 64 bytes, Ed25519 over `bytes`
    std::string keyId;
    bool operator==(const SignedManifest&) const = default;
};

/// SHA-256 of the signed bytes, hex: the identity of a package everywhere.
std::string manifestDigest(const SignedManifest& manifest);

absl::StatusOr<SignedManifest> signManifest(const domain::Manifest& manifest,
                                            const crypto::SigningKey& key);

/// Checks the signature by a trusted key before any byte is parsed, then parses. Errors:
/// PACKAGE_UNKNOWN_KEY, PACKAGE_SIGNATURE, PACKAGE_MANIFEST, PACKAGE_TOO_LARGE.
absl::StatusOr<domain::Manifest> verifyManifest(const SignedManifest& manifest,
                                                const crypto::TrustedKeys& keys);

/// The text of the member `manifest.sig`: "ed25519 <key id> <128 hex digits>\n".
std::string writeSignature(const SignedManifest& manifest);
/// Fills signature and key id of `manifest` from such a text.
absl::Status readSignature(std::string_view text, SignedManifest& manifest);

}  // namespace ifrit::package
