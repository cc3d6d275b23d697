// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/encrypted_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <cstring>

#include "shared/base/status.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {
namespace {

constexpr std::uint64_t kScryptN = 16'384;
constexpr std::uint64_t kScryptR = 8;
constexpr std::uint64_t kScryptP = 1;

using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Deleter<PKCS8_PRIV_KEY_INFO_free>>;
using AlgorithmPtr = std::unique_ptr<X509_ALGOR, Deleter<X509_ALGOR_free>>;
using SealedPtr = std::unique_ptr<X509_SIG, Deleter<X509_SIG_free>>;

int givePassphrase(char* buffer, int size, int /*writing*/, void* passphrase) {
    const auto& text = *static_cast<const std::string_view*>(passphrase);
    if (text.size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(buffer, text.data(), text.size());
    return static_cast<int>(text.size());
}

}  // namespace

bool isEncryptedKeyPem(std::string_view pem) {
    return pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != std::string_view::npos;
}

absl::StatusOr<std::string> encryptKeyPem(std::string_view plainPem, std::string_view passphrase) {
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr key, privateKeyFromPem(plainPem, "the key"));
    const Pkcs8Ptr plain(EVP_PKEY2PKCS8(key.get()));
    AlgorithmPtr algorithm(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, kScryptN,
                                                 kScryptR, kScryptP));
    if (plain == nullptr || algorithm == nullptr) return opensslError("prepare the encryption");
    const SealedPtr sealed(PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()),
                                          plain.get(), algorithm.get()));
    const BioPtr bio = writeBio();
    if (sealed == nullptr) return opensslError("encrypt the key");
    (void)algorithm.release();  // it belongs to what was sealed
    if (PEM_write_bio_PKCS8(bio.get(), sealed.get()) != 1) return opensslError("write the key");
    return textOf(bio.get());
}

absl::StatusOr<std::string> decryptKeyPem(std::string_view pem, std::string_view passphrase) {
    const BioPtr bio = readBio(pem);
    const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, givePassphrase, &passphrase));
    if (key == nullptr) {
        ERR_clear_error();
        return base::invalidArgument("KEY_PASSPHRASE", "",
                                     "the key cannot be opened: the passphrase is another, or the "
                                     "file was changed");
    }
    return privateKeyToPem(key.get());
}

}  // namespace ifrit::crypto
