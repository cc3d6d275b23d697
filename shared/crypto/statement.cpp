// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/statement.h"

#include <openssl/err.h>

#include <utility>

#include "shared/base/status.h"
#include "shared/crypto/openssl.h"

namespace ifrit::crypto {
namespace {

const unsigned char* bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string signedText(std::string_view kind, std::string_view bytes) {
    std::string text = "ifrit statement: ";
    text += kind;
    text += '\n';
    text += bytes;
    return text;
}

absl::Status checkSize(std::string_view kind, std::string_view bytes) {
    // The kind ends with the first newline: else one could be read as another.
    if (kind.empty() || kind.find('\n') != kind.npos || bytes.size() > kMaxStatementBytes) {
        return base::invalidArgument("STATEMENT_INVALID", kind,
                                     "a statement has a kind of one line and at most {} bytes",
                                     kMaxStatementBytes);
    }
    return absl::OkStatus();
}

absl::Status notASigner(const std::string& why) {
    return base::failedPrecondition("STATEMENT_SIGNER", "", "not signed by a master: {}", why);
}

absl::StatusOr<Identity> signerOf(const StatementSeal& seal, const StatementTrust& trust) {
    if (seal.certificatePem.size() > kMaxSignerCertificateBytes)
        return notASigner("its certificate is too large");
    if (absl::Status known = verifyCertificate(seal.certificatePem, trust.caPem, trust.at);
        !known.ok())
        return notASigner(base::messageOf(known));
    absl::StatusOr<Identity> identity = parseIdentity(seal.certificatePem);
    if (!identity.ok()) return notASigner(base::messageOf(identity.status()));
    if (identity->role != Role::Signer)
        return notASigner(
            fmt::format("its certificate is {}'s and not for signing", identity->name));
    if (identity->cluster != trust.cluster) {
        return notASigner(
            fmt::format("it is of cluster {}, not of {}", identity->cluster, trust.cluster));
    }
    return identity;
}

}  // namespace

absl::StatusOr<StatementSigner> StatementSigner::make(const Credentials& ca,
                                                      const std::string& cluster,
                                                      const std::string& name, base::WallTime now,
                                                      std::chrono::hours validity) {
    CertificateRequest request;
    request.role = Role::Signer;
    request.cluster = cluster;
    request.name = name;
    request.now = now;
    request.validity = validity;
    IFRIT_ASSIGN_OR_RETURN(Credentials credentials, issue(ca, request));
    return StatementSigner(std::move(credentials), now + validity);
}

absl::StatusOr<StatementSeal> StatementSigner::sign(std::string_view kind,
                                                    std::string_view bytes) const {
    IFRIT_RETURN_IF_ERROR(checkSize(kind, bytes));
    IFRIT_ASSIGN_OR_RETURN(const KeyPtr key,
                           privateKeyFromPem(m_credentials.privateKeyPem, "the signer's key"));
    const std::string text = signedText(kind, bytes);
    const DigestContextPtr context(EVP_MD_CTX_new());
    std::size_t size = 0;
    StatementSeal seal;
    seal.certificatePem = m_credentials.certificatePem;
    if (context == nullptr ||
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytesOf(text), text.size()) != 1) {
        return opensslError("sign a statement");
    }
    seal.signature.resize(size);
    auto* out = reinterpret_cast<unsigned char*>(seal.signature.data());
    if (EVP_DigestSign(context.get(), out, &size, bytesOf(text), text.size()) != 1)
        return opensslError("sign a statement");
    seal.signature.resize(size);
    return seal;
}

absl::StatusOr<std::string> verifyStatement(std::string_view kind, std::string_view bytes,
                                            const StatementSeal& seal,
                                            const StatementTrust& trust) {
    IFRIT_RETURN_IF_ERROR(checkSize(kind, bytes));
    IFRIT_ASSIGN_OR_RETURN(const Identity signer, signerOf(seal, trust));
    IFRIT_ASSIGN_OR_RETURN(const CertificatePtr certificate,
                           certificateFromPem(seal.certificatePem, "the signer's certificate"));
    EVP_PKEY* key = X509_get0_pubkey(certificate.get());
    const std::string text = signedText(kind, bytes);
    const DigestContextPtr context(EVP_MD_CTX_new());
    if (key == nullptr || context == nullptr ||
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1) {
        return opensslError("check a statement");
    }
    const int result = EVP_DigestVerify(context.get(), bytesOf(seal.signature),
                                        seal.signature.size(), bytesOf(text), text.size());
    ERR_clear_error();
    if (result == 1) return signer.name;
    return base::failedPrecondition("STATEMENT_SIGNATURE", signer.name,
                                    "the signature of master {} does not match: what it signed "
                                    "was changed",
                                    signer.name);
}

}  // namespace ifrit::crypto
