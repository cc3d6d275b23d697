// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <ctime>
#include <optional>

#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {
namespace {

using NamesPtr = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;

constexpr std::string_view kScheme = "ifrit://";

base::WallTime timeOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return base::fromUnixMillis(static_cast<std::int64_t>(timegm(&parts)) * 1000);
}

std::string oneLine(const X509_NAME* name) {
    const BioPtr bio = writeBio();
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
    return textOf(bio.get());
}

std::string serialOf(const X509* certificate) {
    const BigNumberPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    return base::toHex(bytes);
}

std::optional<Role> roleFromName(std::string_view name) {
    if (name == "server") return Role::Server;
    if (name == "machine") return Role::Machine;
    if (name == "operator") return Role::Operator;
    if (name == "signer") return Role::Signer;
    return std::nullopt;
}

/// "ifrit://cluster/role/name" into the three; false for any other URI.
bool readUri(std::string_view uri, Identity& identity) {
    if (uri.substr(0, kScheme.size()) != kScheme) return false;
    uri.remove_prefix(kScheme.size());
    const std::size_t first = uri.find('/');
    const std::size_t second = first == uri.npos ? uri.npos : uri.find('/', first + 1);
    if (second == uri.npos) return false;
    const auto role = roleFromName(uri.substr(first + 1, second - first - 1));
    const std::string_view name = uri.substr(second + 1);
    if (!role || first == 0 || name.empty() || name.find('/') != name.npos) return false;
    identity.role = *role;
    identity.cluster = std::string(uri.substr(0, first));
    identity.name = std::string(name);
    return true;
}

bool readIdentityUri(X509* certificate, Identity& identity) {
    const NamesPtr names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (names == nullptr) return false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_URI) continue;
        const ASN1_STRING* uri = name->d.uniformResourceIdentifier;
        const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri));
        if (readUri({data, static_cast<std::size_t>(ASN1_STRING_length(uri))}, identity)) {
            return true;
        }
    }
    return false;
}

}  // namespace

absl::StatusOr<Identity> parseIdentity(std::string_view certificatePem) {
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr certificate,
                           certificateFromPem(certificatePem, "the peer's certificate"));
    Identity identity;
    if (!readIdentityUri(certificate.get(), identity)) {
        return base::makeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_IDENTITY", "",
                               "the certificate names no machine or operator of ifrit");
    }
    identity.serialHex = serialOf(certificate.get());
    identity.notBefore = timeOf(X509_get0_notBefore(certificate.get()));
    identity.notAfter = timeOf(X509_get0_notAfter(certificate.get()));
    return identity;
}

absl::StatusOr<CertificateInfo> describeCertificate(std::string_view certificatePem) {
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr certificate,
                           certificateFromPem(certificatePem, "the text"));
    CertificateInfo info;
    info.subject = oneLine(X509_get_subject_name(certificate.get()));
    info.issuer = oneLine(X509_get_issuer_name(certificate.get()));
    info.notBefore = timeOf(X509_get0_notBefore(certificate.get()));
    info.notAfter = timeOf(X509_get0_notAfter(certificate.get()));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1) {
        return opensslError("digest certificate");
    }
    info.sha256Fingerprint = base::toHex({reinterpret_cast<const char*>(digest), size});
    return info;
}

absl::Status verifyCertificate(std::string_view certificatePem, std::string_view caPem,
                               base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr certificate,
                           certificateFromPem(certificatePem, "the certificate"));
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr ca, certificateFromPem(caPem, "the CA"));
    const StorePtr store(X509_STORE_new());
    const StoreContextPtr context(X509_STORE_CTX_new());
    if (store == nullptr || context == nullptr || X509_STORE_add_cert(store.get(), ca.get()) != 1 ||
        X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr) != 1) {
        return opensslError("prepare certificate check");
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()),
                               static_cast<time_t>(base::toUnixMillis(now) / 1000));
    const bool good = X509_verify_cert(context.get()) == 1;
    const int reason = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    if (good) return absl::OkStatus();
    return base::failedPrecondition(
        "CERTIFICATE_INVALID", oneLine(X509_get_subject_name(certificate.get())), "{}: {}",
        oneLine(X509_get_subject_name(certificate.get())), X509_verify_cert_error_string(reason));
}

absl::Status checkKeyPair(std::string_view certificatePem, std::string_view privateKeyPem) {
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr certificate,
                           certificateFromPem(certificatePem, "the certificate"));
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr key, privateKeyFromPem(privateKeyPem, "the private key"));
    if (X509_check_private_key(certificate.get(), key.get()) == 1) return absl::OkStatus();
    ERR_clear_error();
    return base::invalidArgument("KEY_MISMATCH", oneLine(X509_get_subject_name(certificate.get())),
                                 "the private key does not belong to the certificate of {}",
                                 oneLine(X509_get_subject_name(certificate.get())));
}

}  // namespace ifrit::crypto
