// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/certificates.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

#include "shared/base/status.h"
#include "shared/crypto/openssl.h"
#include "shared/crypto/sha256.h"
#include "shared/crypto/x509_builder.h"

namespace ifrit::crypto {
namespace {

const char* nameOf(Role role) {
    switch (role) {
        case Role::Server:
            return "server";
        case Role::Machine:
            return "machine";
        case Role::Operator:
            return "operator";
        case Role::Signer:
            return "signer";
    }
    return "machine";
}

/// What a certificate may be used for, beside naming somebody.
const char* purposeOf(Role role) {
    switch (role) {
        case Role::Server:
            // A master is the client of other masters.
            return "serverAuth,clientAuth";
        case Role::Signer:
            return "1.3.6.1.5.5.7.3.36";  // document signing (RFC 9336), and so no TLS
        case Role::Machine:
        case Role::Operator:
            break;
    }
    return "clientAuth";
}

bool isIpAddress(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> buffer{};
    return inet_pton(AF_INET, host.c_str(), buffer.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), buffer.data()) == 1;
}

/// Names come from shared/domain's checks, which leave no ',' for OpenSSL's syntax to trip over;
/// hosts come from an administrator and are checked here.
/// OpenSSL reads the list as "KIND:value,KIND:value": a comma within a value would be another name.
bool isOneValue(const std::string& text) {
    return !text.empty() && text.find_first_of(", \n") == std::string::npos;
}

absl::StatusOr<std::string> alternativeNames(const CertificateRequest& request) {
    for (const std::string& part : {request.cluster, request.name}) {
        if (isOneValue(part)) continue;
        return base::invalidArgument("NAME_INVALID", part, "'{}' cannot be named by a certificate",
                                     part);
    }
    std::string out =
        fmt::format("URI:ifrit://{}/{}/{}", request.cluster, nameOf(request.role), request.name);
    for (const std::string& host : request.hosts) {
        if (!isOneValue(host)) {
            return base::invalidArgument("HOST_INVALID", host, "'{}' is not a host name or address",
                                         host);
        }
        out += fmt::format(",{}:{}", isIpAddress(host) ? "IP" : "DNS", host);
    }
    return out;
}

absl::StatusOr<std::string> issueForKey(const Credentials& ca, EVP_PKEY* subjectKey,
                                        const CertificateRequest& request) {
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr caKey, privateKeyFromPem(ca.privateKeyPem, "the CA's key"));
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr caCertificate,
                           certificateFromPem(ca.certificatePem, "the CA's certificate"));
    IFRIT_ASSIGN_OR_RETURN(const std::string names, alternativeNames(request));
    X509Builder builder;
    IFRIT_RETURN_IF_ERROR(builder.start(request.now, request.validity));
    IFRIT_RETURN_IF_ERROR(builder.setSubject("ifrit " + request.cluster, request.name));
    IFRIT_RETURN_IF_ERROR(builder.setKeys(subjectKey, caCertificate.get()));
    IFRIT_RETURN_IF_ERROR(builder.addExtension(NID_basic_constraints, "critical,CA:FALSE"));
    IFRIT_RETURN_IF_ERROR(builder.addExtension(NID_key_usage, "critical,digitalSignature"));
    IFRIT_RETURN_IF_ERROR(builder.addExtension(NID_ext_key_usage, purposeOf(request.role)));
    IFRIT_RETURN_IF_ERROR(builder.addExtension(NID_subject_alt_name, names));
    return builder.sign(caKey.get());
}

absl::Status csrError(std::string_view why) {
    ERR_clear_error();
    return base::invalidArgument("CSR_INVALID", "", "the certificate request {}", why);
}

bool isAcceptedKey(EVP_PKEY* key) {
    if (EVP_PKEY_id(key) == EVP_PKEY_ED25519) return true;
    std::array<char, 32> group{};
    return EVP_PKEY_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
           std::string_view(group.data()) == "prime256v1";
}

/// Checked in full: it is signed by the key that it names.
absl::StatusOr<RequestPtr> requestFromPem(std::string_view csrPem) {
    if (csrPem.size() > kMaxCsrBytes) return csrError("is larger than 16 KiB");
    const BioPtr bio = readBio(csrPem);
    RequestPtr csr(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, noPassphrase()));
    if (csr == nullptr) return csrError("is not PKCS#10 in PEM");
    EVP_PKEY* key = X509_REQ_get0_pubkey(csr.get());
    if (key == nullptr || !isAcceptedKey(key)) return csrError("has no P-256 or Ed25519 key");
    if (X509_REQ_verify(csr.get(), key) != 1) return csrError("is not signed by its own key");
    return csr;
}

}  // namespace

absl::StatusOr<std::string> generatePrivateKey() {
    const KeyPtr key(EVP_EC_gen("P-256"));
    if (key == nullptr) return opensslError("generate P-256 key");
    return privateKeyToPem(key.get());
}

absl::StatusOr<Credentials> createCa(const std::string& cluster, base::WallTime now,
                                     std::chrono::hours validity) {
    IFRIT_ASSIGN_OR_RETURN(std::string keyPem, generatePrivateKey());
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr key, privateKeyFromPem(keyPem, "the CA's key"));
    X509Builder builder;
    IFRIT_RETURN_IF_ERROR(builder.start(now, validity));
    IFRIT_RETURN_IF_ERROR(builder.setSubject("ifrit " + cluster, "ifrit CA of " + cluster));
    IFRIT_RETURN_IF_ERROR(builder.setKeys(key.get(), nullptr));
    IFRIT_RETURN_IF_ERROR(
        builder.addExtension(NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
    IFRIT_RETURN_IF_ERROR(builder.addExtension(NID_key_usage, "critical,keyCertSign,cRLSign"));
    IFRIT_ASSIGN_OR_RETURN(std::string certificate, builder.sign(key.get()));
    return Credentials{std::move(certificate), std::move(keyPem)};
}

absl::StatusOr<std::string> createCsr(const std::string& privateKeyPem, const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr key, privateKeyFromPem(privateKeyPem, "the private key"));
    const RequestPtr request(X509_REQ_new());
    const BioPtr bio = writeBio();
    const std::string commonName = name.substr(0, 64);
    if (request == nullptr || X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
        X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(commonName.data()),
                                   static_cast<int>(commonName.size()), -1, 0) != 1 ||
        X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
        X509_REQ_sign(request.get(), key.get(), EVP_sha256()) == 0 ||
        PEM_write_bio_X509_REQ(bio.get(), request.get()) != 1) {
        return opensslError("make certificate request");
    }
    return textOf(bio.get());
}

absl::StatusOr<std::string> csrKeySha256(std::string_view csrPem) {
    IFRIT_ASSIGN_OR_RETURN(const RequestPtr csr, requestFromPem(csrPem));
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(X509_REQ_get0_pubkey(csr.get()), &der);
    if (size <= 0) return opensslError("encode the public key");
    const std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return sha256Hex(bytes);
}

absl::StatusOr<std::string> issueFromCsr(const Credentials& ca, std::string_view csrPem,
                                         const CertificateRequest& request) {
    IFRIT_ASSIGN_OR_RETURN(const RequestPtr csr, requestFromPem(csrPem));
    return issueForKey(ca, X509_REQ_get0_pubkey(csr.get()), request);
}

absl::StatusOr<Credentials> issue(const Credentials& ca, const CertificateRequest& request) {
    IFRIT_ASSIGN_OR_RETURN(std::string keyPem, generatePrivateKey());
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr key, privateKeyFromPem(keyPem, "the new key"));
    IFRIT_ASSIGN_OR_RETURN(std::string certificate, issueForKey(ca, key.get(), request));
    return Credentials{std::move(certificate), std::move(keyPem)};
}

}  // namespace ifrit::crypto
