// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/audit/audit_trail.h"
#include "master/services/audit_log.h"
#include "master/storage/database.h"

namespace ifrit::master::app {

/// The audit as operators read it. Thread-safe.
class DatabaseAuditLog final : public services::AuditLog {
public:
    /// Both outlive it.
    DatabaseAuditLog(storage::Database& database, const audit::AuditTrail& trail)
        : m_database(database), m_trail(trail) {}

    absl::StatusOr<std::vector<services::AuditRow>> list(
        const services::AuditQuery& query) override;
    absl::StatusOr<services::AuditCheck> verify() override;

private:
    storage::Database& m_database;
    const audit::AuditTrail& m_trail;
};

}  // namespace ifrit::master::app
