// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/x509_builder.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/pem.h>

#include "shared/base/status.h"

namespace ifrit::crypto {
namespace {

bool addName(X509_NAME* name, const char* field, const std::string& value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1;
}

time_t seconds(base::WallTime time) {
    return static_cast<time_t>(base::toUnixMillis(time) / 1000);
}

}  // namespace

X509Builder::X509Builder() : m_certificate(X509_new()) {}

absl::Status X509Builder::start(base::WallTime now, std::chrono::hours validity) {
    const BigNumberPtr serial(BN_new());
    const base::WallTime from = now - std::chrono::minutes(5);
    if (m_certificate == nullptr || serial == nullptr ||
        X509_set_version(m_certificate.get(), X509_VERSION_3) != 1 ||
        BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) != 1 ||
        BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(m_certificate.get())) == nullptr ||
        ASN1_TIME_set(X509_getm_notBefore(m_certificate.get()), seconds(from)) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(m_certificate.get()), seconds(now + validity)) ==
            nullptr) {
        return opensslError("start certificate");
    }
    return absl::OkStatus();
}

absl::Status X509Builder::setSubject(const std::string& organization,
                                     const std::string& commonName) {
    X509_NAME* name = X509_get_subject_name(m_certificate.get());
    // RFC 5280 allows 64 characters of common name; the whole name is in the URI.
    if (!addName(name, "O", organization) || !addName(name, "CN", commonName.substr(0, 64))) {
        return opensslError("set subject");
    }
    return absl::OkStatus();
}

absl::Status X509Builder::setKeys(EVP_PKEY* subjectKey, X509* issuer) {
    m_issuer = issuer != nullptr ? issuer : m_certificate.get();
    if (X509_set_pubkey(m_certificate.get(), subjectKey) != 1 ||
        X509_set_issuer_name(m_certificate.get(), X509_get_subject_name(m_issuer)) != 1) {
        return opensslError("set keys");
    }
    IFRIT_RETURN_IF_ERROR(addExtension(NID_subject_key_identifier, "hash"));
    if (issuer == nullptr) return absl::OkStatus();
    return addExtension(NID_authority_key_identifier, "keyid:always");
}

absl::Status X509Builder::addExtension(int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, m_issuer, m_certificate.get(), nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (extension == nullptr || X509_add_ext(m_certificate.get(), extension.get(), -1) != 1) {
        return opensslError(fmt::format("add extension {}", OBJ_nid2sn(nid)));
    }
    return absl::OkStatus();
}

absl::StatusOr<std::string> X509Builder::sign(EVP_PKEY* issuerKey) {
    // Ed25519 signs without a separate digest; ours are P-256.
    const EVP_MD* digest = EVP_PKEY_id(issuerKey) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
    const BioPtr bio = writeBio();
    if (X509_sign(m_certificate.get(), issuerKey, digest) == 0 ||
        PEM_write_bio_X509(bio.get(), m_certificate.get()) != 1) {
        return opensslError("sign certificate");
    }
    return textOf(bio.get());
}

}  // namespace ifrit::crypto
