// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {
namespace {

constexpr std::string_view kName = "$scrypt$ln=";
constexpr std::string_view kRest = ",r=8,p=1$";
constexpr std::size_t kDigits = 2;
constexpr std::uint64_t kBlock = 8;
constexpr std::uint64_t kParallel = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kKeyBytes = 32;
constexpr std::uint64_t kMaxMemory = 64ULL * 1024 * 1024;

std::string randomBytes(std::size_t count) {
    std::string bytes(count, '\0');
    // Without randomness every secret would be guessable; there is nothing to go on with.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
        std::abort();
    }
    return bytes;
}

absl::StatusOr<std::string> scrypt(std::string_view password, std::string_view salt,
                                   PasswordCost cost) {
    const std::uint64_t rounds = std::uint64_t{1} << static_cast<unsigned>(cost);
    std::string key(kKeyBytes, '\0');
    if (EVP_PBE_scrypt(password.data(), password.size(),
                       reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), rounds,
                       kBlock, kParallel, kMaxMemory, reinterpret_cast<unsigned char*>(key.data()),
                       key.size()) != 1) {
        return opensslError("scrypt");
    }
    return key;
}

std::string encoded(PasswordCost cost, const std::string& salt, const std::string& key) {
    return fmt::format("{}{}{}{}${}", kName, static_cast<int>(cost), kRest, base::toHex(salt),
                       base::toHex(key));
}

/// Of an encoded text, of which it takes all that comes before the salt.
std::optional<PasswordCost> takeCost(std::string_view& encoded) {
    if (encoded.substr(0, kName.size()) != kName) return std::nullopt;
    encoded.remove_prefix(kName.size());
    int cost = 0;
    const char* const end = encoded.data() + std::min(kDigits, encoded.size());
    const auto read = std::from_chars(encoded.data(), end, cost);
    if (read.ec != std::errc() || read.ptr != end || cost < static_cast<int>(PasswordCost::Least) ||
        cost > static_cast<int>(PasswordCost::Most))
        return std::nullopt;
    encoded.remove_prefix(kDigits);
    if (encoded.substr(0, kRest.size()) != kRest) return std::nullopt;
    encoded.remove_prefix(kRest.size());
    return static_cast<PasswordCost>(cost);
}

}  // namespace

absl::StatusOr<std::string> hashPassword(std::string_view password, PasswordCost cost) {
    const std::string salt = randomBytes(kSaltBytes);
    IFRIT_ASSIGN_OR_RETURN(const std::string key, scrypt(password, salt, cost));
    return encoded(cost, salt, key);
}

std::string hashOfNobody() {
    return encoded(PasswordCost::Most, randomBytes(kSaltBytes), randomBytes(kKeyBytes));
}

bool verifyPassword(std::string_view password, std::string_view encoded) {
    const auto cost = takeCost(encoded);
    const std::size_t separator = encoded.find('$');
    if (!cost || separator == std::string_view::npos) return false;
    const auto salt = base::fromHex(encoded.substr(0, separator));
    const auto expected = base::fromHex(encoded.substr(separator + 1));
    if (!salt || !expected || expected->size() != kKeyBytes) return false;
    const auto actual = scrypt(password, *salt, *cost);
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
