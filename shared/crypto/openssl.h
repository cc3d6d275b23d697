// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to shared/crypto: ownership of OpenSSL's objects and its errors as statuses.

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace ifrit::crypto {

template <auto Free>
struct Deleter {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};

using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using CertificatePtr = std::unique_ptr<X509, Deleter<X509_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, Deleter<X509_REQ_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using BigNumberPtr = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

/// INTERNAL with OpenSSL's own reason; empties its error queue.
absl::Status opensslError(std::string_view what);

/// A memory BIO over `text`, which must outlive it.
BioPtr readBio(std::string_view text);
BioPtr writeBio();
std::string textOf(BIO* bio);
/// The last argument of each PEM read: the empty pass phrase keeps OpenSSL from asking on the
/// terminal, which it does for whatever is encrypted, also where a public key or a certificate was
/// to be read.
void* noPassphrase();

/// INVALID_ARGUMENT with `what` when it is none.
absl::StatusOr<KeyPtr> privateKeyFromPem(std::string_view pem, std::string_view what);
absl::StatusOr<CertificatePtr> certificateFromPem(std::string_view pem, std::string_view what);
absl::StatusOr<std::string> privateKeyToPem(EVP_PKEY* key);

}  // namespace ifrit::crypto
