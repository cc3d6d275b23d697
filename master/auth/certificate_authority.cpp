// SPDX-License-Identifier: Apache-2.0
#include "master/auth/certificate_authority.h"

#include <utility>

#include "shared/base/status.h"
#include "shared/crypto/document_signature.h"

namespace ifrit::master::auth {
namespace {

std::string nameOf(crypto::Role role) {
    switch (role) {
        case crypto::Role::Server:
            return "server";
        case crypto::Role::Machine:
            return "machine";
        case crypto::Role::Operator:
            return "operator";
        case crypto::Role::Signer:
            return "signer";
    }
    return "unknown";
}

absl::StatusOr<storage::CertificateRecord> recordOf(const std::string& certificatePem,
                                                    base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const crypto::Identity identity, crypto::parseIdentity(certificatePem));
    storage::CertificateRecord record;
    record.serialHex = identity.serialHex;
    record.role = nameOf(identity.role);
    record.name = identity.name;
    record.issued = now;
    record.notAfter = identity.notAfter;
    return record;
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::string cluster, crypto::Credentials ca,
                                           Lifetimes lifetimes)
    : m_cluster(std::move(cluster)), m_ca(std::move(ca)), m_lifetimes(lifetimes) {}

absl::StatusOr<CertificateAuthority::Signed> CertificateAuthority::sign(
    const crypto::CertificateRequest& request, const std::string& csrPem) const {
    Signed out;
    IFRIT_ASSIGN_OR_RETURN(out.certificatePem, crypto::issueFromCsr(m_ca, csrPem, request));
    IFRIT_ASSIGN_OR_RETURN(out.record, recordOf(out.certificatePem, request.now));
    return out;
}

absl::StatusOr<CertificateAuthority::Signed> CertificateAuthority::signMachine(
    const std::string& uuid, const std::string& csrPem, base::WallTime now) const {
    return sign({crypto::Role::Machine, m_cluster, uuid, {}, now, m_lifetimes.machine}, csrPem);
}

absl::StatusOr<CertificateAuthority::Signed> CertificateAuthority::signOperator(
    const std::string& name, const std::string& csrPem, base::WallTime now) const {
    return sign({crypto::Role::Operator, m_cluster, name, {}, now, m_lifetimes.person}, csrPem);
}

absl::StatusOr<CertificateAuthority::Signed> CertificateAuthority::signServer(
    const std::string& name, const std::vector<std::string>& hosts, const std::string& csrPem,
    base::WallTime now) const {
    return sign({crypto::Role::Server, m_cluster, name, hosts, now, m_lifetimes.server}, csrPem);
}

absl::StatusOr<CertificateAuthority::Issued> CertificateAuthority::issue(
    const crypto::CertificateRequest& request) const {
    Issued out;
    IFRIT_ASSIGN_OR_RETURN(out.credentials, crypto::issue(m_ca, request));
    IFRIT_ASSIGN_OR_RETURN(out.record, recordOf(out.credentials.certificatePem, request.now));
    return out;
}

absl::StatusOr<CertificateAuthority::Issued> CertificateAuthority::issueServer(
    const std::string& name, const std::vector<std::string>& hosts, base::WallTime now) const {
    return issue({crypto::Role::Server, m_cluster, name, hosts, now, m_lifetimes.server});
}

absl::StatusOr<std::string> CertificateAuthority::signDocument(std::string_view bytes) const {
    return crypto::signDocument(m_ca.privateKeyPem, bytes);
}

absl::StatusOr<crypto::StatementSigner> CertificateAuthority::makeSigner(const std::string& name,
                                                                         base::WallTime now) const {
    return crypto::StatementSigner::make(m_ca, m_cluster, name, now, m_lifetimes.signer);
}

}  // namespace ifrit::master::auth
