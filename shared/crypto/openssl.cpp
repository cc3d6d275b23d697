// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/openssl.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

#include "shared/base/status.h"

namespace ifrit::crypto {

absl::Status opensslError(std::string_view what) {
    std::array<char, 256> text{};
    const unsigned long code = ERR_peek_last_error();
    ERR_error_string_n(code, text.data(), text.size());
    ERR_clear_error();
    return base::makeError(absl::StatusCode::kInternal, "CRYPTO", what,
                           fmt::format("{}: {}", what, text.data()));
}

BioPtr readBio(std::string_view text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

BioPtr writeBio() {
    return BioPtr(BIO_new(BIO_s_mem()));
}

std::string textOf(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

void* noPassphrase() {
    return const_cast<char*>("");
}

absl::StatusOr<KeyPtr> privateKeyFromPem(std::string_view pem, std::string_view what) {
    const BioPtr bio = readBio(pem);
    KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, noPassphrase()));
    if (key == nullptr) {
        ERR_clear_error();
        return base::invalidArgument("KEY_INVALID", what,
                                     "{} is not an unencrypted PEM private key", what);
    }
    return key;
}

absl::StatusOr<CertificatePtr> certificateFromPem(std::string_view pem, std::string_view what) {
    const BioPtr bio = readBio(pem);
    CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, noPassphrase()));
    if (certificate == nullptr) {
        ERR_clear_error();
        return base::invalidArgument("CERTIFICATE_INVALID", what, "{} is not a PEM certificate",
                                     what);
    }
    return certificate;
}

absl::StatusOr<std::string> privateKeyToPem(EVP_PKEY* key) {
    const BioPtr bio = writeBio();
    if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return opensslError("write private key");
    }
    return textOf(bio.get());
}

}  // namespace ifrit::crypto
