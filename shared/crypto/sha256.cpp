// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/sha256.h"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {

namespace {

/// Fetched once for the process: OpenSSL looks EVP_sha256() up anew with each use, which costs more
/// than to hash a certificate.
const EVP_MD* algorithm() {
    static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return kSha256;
}

}  // namespace

struct Sha256::State {
    DigestContextPtr context{EVP_MD_CTX_new()};
};

// SHA-256 over memory fails in OpenSSL only without memory or without the algorithm; neither
// leaves a process worth keeping, so the results are not handed on as statuses.
Sha256::Sha256() : m_state(std::make_unique<State>()) {
    if (EVP_DigestInit_ex(m_state->context.get(), algorithm(), nullptr) != 1) std::abort();
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
    if (EVP_DigestUpdate(m_state->context.get(), bytes.data(), bytes.size()) != 1) std::abort();
}

std::string Sha256::finish() {
    std::string digest(32, '\0');
    unsigned int size = 0;
    auto* out = reinterpret_cast<unsigned char*>(digest.data());
    if (EVP_DigestFinal_ex(m_state->context.get(), out, &size) != 1 || size != digest.size() ||
        EVP_DigestInit_ex(m_state->context.get(), algorithm(), nullptr) != 1) {
        std::abort();
    }
    return digest;
}

std::string Sha256::finishHex() {
    return base::toHex(finish());
}

std::array<unsigned char, 32> sha256(std::string_view bytes) {
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm(), nullptr) != 1 ||
        size != digest.size()) {
        std::abort();
    }
    return digest;
}

std::string sha256Hex(std::string_view bytes) {
    const auto digest = sha256(bytes);
    return base::toHex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

absl::StatusOr<std::string> sha256File(const std::filesystem::path& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return base::errnoStatus(errno, "open " + path.string());
    Sha256 hash;
    std::vector<char> buffer(256 * 1024);
    while (file) {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        hash.update({buffer.data(), static_cast<std::size_t>(file.gcount())});
    }
    if (file.bad()) return base::errnoStatus(errno != 0 ? errno : EIO, "read " + path.string());
    return hash.finishHex();
}

}  // namespace ifrit::crypto
