// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/signing_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <system_error>
#include <utility>
#include <vector>

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/crypto/openssl.h"
#include "shared/crypto/sha256.h"

namespace ifrit::crypto {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMaxKeyFileBytes = 16 * 1024;

const unsigned char* bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

KeyPtr publicHandle(const PublicKey& key) {
    return KeyPtr(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytesOf(key.raw), key.raw.size()));
}

KeyPtr privateHandle(const std::string& seed) {
    return KeyPtr(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytesOf(seed), seed.size()));
}

absl::StatusOr<PublicKey> rawPublicKey(EVP_PKEY* handle) {
    PublicKey key;
    std::size_t size = kKeyBytes;
    key.raw.resize(size);
    auto* out = reinterpret_cast<unsigned char*>(key.raw.data());
    if (EVP_PKEY_get_raw_public_key(handle, out, &size) != 1 || size != kKeyBytes) {
        return opensslError("read Ed25519 public key");
    }
    return key;
}

absl::Status notEd25519(std::string_view what) {
    ERR_clear_error();
    return base::invalidArgument("KEY_INVALID", what,
                                 "this is not an Ed25519 {} in PEM; make one with 'ifritctl key "
                                 "generate'",
                                 what);
}

}  // namespace

std::string PublicKey::keyId() const {
    return sha256Hex(raw).substr(0, 16);
}

absl::StatusOr<PublicKey> publicKeyFromPem(std::string_view pem) {
    const BioPtr bio = readBio(pem);
    const KeyPtr handle(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, noPassphrase()));
    if (handle == nullptr || EVP_PKEY_id(handle.get()) != EVP_PKEY_ED25519) {
        return notEd25519("public key");
    }
    return rawPublicKey(handle.get());
}

absl::StatusOr<std::string> publicKeyToPem(const PublicKey& key) {
    const KeyPtr handle = publicHandle(key);
    const BioPtr bio = writeBio();
    if (handle == nullptr || PEM_write_bio_PUBKEY(bio.get(), handle.get()) != 1) {
        return opensslError("write public key");
    }
    return textOf(bio.get());
}

absl::Status verifySignature(const PublicKey& key, std::string_view bytes,
                             std::string_view signature) {
    const KeyPtr handle = publicHandle(key);
    const DigestContextPtr context(EVP_MD_CTX_new());
    if (handle == nullptr || context == nullptr ||
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) != 1) {
        return opensslError("prepare signature check");
    }
    const int result = EVP_DigestVerify(context.get(), bytesOf(signature), signature.size(),
                                        bytesOf(bytes), bytes.size());
    ERR_clear_error();
    if (result == 1) return absl::OkStatus();
    return base::failedPrecondition("PACKAGE_SIGNATURE", key.keyId(),
                                    "the signature by key {} does not match: the signed bytes were "
                                    "changed, or another key signed them",
                                    key.keyId());
}

SigningKey::SigningKey(std::string seed, PublicKey key)
    : m_seed(std::move(seed)), m_publicKey(std::move(key)) {}

absl::StatusOr<SigningKey> SigningKey::generate() {
    const KeyPtr handle(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (handle == nullptr) return opensslError("generate Ed25519 key");
    IFRIT_ASSIGN_OR_RETURN(const std::string pem, privateKeyToPem(handle.get()));
    return fromPem(pem);
}

absl::StatusOr<SigningKey> SigningKey::fromPem(std::string_view pem) {
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr handle, privateKeyFromPem(pem, "the signing key"));
    if (EVP_PKEY_id(handle.get()) != EVP_PKEY_ED25519) return notEd25519("private key");
    std::string seed(kKeyBytes, '\0');
    std::size_t size = kKeyBytes;
    auto* out = reinterpret_cast<unsigned char*>(seed.data());
    if (EVP_PKEY_get_raw_private_key(handle.get(), out, &size) != 1 || size != kKeyBytes) {
        return opensslError("read Ed25519 private key");
    }
    IFRIT_ASSIGN_OR_RETURN(PublicKey key, rawPublicKey(handle.get()));
    return SigningKey(std::move(seed), std::move(key));
}

absl::StatusOr<std::string> SigningKey::toPem() const {
    const KeyPtr handle = privateHandle(m_seed);
    if (handle == nullptr) return opensslError("load signing key");
    return privateKeyToPem(handle.get());
}

PublicKey SigningKey::publicKey() const {
    return m_publicKey;
}

absl::StatusOr<std::string> SigningKey::sign(std::string_view bytes) const {
    const KeyPtr handle = privateHandle(m_seed);
    const DigestContextPtr context(EVP_MD_CTX_new());
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    if (handle == nullptr || context == nullptr ||
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle.get()) != 1 ||
        EVP_DigestSign(context.get(), out, &size, bytesOf(bytes), bytes.size()) != 1) {
        return opensslError("sign");
    }
    signature.resize(size);
    return signature;
}

void TrustedKeys::add(const PublicKey& key) {
    m_keys[key.keyId()] = key;
}

absl::StatusOr<PublicKey> TrustedKeys::find(const std::string& keyId) const {
    const auto found = m_keys.find(keyId);
    if (found != m_keys.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& [id, key] : m_keys)
        known.push_back(id);
    return base::failedPrecondition(
        "PACKAGE_UNKNOWN_KEY", keyId, "signed by key {}, which is not trusted here; trusted: {}",
        keyId, known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", ")));
}

absl::StatusOr<TrustedKeys> TrustedKeys::fromDirectory(const std::filesystem::path& directory) {
    std::error_code error;
    TrustedKeys keys;
    std::filesystem::directory_iterator entry(directory, error);
    // Not a range-for: its ++ throws where the directory cannot be read on.
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::filesystem::path& path = entry->path();
        if (path.extension() != ".pem") continue;
        IFRIT_ASSIGN_OR_RETURN(const std::string pem, base::readFile(path, kMaxKeyFileBytes));
        absl::StatusOr<PublicKey> key = publicKeyFromPem(pem);
        if (!key.ok()) return base::annotate(key.status(), path.string());
        keys.add(*key);
    }
    if (error) return base::errnoStatus(error.value(), "read keys in " + directory.string());
    return keys;
}

}  // namespace ifrit::crypto
