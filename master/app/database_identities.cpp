// SPDX-License-Identifier: Apache-2.0
#include "master/app/database_identities.h"

#include <optional>

#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

services::OperatorRole roleOf(storage::OperatorRole role) {
    return role == storage::OperatorRole::SuperAdmin ? services::OperatorRole::SuperAdmin
                                                     : services::OperatorRole::Reader;
}

constexpr std::chrono::hours kRemembered{1};

absl::Status revoked(const std::string& name) {
    return base::permissionDenied("CERTIFICATE_REVOKED", name,
                                  "the certificate of {} was revoked; it needs a new one", name);
}

}  // namespace

services::IssuedCertificate DatabaseIdentities::issued(
    const auth::CertificateAuthority::Signed& certificate) const {
    return {certificate.certificatePem, m_parts.authority.caPem(), m_parts.authority.cluster(),
            certificate.record.notAfter};
}

absl::StatusOr<services::IssuedCertificate> DatabaseIdentities::enrol(
    const services::EnrolQuestion& question) {
    IFRIT_ASSIGN_OR_RETURN(
        const auth::CertificateAuthority::Signed certificate,
        m_parts.enrolment.enrol({question.joinToken, question.csrPem, question.facts,
                                 question.cluster, question.address}));
    return issued(certificate);
}

absl::StatusOr<services::IssuedCertificate> DatabaseIdentities::renew(const std::string& uuid,
                                                                      const std::string& csrPem,
                                                                      const std::string& address) {
    IFRIT_ASSIGN_OR_RETURN(const auth::CertificateAuthority::Signed certificate,
                           m_parts.enrolment.renew(uuid, csrPem, address));
    return issued(certificate);
}

absl::Status DatabaseIdentities::checkMachine(const std::string& uuid,
                                              const std::string& serialHex) {
    return m_parts.revocations.isRevoked(serialHex) ? revoked(uuid) : absl::OkStatus();
}

absl::Status DatabaseIdentities::checkMaster(const std::string& name,
                                             const std::string& serialHex) {
    return m_parts.revocations.isRevoked(serialHex) ? revoked(name) : absl::OkStatus();
}

absl::StatusOr<services::LoginResult> DatabaseIdentities::login(const std::string& user,
                                                                const std::string& password,
                                                                const std::string& address) {
    IFRIT_ASSIGN_OR_RETURN(const auth::PasswordLogin::Session session,
                           m_parts.logins.login(user, password, address));
    return services::LoginResult{
        session.token, {session.person.name, roleOf(session.person.role), session.expires}};
}

absl::Status DatabaseIdentities::logout(const std::string& token, const std::string& address) {
    return m_parts.logins.logout(token, address);
}

absl::StatusOr<services::Operator> DatabaseIdentities::operatorByToken(const std::string& token) {
    IFRIT_ASSIGN_OR_RETURN(const auth::PasswordLogin::Session session,
                           m_parts.logins.sessionOf(token));
    return services::Operator{session.person.name, roleOf(session.person.role), session.expires};
}

absl::StatusOr<std::optional<storage::OperatorRecord>> DatabaseIdentities::findOperator(
    const std::string& name) {
    std::optional<storage::OperatorRecord> person;
    const absl::Status read =
        m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(person, view.operators().find(name));
            return absl::OkStatus();
        });
    const base::SteadyTime now = m_parts.clock.steadyNow();
    absl::MutexLock lock(&m_mutex);
    if (absl::IsUnavailable(read)) {
        // Operators must be able to see that the database is away. Nothing can be changed
        // meanwhile, neither by them nor about them, but that the cluster is frozen.
        const auto known = m_remembered.find(name);
        if (known == m_remembered.end() || now >= known->second.until) return read;
        return std::optional<storage::OperatorRecord>(known->second.person);
    }
    IFRIT_RETURN_IF_ERROR(read);
    if (person)
        m_remembered[name] = {*person, now + kRemembered};
    else
        m_remembered.erase(name);
    return person;
}

absl::Status DatabaseIdentities::refresh() {
    std::vector<storage::OperatorRecord> people;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(people, view.operators().list());
        return absl::OkStatus();
    }));
    const base::SteadyTime until = m_parts.clock.steadyNow() + kRemembered;
    absl::MutexLock lock(&m_mutex);
    m_remembered.clear();
    for (const storage::OperatorRecord& person : people)
        m_remembered[person.name] = {person, until};
    return absl::OkStatus();
}

absl::StatusOr<services::Operator> DatabaseIdentities::operatorByCertificate(
    const std::string& name, const std::string& serialHex) {
    const auto unknown = [&](std::string_view why) {
        return base::makeError(absl::StatusCode::kUnauthenticated, "OPERATOR_UNKNOWN", name,
                               fmt::format("{} {}", name, why));
    };
    if (m_parts.revocations.isRevoked(serialHex)) return unknown("has a revoked certificate");
    IFRIT_ASSIGN_OR_RETURN(const auto person, findOperator(name));
    if (!person) return unknown("is no operator of this cluster");
    if (person->disabled) return unknown("is disabled");
    return services::Operator{person->name, roleOf(person->role), {}};
}

}  // namespace ifrit::master::app
