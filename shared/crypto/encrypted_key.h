// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace ifrit::crypto {

/// Whether it is an encrypted PKCS#8 key in PEM; says nothing of what is in it.
bool isEncryptedKeyPem(std::string_view pem);

/// A private key in PEM as PKCS#8 encrypted with AES-256-CBC under scrypt (RFC 7914; N 16,384, r 8,
/// p 1: 16 MiB and some 50 ms a guess). INVALID_ARGUMENT (KEY_INVALID) for what is no plain key.
absl::StatusOr<std::string> encryptKeyPem(std::string_view plainPem, std::string_view passphrase);

/// The key as plain PKCS#8 PEM. INVALID_ARGUMENT: KEY_PASSPHRASE for another passphrase or a
/// changed file, which cannot be told apart.
absl::StatusOr<std::string> decryptKeyPem(std::string_view pem, std::string_view passphrase);

}  // namespace ifrit::crypto
