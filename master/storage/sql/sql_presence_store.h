// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "master/storage/presence_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Table presences.
class SqlPresenceStore final : public PresenceStore {
public:
    explicit SqlPresenceStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::vector<PresenceRecord>> findAll(
        const std::vector<std::string>& uuids) override;
    absl::Status put(const std::vector<PresenceRecord>& rows) override;
    absl::Status erase(const std::vector<PresenceRecord>& rows) override;

private:
    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
