// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/audit/audit_trail.h"
#include "master/services/store.h"
#include "master/storage/database.h"

namespace ifrit::master::app {

/// The services' view of the database. Thread-safe as the database is.
class DatabaseStore final : public services::Store {
public:
    /// Both outlive it.
    DatabaseStore(storage::Database& database, const audit::AuditTrail& trail);

    absl::Status write(const Work& work) override;
    absl::Status read(const Work& work) override;

private:
    storage::Database& m_database;
    const audit::AuditTrail& m_trail;
};

}  // namespace ifrit::master::app
