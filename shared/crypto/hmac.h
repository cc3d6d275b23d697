// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ifrit::crypto {

/// HMAC-SHA-256 (RFC 2104), 32 bytes. Compare two of them with equalSecrets().
std::string hmacSha256(std::string_view key, std::string_view bytes);

/// In a time that does not depend on where they differ.
bool equalSecrets(std::string_view a, std::string_view b);

}  // namespace ifrit::crypto
