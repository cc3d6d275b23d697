// SPDX-License-Identifier: Apache-2.0
#include "master/app/database_audit_log.h"

#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::app {

absl::StatusOr<std::vector<services::AuditRow>> DatabaseAuditLog::list(
    const services::AuditQuery& query) {
    const storage::AuditFilter filter{query.actor,  query.verb,  query.object,
                                      query.result, query.since, query.until};
    std::vector<storage::AuditRow> rows;
    IFRIT_RETURN_IF_ERROR(m_database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, view.audit().list(filter, query.beforeId, query.limit));
        return absl::OkStatus();
    }));
    std::vector<services::AuditRow> out;
    out.reserve(rows.size());
    for (storage::AuditRow& row : rows) {
        out.push_back({row.id, std::move(row.entry), row.hash, row.previousHash});
    }
    return out;
}

absl::StatusOr<services::AuditCheck> DatabaseAuditLog::verify() {
    IFRIT_ASSIGN_OR_RETURN(const audit::AuditTrail::Verification found, m_trail.verify(m_database));
    return services::AuditCheck{found.rows, found.headHash, found.intact, found.firstBrokenId,
                                found.message};
}

}  // namespace ifrit::master::app
