// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <optional>
#include <string>

#include "master/auth/certificate_authority.h"
#include "master/auth/enrolment.h"
#include "master/auth/grant_book.h"
#include "master/auth/password_login.h"
#include "master/auth/revocations.h"
#include "master/services/identities.h"
#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

/// Who machines and operators are, over master/auth. Thread-safe.
class DatabaseIdentities final : public services::Identities {
public:
    struct Parts {
        storage::Database& database;
        auth::Enrolment& enrolment;
        auth::PasswordLogin& logins;
        const auth::Revocations& revocations;
        const auth::CertificateAuthority& authority;
        auth::GrantBook& grants;
        const base::Clock& clock;
    };

    explicit DatabaseIdentities(const Parts& parts) : m_parts(parts) {}

    absl::StatusOr<services::IssuedCertificate> enrol(
        const services::EnrolQuestion& question) override;
    absl::StatusOr<services::IssuedCertificate> renew(
        const services::RenewQuestion& question) override;
    absl::Status checkMachine(const std::string& uuid, const std::string& serialHex) override;
    absl::Status checkMaster(const std::string& name, const std::string& serialHex) override;
    absl::StatusOr<services::LoginResult> login(const std::string& user,
                                                const std::string& password,
                                                const std::string& address) override;
    absl::Status logout(const std::string& token, const std::string& address) override;
    /// Reads who the operators are, so that they are known should the database go away.
    absl::Status refresh();
    absl::StatusOr<services::Operator> operatorByToken(const std::string& token) override;
    absl::StatusOr<services::Operator> operatorByCertificate(const std::string& name,
                                                             const std::string& serialHex) override;
    absl::StatusOr<std::vector<domain::Grant>> grantsOf(const std::string& name) override;
    std::optional<services::KnownOperator> knownOperator(const std::string& name,
                                                         const std::string& serialHex) override;
    std::vector<std::string> superAdmins() override;
    std::vector<absl::Status> stillSignedIn(const std::vector<services::SignedIn>& who) override;

private:
    /// Who an operator was when the database last said so.
    struct Remembered {
        storage::OperatorRecord person;
        base::SteadyTime until{};
    };

    services::IssuedCertificate issued(const auth::CertificateAuthority::Signed& certificate) const;
    absl::Status judgeTime(const services::SignedIn& who) const;
    absl::Status judge(const services::SignedIn& who, const storage::OperatorRecord* person,
                       const storage::SessionRecord* session) const;
    absl::StatusOr<std::optional<storage::OperatorRecord>> findOperator(const std::string& name);

    const Parts m_parts;
    absl::Mutex m_mutex;
    std::map<std::string, Remembered> m_remembered ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::app
