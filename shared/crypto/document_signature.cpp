// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/document_signature.h"

#include <openssl/err.h>

#include "shared/base/status.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {
namespace {

const unsigned char* bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

absl::Status notEc(std::string_view what) {
    return base::invalidArgument("KEY_INVALID", what, "the key of {} is no EC key", what);
}

}  // namespace

absl::StatusOr<std::string> signDocument(std::string_view privateKeyPem, std::string_view bytes) {
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr key, privateKeyFromPem(privateKeyPem, "the signer"));
    if (EVP_PKEY_base_id(key.get()) != EVP_PKEY_EC) return notEc("the signer");
    const DigestContextPtr context(EVP_MD_CTX_new());
    std::size_t size = 0;
    if (context == nullptr ||
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytesOf(bytes), bytes.size()) != 1) {
        return opensslError("prepare a signature");
    }
    std::string out(size, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    if (EVP_DigestSign(context.get(), to, &size, bytesOf(bytes), bytes.size()) != 1)
        return opensslError("sign a document");
    out.resize(size);
    return out;
}

absl::Status verifyDocument(std::string_view certificatePem, std::string_view bytes,
                            std::string_view signature) {
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr certificate,
                           certificateFromPem(certificatePem, "the signer"));
    EVP_PKEY* key = X509_get0_pubkey(certificate.get());
    if (key == nullptr || EVP_PKEY_base_id(key) != EVP_PKEY_EC) return notEc("the signer");
    const DigestContextPtr context(EVP_MD_CTX_new());
    if (context == nullptr ||
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1) {
        return opensslError("prepare a signature check");
    }
    const int result = EVP_DigestVerify(context.get(), bytesOf(signature), signature.size(),
                                        bytesOf(bytes), bytes.size());
    ERR_clear_error();
    if (result == 1) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kFailedPrecondition, "DOCUMENT_SIGNATURE", "",
                           "the signature is not by the key that it should be by");
}

}  // namespace ifrit::crypto
