// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_trust_stores.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {

absl::Status SqlCertificateStore::add(const CertificateRecord& certificate) {
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO certificates (serial, role, name, issued_ms, not_after_ms, "
                "revoked_ms, revoke_reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                {text(certificate.serialHex), text(certificate.role), text(certificate.name),
                 time(certificate.issued), time(certificate.notAfter), time(certificate.revoked),
                 textOrNull(certificate.revokeReason)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(
        absl::StatusCode::kAlreadyExists, "CERTIFICATE_EXISTS", certificate.serialHex,
        fmt::format("there is a certificate with serial {} already", certificate.serialHex));
}

absl::StatusOr<std::vector<CertificateRecord>> SqlCertificateStore::select(const std::string& rest,
                                                                           const Values& values) {
    std::vector<CertificateRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT serial, role, name, issued_ms, not_after_ms, revoked_ms, "
        "COALESCE(revoke_reason, '') FROM certificates " +
            rest,
        values, [&out](Row& row) -> absl::Status {
            CertificateRecord certificate;
            certificate.serialHex = row.text();
            certificate.role = row.text();
            certificate.name = row.text();
            certificate.issued = row.time();
            certificate.notAfter = row.time();
            certificate.revoked = row.optionalTime();
            certificate.revokeReason = row.text();
            out.push_back(std::move(certificate));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::optional<CertificateRecord>> SqlCertificateStore::find(
    const std::string& serialHex) {
    IFRIT_ASSIGN_OR_RETURN(auto found, select("WHERE serial = ?", {text(serialHex)}));
    if (found.empty()) return std::optional<CertificateRecord>();
    return std::optional<CertificateRecord>(std::move(found.front()));
}

absl::StatusOr<std::vector<CertificateRecord>> SqlCertificateStore::listOf(
    const std::string& role, const std::string& name) {
    return select(fmt::format("WHERE role = ? AND name = ? ORDER BY issued_ms DESC, serial{}",
                              m_connection.lockRow()),
                  {text(role), text(name)});
}

absl::StatusOr<std::vector<CertificateRecord>> SqlCertificateStore::list(const std::string& role) {
    return select("WHERE role = ? ORDER BY name, issued_ms DESC, serial", {text(role)});
}

absl::Status SqlCertificateStore::revoke(const std::string& serialHex, base::WallTime now,
                                         const std::string& reason) {
    IFRIT_ASSIGN_OR_RETURN(const auto known, find(serialHex));
    if (!known) {
        return base::notFound("CERTIFICATE_UNKNOWN", serialHex,
                              "this cluster signed no certificate with serial {}", serialHex);
    }
    if (known->revoked) return absl::OkStatus();
    m_connection.notes().add(ChangeKind::Certificate, known->name);
    return m_connection
        .run("UPDATE certificates SET revoked_ms = ?, revoke_reason = ? WHERE serial = ?",
             {time(now), textOrNull(reason), text(serialHex)})
        .status();
}

absl::StatusOr<std::uint64_t> SqlCertificateStore::revokeAllOf(const std::string& role,
                                                               const std::string& name,
                                                               base::WallTime now,
                                                               const std::string& reason) {
    m_connection.notes().add(ChangeKind::Certificate, name);
    // Waits for a renewal that has looked at them and not committed yet: its row is then seen
    // below.
    IFRIT_RETURN_IF_ERROR(listOf(role, name).status());
    return m_connection.run(
        "UPDATE certificates SET revoked_ms = ?, revoke_reason = ? WHERE role = ? AND name = ? "
        "AND revoked_ms IS NULL",
        {time(now), textOrNull(reason), text(role), text(name)});
}

absl::StatusOr<std::uint64_t> SqlCertificateStore::prune(base::WallTime before) {
    return m_connection.run("DELETE FROM certificates WHERE not_after_ms < ?", {time(before)});
}

absl::StatusOr<std::vector<std::string>> SqlCertificateStore::revokedSerials(base::WallTime now) {
    std::vector<std::string> out;
    const absl::Status status = m_connection.each(
        "SELECT serial FROM certificates WHERE revoked_ms IS NOT NULL AND not_after_ms > ? "
        "ORDER BY serial",
        {time(now)}, [&out](Row& row) -> absl::Status {
            out.push_back(row.text());
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

}  // namespace ifrit::master::storage::sql
