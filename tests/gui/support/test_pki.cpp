// SPDX-License-Identifier: Apache-2.0
#include "tests/gui/support/test_pki.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace ifrit::tests {
namespace {

std::string textOf(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    return text;
}

std::string pemOf(X509* certificate) {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, certificate);
    return textOf(memory);
}

std::string pemOf(EVP_PKEY* key) {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(memory);
}

X509* blank(const std::string& commonName, EVP_PKEY* key, std::chrono::seconds validFor) {
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    std::uint32_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
    // An expired certificate must still have begun before it ended.
    X509_gmtime_adj(X509_getm_notBefore(certificate), -24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(validFor.count()));
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(commonName.c_str()), -1, -1,
                               0);
    X509_set_pubkey(certificate, key);
    return certificate;
}

void extend(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

TestPki::TestPki(const std::string& name)
    : m_key(EVP_EC_gen("P-256"), &EVP_PKEY_free),
      m_certificate(blank(name, m_key.get(), std::chrono::hours(24)), &X509_free) {
    X509_set_issuer_name(m_certificate.get(), X509_get_subject_name(m_certificate.get()));
    extend(m_certificate.get(), m_certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(m_certificate.get(), m_certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(m_certificate.get(), m_key.get(), EVP_sha256());
    m_caPem = pemOf(m_certificate.get());
}

PemPair TestPki::issue(const std::string& commonName, std::chrono::seconds validFor) const {
    const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Certificate certificate(blank(commonName, key.get(), validFor), &X509_free);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(m_certificate.get()));
    extend(certificate.get(), m_certificate.get(), NID_subject_alt_name,
           "DNS:localhost,IP:127.0.0.1,IP:::1");
    X509_sign(certificate.get(), m_key.get(), EVP_sha256());
    return {pemOf(certificate.get()), pemOf(key.get())};
}

}  // namespace ifrit::tests
