// SPDX-License-Identifier: Apache-2.0
#include "master/auth/certificate_authority.h"

#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::auth {
namespace {

const char* nameOf(crypto::Role role) {
    switch (role) {
        case crypto::Role::Server:
            return "server";
        case crypto::Role::Machine:
            return "machine";
        case crypto::Role::Operator:
            break;
    }
    return "operator";
}

absl::StatusOr<storage::CertificateRecord> recordOf(const std::string& certificatePem,
                                                    base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const crypto::Identity identity, crypto::parseIdentity(certificatePem));
    storage::CertificateRecord out;
    out.serialHex = identity.serialHex;
    out.role = nameOf(identity.role);
    out.name = identity.name;
    out.issued = now;
    out.notAfter = identity.notAfter;
    return out;
}

absl::StatusOr<CertificateAuthority::Issued> withRecord(crypto::Credentials made,
                                                        base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(storage::CertificateRecord record, recordOf(made.certificatePem, now));
    return CertificateAuthority::Issued{std::move(made.certificatePem),
                                        std::move(made.privateKeyPem), std::move(record)};
}

}  // namespace

absl::StatusOr<CertificateAuthority> CertificateAuthority::create(const std::string& cluster,
                                                                  const base::Clock& clock,
                                                                  const CertificateLives& lives) {
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials ca,
                           crypto::createCa(cluster, clock.now(), lives.ca));
    return CertificateAuthority(std::move(ca), cluster, clock, lives);
}

CertificateAuthority::CertificateAuthority(crypto::Credentials ca, std::string cluster,
                                           const base::Clock& clock, const CertificateLives& lives)
    : m_ca(std::move(ca)), m_cluster(std::move(cluster)), m_clock(&clock), m_lives(lives) {}

crypto::CertificateRequest CertificateAuthority::request(crypto::Role role, const std::string& name,
                                                         std::chrono::hours life) const {
    crypto::CertificateRequest out;
    out.role = role;
    out.cluster = m_cluster;
    out.name = name;
    out.now = m_clock->now();
    out.validity = life;
    return out;
}

absl::StatusOr<CertificateAuthority::Issued> CertificateAuthority::forMachine(
    const std::string& uuid, const std::string& csrPem) const {
    const auto asked = request(crypto::Role::Machine, uuid, m_lives.machine);
    IFRIT_ASSIGN_OR_RETURN(std::string pem, crypto::issueFromCsr(m_ca, csrPem, asked));
    return withRecord({std::move(pem), {}}, asked.now);
}

absl::StatusOr<CertificateAuthority::Issued> CertificateAuthority::forOperator(
    const std::string& name) const {
    const auto asked = request(crypto::Role::Operator, name, m_lives.person);
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials made, crypto::issue(m_ca, asked));
    return withRecord(std::move(made), asked.now);
}

absl::StatusOr<CertificateAuthority::Issued> CertificateAuthority::forServer(
    const std::string& name, const std::vector<std::string>& hosts) const {
    auto asked = request(crypto::Role::Server, name, m_lives.server);
    asked.hosts = hosts;
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials made, crypto::issue(m_ca, asked));
    return withRecord(std::move(made), asked.now);
}

}  // namespace ifrit::master::auth
