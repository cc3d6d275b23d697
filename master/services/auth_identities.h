// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/auth/certificate_authority.h"
#include "master/auth/enrolment.h"
#include "master/auth/password_login.h"
#include "master/auth/revocations.h"
#include "master/services/identities.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// Identities as the database and the cluster's CA know them. Everything by reference outlives it.
class AuthIdentities final : public Identities {
public:
    struct Parts {
        storage::Database& database;
        const auth::CertificateAuthority& authority;
        auth::Enrolment& enrolment;
        auth::PasswordLogin& login;
        const auth::Revocations& revocations;
    };
    explicit AuthIdentities(const Parts& parts) : m_parts(parts) {}

    absl::StatusOr<IssuedCertificate> enrol(const EnrolQuestion& question) override;
    absl::StatusOr<IssuedCertificate> renew(const std::string& uuid, const std::string& csrPem,
                                            const std::string& address) override;
    absl::Status checkMachine(const std::string& uuid, const std::string& serialHex) override;
    absl::StatusOr<LoginResult> login(const std::string& user, const std::string& password,
                                      const std::string& address) override;
    absl::Status logout(const std::string& token, const std::string& address) override;
    absl::StatusOr<Operator> operatorByToken(const std::string& token) override;
    absl::StatusOr<Operator> operatorByCertificate(const std::string& name,
                                                   const std::string& serialHex) override;

private:
    IssuedCertificate issued(const auth::CertificateAuthority::Signed& certificate) const;

    const Parts m_parts;
};

}  // namespace ifrit::master::services
