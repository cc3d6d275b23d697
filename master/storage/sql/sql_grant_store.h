// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/grant_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Table grants.
class SqlGrantStore final : public GrantStore {
public:
    explicit SqlGrantStore(Connection& connection) : m_connection(connection) {}

    absl::Status add(const GrantRecord& grant) override;
    absl::StatusOr<std::optional<GrantRecord>> find(const std::string& id) override;
    absl::StatusOr<std::vector<GrantRecord>> list() override;
    absl::StatusOr<std::vector<GrantRecord>> listOf(const std::string& operatorName) override;
    absl::Status erase(const std::string& id) override;
    absl::StatusOr<std::uint64_t> eraseOf(const std::string& operatorName) override;
    absl::StatusOr<std::uint64_t> prune(base::WallTime before) override;

private:
    absl::StatusOr<std::vector<GrantRecord>> select(const std::string& rest, const Values& values);

    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
