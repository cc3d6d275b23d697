// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/auth/certificate_authority.h"
#include "master/auth/login_throttle.h"
#include "master/storage/database.h"

namespace ifrit::master::auth {

/// Machines renew once in two thirds of a certificate's life, and come again after five minutes
/// when an answer was lost. More often is a machine that loops, and each time is a row for years.
inline constexpr std::chrono::minutes kLeastBetweenRenewals{1};
/// With that many that have not ended the machine waits until one has.
inline constexpr std::size_t kMostCertificates = 32;

/// How machines get their certificates. Thread-safe; blocks for the database.
class Enrolment {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& audit;
        const CertificateAuthority& authority;
        const base::Clock& clock;
    };

    explicit Enrolment(const Parts& parts);

    struct Request {
        std::string joinToken;
        std::string csrPem;
        domain::MachineFacts facts;  ///< with the uuid that is asked for
        std::string cluster;         ///< that the machine was told to join; empty: any
        std::string address;
    };
    /// Token for certificate; marks the token used, stores machine and certificate, revokes those
    /// that the uuid had, and writes the audit row, in one transaction. UNAUTHENTICATED:
    /// TOKEN_MALFORMED, TOKEN_UNKNOWN, TOKEN_USED, TOKEN_EXPIRED, TOKEN_OTHER_CLUSTER,
    /// TOKEN_OTHER_MACHINE. Whoever asks again with the same token, uuid and key before the token
    /// ends gets the same certificate: its answer was lost. ALREADY_EXISTS (MACHINE_ENROLLED): the
    /// uuid is enrolled and the token does not name it. INVALID_ARGUMENT (CSR_INVALID) leaves the
    /// token usable.
    absl::StatusOr<CertificateAuthority::Signed> enrol(const Request& request);

    struct Renewal {
        std::string uuid;
        std::string serialHex;  ///< of the certificate that the machine calls with
        std::string csrPem;
        std::string address;
    };
    /// A new certificate for an enrolled machine; older ones stay good until they end. NOT_FOUND;
    /// PERMISSION_DENIED (CERTIFICATE_REVOKED) where the one that it calls with was revoked, also
    /// while the new one was signed; RESOURCE_EXHAUSTED (RENEWED_LATELY, with when to come again).
    absl::StatusOr<CertificateAuthority::Signed> renew(const Renewal& renewal);

private:
    using Answer = std::optional<CertificateAuthority::Signed>;
    /// OK: the token is good, or was used for this very request, which is answered.
    absl::StatusOr<Answer> checkToken(storage::Transaction& view, const Request& request,
                                      const std::string& tokenHash) const;
    absl::StatusOr<Answer> answerOf(storage::Transaction& view, const Request& request,
                                    const storage::JoinTokenRecord& token) const;
    /// The certificate that stands: `certificate`, or that of the same request which was faster.
    absl::StatusOr<CertificateAuthority::Signed> store(
        const Request& request, const std::string& tokenHash,
        const CertificateAuthority::Signed& certificate, base::WallTime now);
    absl::StatusOr<CertificateAuthority::Signed> tryEnrol(const Request& request);
    absl::Status checkRenewal(storage::Transaction& view, const Renewal& renewal,
                              base::WallTime now) const;
    void recordRefusal(const storage::AuditEntry& entry, const absl::Status& why);

    const Parts m_parts;
    LoginThrottle m_refusals;
};

/// Makes one-time tokens, with an audit row for each. `uuid` empty: for any new machine.
absl::StatusOr<std::vector<std::string>> makeJoinTokens(storage::Database& database,
                                                        const audit::AuditTrail& audit,
                                                        const std::string& cluster,
                                                        const storage::JoinTokenRecord& like,
                                                        std::size_t count);

}  // namespace ifrit::master::auth
