// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_trust_stores.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {

absl::Status SqlTokenStore::add(const JoinTokenRecord& token) {
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO join_tokens (token_hash, uuid, created_by, created_ms, expires_ms, "
                "used_ms, used_by, used_key, certificate) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                {text(token.tokenHash), text(token.uuid), text(token.createdBy),
                 time(token.created), time(token.expires), time(token.used),
                 textOrNull(token.usedBy), textOrNull(token.usedKey),
                 textOrNull(token.certificatePem)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAlreadyExists, "TOKEN_EXISTS", "",
                           "there is such a join token already");
}

absl::StatusOr<std::optional<JoinTokenRecord>> SqlTokenStore::find(const std::string& tokenHash) {
    std::optional<JoinTokenRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT token_hash, uuid, created_by, created_ms, expires_ms, used_ms, "
        "COALESCE(used_by, ''), COALESCE(used_key, ''), COALESCE(certificate, '') "
        "FROM join_tokens WHERE token_hash = ?",
        {text(tokenHash)}, [&out](Row& row) -> absl::Status {
            out.emplace();
            out->tokenHash = row.text();
            out->uuid = row.text();
            out->createdBy = row.text();
            out->created = row.time();
            out->expires = row.time();
            out->used = row.optionalTime();
            out->usedBy = row.text();
            out->usedKey = row.text();
            out->certificatePem = row.text();
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<bool> SqlTokenStore::consume(const std::string& tokenHash, const Use& use,
                                            base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(
        const std::uint64_t marked,
        m_connection.run("UPDATE join_tokens SET used_ms = ?, used_by = ?, used_key = ?, "
                         "certificate = ? WHERE token_hash = ? AND used_ms IS NULL AND "
                         "expires_ms > ?",
                         {time(now), text(use.uuid), text(use.key), text(use.certificatePem),
                          text(tokenHash), time(now)}));
    return marked == 1;
}

absl::StatusOr<std::uint64_t> SqlTokenStore::prune(base::WallTime before) {
    return m_connection.run("DELETE FROM join_tokens WHERE expires_ms < ?", {time(before)});
}

}  // namespace ifrit::master::storage::sql
