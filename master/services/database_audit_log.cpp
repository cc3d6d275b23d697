// SPDX-License-Identifier: Apache-2.0
#include "master/services/database_audit_log.h"

#include "shared/base/status.h"

namespace ifrit::master::services {

absl::StatusOr<std::vector<AuditRow>> DatabaseAuditLog::list(const AuditQuery& query) {
    const storage::AuditFilter filter{query.actor,  query.verb,  query.object,
                                      query.result, query.since, query.until};
    std::vector<storage::AuditRow> rows;
    const absl::Status read = m_database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, view.audit().list(filter, query.beforeId, query.limit));
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    std::vector<AuditRow> out;
    out.reserve(rows.size());
    for (storage::AuditRow& row : rows)
        out.push_back({row.id, std::move(row.entry), row.hash, row.previousHash});
    return out;
}

absl::StatusOr<AuditCheck> DatabaseAuditLog::verify() {
    IFRIT_ASSIGN_OR_RETURN(const auto found, m_trail.verify(m_database));
    return AuditCheck{found.rows, found.headHash, found.intact, found.firstBrokenId, found.message};
}

}  // namespace ifrit::master::services
