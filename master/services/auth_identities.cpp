// SPDX-License-Identifier: Apache-2.0
#include "master/services/auth_identities.h"

#include <optional>

#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

Operator operatorOf(const storage::OperatorRecord& person, base::WallTime expires) {
    const bool super = person.role == storage::OperatorRole::SuperAdmin;
    return {person.name, super ? OperatorRole::SuperAdmin : OperatorRole::Reader, expires};
}

}  // namespace

IssuedCertificate AuthIdentities::issued(
    const auth::CertificateAuthority::Signed& certificate) const {
    return {certificate.certificatePem, m_parts.authority.caPem(), m_parts.authority.cluster(),
            certificate.record.notAfter};
}

absl::StatusOr<IssuedCertificate> AuthIdentities::enrol(const EnrolQuestion& question) {
    IFRIT_ASSIGN_OR_RETURN(
        const auto certificate,
        m_parts.enrolment.enrol({question.joinToken, question.csrPem, question.facts,
                                 question.cluster, question.address}));
    return issued(certificate);
}

absl::StatusOr<IssuedCertificate> AuthIdentities::renew(const std::string& uuid,
                                                        const std::string& csrPem,
                                                        const std::string& address) {
    IFRIT_ASSIGN_OR_RETURN(const auto certificate, m_parts.enrolment.renew(uuid, csrPem, address));
    return issued(certificate);
}

absl::Status AuthIdentities::checkMachine(const std::string& uuid, const std::string& serialHex) {
    if (!m_parts.revocations.isRevoked(serialHex)) return absl::OkStatus();
    return base::permissionDenied("CERTIFICATE_REVOKED", uuid,
                                  "the certificate of machine {} was revoked; enrol it again",
                                  uuid);
}

absl::StatusOr<LoginResult> AuthIdentities::login(const std::string& user,
                                                  const std::string& password,
                                                  const std::string& address) {
    IFRIT_ASSIGN_OR_RETURN(const auto session, m_parts.login.login(user, password, address));
    return LoginResult{session.token, operatorOf(session.person, session.expires)};
}

absl::Status AuthIdentities::logout(const std::string& token, const std::string& address) {
    return m_parts.login.logout(token, address);
}

absl::StatusOr<Operator> AuthIdentities::operatorByToken(const std::string& token) {
    IFRIT_ASSIGN_OR_RETURN(const auto session, m_parts.login.sessionOf(token));
    return operatorOf(session.person, session.expires);
}

absl::StatusOr<Operator> AuthIdentities::operatorByCertificate(const std::string& name,
                                                               const std::string& serialHex) {
    const auto refused = [&name](const char* reason, const char* why) {
        return base::makeError(absl::StatusCode::kUnauthenticated, reason, name,
                               fmt::format("the certificate of {} {}", name, why));
    };
    if (m_parts.revocations.isRevoked(serialHex))
        return refused("CERTIFICATE_REVOKED", "was revoked");
    std::optional<storage::OperatorRecord> person;
    const absl::Status read =
        m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(person, view.operators().find(name));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(read);
    if (!person) return refused("OPERATOR_UNKNOWN", "names nobody of this cluster");
    if (person->disabled) return refused("OPERATOR_DISABLED", "is of a disabled operator");
    return operatorOf(*person, {});
}

}  // namespace ifrit::master::services
