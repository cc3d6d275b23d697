// SPDX-License-Identifier: Apache-2.0
#include "master/app/database_audit_log.h"

#include <absl/cleanup/cleanup.h>

#include <chrono>
#include <utility>

#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{5'000};

}  // namespace

absl::StatusOr<std::vector<services::AuditRow>> DatabaseAuditLog::list(
    const services::AuditQuery& query) {
    const storage::AuditFilter filter{query.actor,  query.verb,  query.object,
                                      query.result, query.since, query.until};
    std::vector<services::AuditRow> rows;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, view.audit().list(filter, query.beforeId, query.limit));
        return absl::OkStatus();
    }));
    return rows;
}

absl::StatusOr<ifrit::audit::SignedHead> DatabaseAuditLog::sign(const storage::AuditHead& head) {
    ifrit::audit::SignedHead out;
    out.head = {m_parts.cluster, head.id, head.hash, m_parts.clock.now()};
    IFRIT_ASSIGN_OR_RETURN(out.seal, m_parts.signer.sign(ifrit::audit::kHeadStatement,
                                                         ifrit::audit::statementOf(out.head)));
    return out;
}

absl::StatusOr<services::AuditHeadAnswer> DatabaseAuditLog::head(
    const std::set<std::uint64_t>& rows) {
    IFRIT_ASSIGN_OR_RETURN(audit::AuditTrail::Look look,
                           m_parts.trail.look(m_parts.database, rows));
    services::AuditHeadAnswer out;
    IFRIT_ASSIGN_OR_RETURN(out.head, sign(look.head));
    out.hashes = std::move(look.hashes);
    return out;
}

absl::StatusOr<services::AuditCheck> DatabaseAuditLog::verify(const std::set<std::uint64_t>& rows,
                                                              const IsGone& isGone) {
    // Each takes one of the few threads that answer operators, for as long as the audit is.
    if (m_isVerifying.exchange(true)) {
        return base::withCallDetails(
            base::makeError(absl::StatusCode::kResourceExhausted, "AUDIT_VERIFY_BUSY", "",
                            "this master is verifying the audit for somebody already; ask again "
                            "in a while"),
            {{}, kRetryAfter, 0, 0});
    }
    const absl::Cleanup done = [this] { m_isVerifying = false; };
    IFRIT_ASSIGN_OR_RETURN(audit::AuditTrail::Verification found,
                           m_parts.trail.verify(m_parts.database, rows, isGone));
    services::AuditCheck out{found.rows,          found.headHash, found.intact,
                             found.firstBrokenId, found.message,  {}};
    // Where the walk broke off, the last row that it passed is the newest that is worth signing.
    IFRIT_ASSIGN_OR_RETURN(out.heads.head, sign({found.rows, found.headHash}));
    out.heads.hashes = std::move(found.hashes);
    return out;
}

absl::StatusOr<std::vector<storage::AuditRow>> DatabaseAuditLog::read(std::uint64_t afterId,
                                                                      std::size_t limit) {
    std::vector<storage::AuditRow> rows;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, view.audit().read(afterId, limit));
        return absl::OkStatus();
    }));
    return rows;
}

}  // namespace ifrit::master::app
