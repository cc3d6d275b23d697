// SPDX-License-Identifier: Apache-2.0
#include "shared/package/signed_manifest.h"

#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::package {
namespace {

constexpr std::string_view kAlgorithm = "ed25519 ";
constexpr std::size_t kKeyIdChars = 16;
constexpr std::size_t kSignatureChars = 128;

absl::Status tooLarge(std::size_t size) {
    return base::invalidArgument("PACKAGE_TOO_LARGE", "manifest.toml",
                                 "the manifest has {} bytes, at most {}: put fewer files into the "
                                 "package, or a tree of them into one archive file",
                                 size, kMaxManifestBytes);
}

}  // namespace

std::string manifestDigest(const SignedManifest& manifest) {
    return crypto::sha256Hex(manifest.bytes);
}

absl::StatusOr<SignedManifest> signManifest(const domain::Manifest& manifest,
                                            const crypto::SigningKey& key) {
    IFRIT_RETURN_IF_ERROR(checkManifest(manifest));
    SignedManifest out;
    out.bytes = writeManifest(manifest);
    if (out.bytes.size() > kMaxManifestBytes) return tooLarge(out.bytes.size());
    IFRIT_ASSIGN_OR_RETURN(out.signature, key.sign(out.bytes));
    out.keyId = key.publicKey().keyId();
    return out;
}

absl::StatusOr<domain::Manifest> verifyManifest(const SignedManifest& manifest,
                                                const crypto::TrustedKeys& keys) {
    if (manifest.bytes.size() > kMaxManifestBytes) {
        return tooLarge(manifest.bytes.size());
    }
    IFRIT_ASSIGN_OR_RETURN(const crypto::PublicKey key, keys.find(manifest.keyId));
    IFRIT_RETURN_IF_ERROR(crypto::verifySignature(key, manifest.bytes, manifest.signature));
    return parseManifest(manifest.bytes);
}

std::string writeSignature(const SignedManifest& manifest) {
    return fmt::format("{}{} {}\n", kAlgorithm, manifest.keyId, base::toHex(manifest.signature));
}

absl::Status readSignature(std::string_view text, SignedManifest& manifest) {
    const auto malformed = [] {
        return base::invalidArgument("PACKAGE_SIGNATURE", "manifest.sig",
                                     "manifest.sig is malformed; build the package again");
    };
    const std::size_t size = kAlgorithm.size() + kKeyIdChars + 1 + kSignatureChars + 1;
    if (text.size() != size || text.substr(0, kAlgorithm.size()) != kAlgorithm ||
        text.back() != '\n' || text[kAlgorithm.size() + kKeyIdChars] != ' ') {
        return malformed();
    }
    const auto signature =
        base::fromHex(text.substr(kAlgorithm.size() + kKeyIdChars + 1, kSignatureChars));
    if (!signature) return malformed();
    manifest.keyId = std::string(text.substr(kAlgorithm.size(), kKeyIdChars));
    manifest.signature = *signature;
    return absl::OkStatus();
}

}  // namespace ifrit::package
