// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ifrit::crypto {

/// A publisher's public key: Ed25519 (RFC 8032).
struct PublicKey {
    std::string raw;  ///< 32 bytes
    /// First 16 hexadecimal digits of SHA-256 over the raw key.
    std::string keyId() const;
    bool operator==(const PublicKey&) const = default;
};

/// SubjectPublicKeyInfo PEM. INVALID_ARGUMENT for anything but one Ed25519 key.
absl::StatusOr<PublicKey> publicKeyFromPem(std::string_view pem);
absl::StatusOr<std::string> publicKeyToPem(const PublicKey& key);

/// OK, or FAILED_PRECONDITION with reason PACKAGE_SIGNATURE.
absl::Status verifySignature(const PublicKey& key, std::string_view bytes,
                             std::string_view signature);

/// A publisher's private key. Immutable, so thread-safe.
class SigningKey {
public:
    static absl::StatusOr<SigningKey> generate();
    /// PKCS#8 PEM, unencrypted.
    static absl::StatusOr<SigningKey> fromPem(std::string_view pem);

    absl::StatusOr<std::string> toPem() const;
    PublicKey publicKey() const;
    /// 64 bytes.
    absl::StatusOr<std::string> sign(std::string_view bytes) const;

private:
    SigningKey(std::string seed, PublicKey key);
    std::string m_seed;  ///< 32 bytes
    PublicKey m_publicKey;
};

/// Public keys that are trusted, by key id. Immutable after filling.
class TrustedKeys {
public:
    void add(const PublicKey& key);
    bool empty() const { return m_keys.empty(); }
    std::size_t size() const { return m_keys.size(); }
    /// FAILED_PRECONDITION with reason PACKAGE_UNKNOWN_KEY that names the id and the known ones.
    absl::StatusOr<PublicKey> find(const std::string& keyId) const;

    /// Every `*.pem` of a folder. A file that is no key is an error that names it; a missing folder
    /// too. Files of more than 16 KiB are refused.
    static absl::StatusOr<TrustedKeys> fromDirectory(const std::filesystem::path& directory);

private:
    std::map<std::string, PublicKey> m_keys;
};

}  // namespace ifrit::crypto
