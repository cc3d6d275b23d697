// SPDX-License-Identifier: Apache-2.0
#include "master/auth/operator_certificates.h"

#include "shared/base/status.h"

namespace ifrit::master::auth {
namespace {

constexpr char kOperator[] = "operator";

absl::StatusOr<std::uint64_t> revokeOne(storage::Transaction& transaction,
                                        const std::string& serialHex, const std::string& reason,
                                        base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const auto known, transaction.certificates().find(serialHex));
    // Machines' have a verb of their own; masters' would be made anew at their next start.
    if (!known || known->role != kOperator) {
        return base::notFound("CERTIFICATE_UNKNOWN", serialHex,
                              "no operator has a certificate with serial {}", serialHex);
    }
    IFRIT_RETURN_IF_ERROR(transaction.certificates().revoke(serialHex, now, reason));
    return known->revoked ? 0 : 1;
}

}  // namespace

absl::StatusOr<CertificateAuthority::Signed> issueCertificate(
    storage::Database& database, const audit::AuditTrail& audit,
    const CertificateAuthority& authority, const std::string& name, const std::string& csrPem,
    base::WallTime now, const Administrator& by) {
    IFRIT_ASSIGN_OR_RETURN(const CertificateAuthority::Signed certificate,
                           authority.signOperator(name, csrPem, now));
    const absl::Status stored =
        database.transact([&](storage::Transaction& transaction) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
            IFRIT_ASSIGN_OR_RETURN(const auto person, transaction.operators().find(name));
            if (!person)
                return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
            if (person->disabled) {
                return base::failedPrecondition("OPERATOR_DISABLED", name,
                                                "'{}' is disabled; enable them first", name);
            }
            IFRIT_RETURN_IF_ERROR(transaction.certificates().add(certificate.record));
            return recordChange(transaction, audit,
                                {"certificate.issue",
                                 certificate.record.serialHex,
                                 {},
                                 fmt::format("{{\"user\":\"{}\",\"not_after_ms\":{}}}", name,
                                             base::toUnixMillis(certificate.record.notAfter))},
                                by, now);
        });
    IFRIT_RETURN_IF_ERROR(stored);
    return certificate;
}

absl::StatusOr<std::uint32_t> revokeCertificates(storage::Database& database,
                                                 const audit::AuditTrail& audit,
                                                 const CertificatesToRevoke& which,
                                                 base::WallTime now, const Administrator& by) {
    std::uint64_t revoked = 0;
    const absl::Status stored =
        database.transact([&](storage::Transaction& transaction) -> absl::Status {
            if (which.serialHex.empty()) {
                IFRIT_ASSIGN_OR_RETURN(revoked, transaction.certificates().revokeAllOf(
                                                    kOperator, which.name, now, by.reason));
            } else {
                IFRIT_ASSIGN_OR_RETURN(revoked,
                                       revokeOne(transaction, which.serialHex, by.reason, now));
            }
            return recordChange(transaction, audit,
                                {"certificate.revoke",
                                 which.serialHex.empty() ? which.name : which.serialHex,
                                 {},
                                 fmt::format("{{\"revoked\":{}}}", revoked)},
                                by, now);
        });
    IFRIT_RETURN_IF_ERROR(stored);
    return static_cast<std::uint32_t>(revoked);
}

}  // namespace ifrit::master::auth
