// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace ifrit::crypto {

/// What a guess costs: the logarithm of scrypt's N. A person's password is never hashed for less
/// than the most; the least is for who makes hundreds of them and has nothing to guard.
enum class PasswordCost { Least = 10, Most = 15 };

/// scrypt (RFC 7914), N = 2^15, r = 8, p = 1, random 16-byte salt: about 100 ms and 32 MiB a call.
/// Encoded as "$scrypt$ln=15,r=8,p=1$<salt hex>$<hash hex>".
absl::StatusOr<std::string> hashPassword(std::string_view password,
                                         PasswordCost cost = PasswordCost::Most);

/// What nobody's password has: to check one against it costs what it costs against any other, and
/// to make it nothing.
std::string hashOfNobody();

/// False also for an encoded text that is not ours, or of another cost than between the least and
/// the most. Compares in constant time.
bool verifyPassword(std::string_view password, std::string_view encoded);

/// `bytes` random bytes from the system as URL-safe base64 without padding.
std::string randomToken(std::size_t bytes);

/// Equal, in a time that tells only the lengths.
bool constantTimeEqual(std::string_view a, std::string_view b);

}  // namespace ifrit::crypto
