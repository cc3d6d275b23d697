// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/audit/audit_trail.h"
#include "master/services/audit_log.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// The audit as the database holds it.
class DatabaseAuditLog final : public AuditLog {
public:
    DatabaseAuditLog(storage::Database& database, const audit::AuditTrail& trail)
        : m_database(database), m_trail(trail) {}

    absl::StatusOr<std::vector<AuditRow>> list(const AuditQuery& query) override;
    absl::StatusOr<AuditCheck> verify() override;

private:
    storage::Database& m_database;
    const audit::AuditTrail& m_trail;
};

}  // namespace ifrit::master::services
