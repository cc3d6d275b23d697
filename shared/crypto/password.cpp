// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdlib>

#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {
namespace {

constexpr std::string_view kPrefix = "$scrypt$ln=15,r=8,p=1$";
constexpr std::uint64_t kCost = 1U << 15;
constexpr std::uint64_t kBlock = 8;
constexpr std::uint64_t kParallel = 1;
constexpr std::uint64_t kMaxMemory = 64ULL * 1024 * 1024;

std::string randomBytes(std::size_t count) {
    std::string bytes(count, '\0');
    // Without randomness every secret would be guessable; there is nothing to go on with.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
        std::abort();
    }
    return bytes;
}

absl::StatusOr<std::string> scrypt(std::string_view password, std::string_view salt) {
    std::string key(32, '\0');
    if (EVP_PBE_scrypt(password.data(), password.size(),
                       reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), kCost,
                       kBlock, kParallel, kMaxMemory, reinterpret_cast<unsigned char*>(key.data()),
                       key.size()) != 1) {
        return opensslError("scrypt");
    }
    return key;
}

}  // namespace

absl::StatusOr<std::string> hashPassword(std::string_view password) {
    const std::string salt = randomBytes(16);
    IFRIT_ASSIGN_OR_RETURN(const std::string key, scrypt(password, salt));
    return fmt::format("{}{}${}", kPrefix, base::toHex(salt), base::toHex(key));
}

bool verifyPassword(std::string_view password, std::string_view encoded) {
    if (encoded.substr(0, kPrefix.size()) != kPrefix) return false;
    const std::string_view rest = encoded.substr(kPrefix.size());
    const std::size_t separator = rest.find('$');
    if (separator == std::string_view::npos) return false;
    const auto salt = base::fromHex(rest.substr(0, separator));
    const auto expected = base::fromHex(rest.substr(separator + 1));
    if (!salt || !expected || expected->size() != 32) return false;
    const auto actual = scrypt(password, *salt);
    return actual.ok() && constantTimeEqual(*actual, *expected);
}

std::string randomToken(std::size_t bytes) {
    static constexpr char kAlphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const std::string raw = randomBytes(bytes);
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : raw) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (held += 8; held >= 6; held -= 6)
            out.push_back(kAlphabet[(bits >> (held - 6)) & 63]);
    }
    if (held > 0) out.push_back(kAlphabet[(bits << (6 - held)) & 63]);
    return out;
}

bool constantTimeEqual(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace ifrit::crypto
