// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "master/services/store.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// The services' store over the cluster's database. `appendAudit` chains and stores a row in the
/// transaction that it is given (master/audit).
class DatabaseStore final : public Store {
public:
    using AppendAudit = std::function<absl::Status(storage::Transaction&, const AuditEntry&)>;

    DatabaseStore(storage::Database& database, AppendAudit appendAudit, const base::Clock& clock);

    absl::Status write(const Work& work) override;
    absl::Status read(const Work& work) override;

private:
    storage::Database& m_database;
    const AppendAudit m_appendAudit;
    const base::Clock& m_clock;
};

}  // namespace ifrit::master::services
