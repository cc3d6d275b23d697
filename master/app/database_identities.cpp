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

// To sign in again would not help.
absl::Status disabled(const std::string& name) {
    return base::makeError(
        absl::StatusCode::kUnauthenticated, "OPERATOR_DISABLED", name,
        fmt::format("{} is disabled; a super admin can enable the account again", name));
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

absl::StatusOr<services::IssuedCertificate> DatabaseIdentities::renew(
    const services::RenewQuestion& question) {
    IFRIT_ASSIGN_OR_RETURN(const auth::CertificateAuthority::Signed certificate,
                           m_parts.enrolment.renew({question.uuid, question.serialHex,
                                                    question.csrPem, question.address}));
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
    IFRIT_RETURN_IF_ERROR(m_parts.grants.refresh());
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
    if (person->disabled) return disabled(name);
    return services::Operator{person->name, roleOf(person->role), {}};
}

absl::StatusOr<std::vector<domain::Grant>> DatabaseIdentities::grantsOf(const std::string& name) {
    return m_parts.grants.of(name);
}

std::optional<services::KnownOperator> DatabaseIdentities::knownOperator(
    const std::string& name, const std::string& serialHex) {
    if (m_parts.revocations.isRevoked(serialHex)) return std::nullopt;
    services::KnownOperator out;
    {
        const base::SteadyTime now = m_parts.clock.steadyNow();
        const absl::MutexLock lock(&m_mutex);
        const auto known = m_remembered.find(name);
        if (known == m_remembered.end() || now >= known->second.until ||
            known->second.person.disabled)
            return std::nullopt;
        out.who = {name, roleOf(known->second.person.role), {}};
    }
    out.grants = m_parts.grants.known(name);
    return out;
}

std::vector<std::string> DatabaseIdentities::superAdmins() {
    std::vector<std::string> out;
    absl::MutexLock lock(&m_mutex);
    for (const auto& [name, known] : m_remembered) {
        const bool isOne = known.person.role == storage::OperatorRole::SuperAdmin;
        if (isOne && !known.person.disabled) out.push_back(name);
    }
    return out;
}

absl::Status DatabaseIdentities::judgeTime(const services::SignedIn& who) const {
    if (m_parts.clock.now() < who.expires) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kUnauthenticated, "SIGN_IN_EXPIRED", who.name,
                           fmt::format("{} was let in until now; sign in again", who.name));
}

absl::Status DatabaseIdentities::judge(const services::SignedIn& who,
                                       const storage::OperatorRecord* person,
                                       const storage::SessionRecord* session) const {
    const auto over = [&](const char* reason, std::string_view why) {
        return base::makeError(absl::StatusCode::kUnauthenticated, reason, who.name,
                               fmt::format("{} {}; sign in again", who.name, why));
    };
    IFRIT_RETURN_IF_ERROR(judgeTime(who));
    if (person == nullptr) return over("OPERATOR_UNKNOWN", "is no operator of this cluster");
    if (person->disabled) return disabled(who.name);
    if (m_parts.revocations.isRevoked(who.serialHex))
        return over("OPERATOR_UNKNOWN", "has a revoked certificate");
    if (!who.tokenHash.empty() && session == nullptr)
        return over("TOKEN_INVALID", "has no such session any more");
    return absl::OkStatus();
}

std::vector<absl::Status> DatabaseIdentities::stillSignedIn(
    const std::vector<services::SignedIn>& who) {
    std::map<std::string, storage::OperatorRecord> people;
    std::map<std::string, storage::SessionRecord> sessions;
    const absl::Status read =
        m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
            people.clear();
            sessions.clear();
            IFRIT_ASSIGN_OR_RETURN(auto everybody, view.operators().list());
            for (storage::OperatorRecord& person : everybody) {
                const std::string name = person.name;
                people.emplace(name, std::move(person));
            }
            IFRIT_ASSIGN_OR_RETURN(auto open, view.operators().listSessions());
            for (storage::SessionRecord& session : open) {
                const std::string hash = session.tokenHash;
                sessions.emplace(hash, std::move(session));
            }
            return absl::OkStatus();
        });
    std::vector<absl::Status> out;
    out.reserve(who.size());
    for (const services::SignedIn& one : who) {
        const auto person = people.find(one.name);
        const auto session = sessions.find(one.tokenHash);
        // Nobody can be put out while nothing can be written down.
        out.push_back(read.ok() ? judge(one, person == people.end() ? nullptr : &person->second,
                                        session == sessions.end() ? nullptr : &session->second)
                                : judgeTime(one));
    }
    return out;
}

}  // namespace ifrit::master::app
