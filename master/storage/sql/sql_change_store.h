// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/change_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Tables permits and freezes.
class SqlChangeStore final : public ChangeStore {
public:
    explicit SqlChangeStore(Connection& connection) : m_connection(connection) {}

    absl::Status putPermit(const release::PermitRecord& permit) override;
    absl::StatusOr<std::vector<release::PermitRecord>> permitsSince(base::WallTime after) override;
    absl::StatusOr<std::uint64_t> prunePermits(base::WallTime before) override;
    absl::Status addFreeze(const domain::FreezeMark& mark) override;
    absl::StatusOr<std::optional<FreezeRecord>> findFreeze(const std::string& id) override;
    absl::StatusOr<std::vector<domain::FreezeMark>> openFreezes() override;
    absl::StatusOr<std::uint64_t> liftFreezes(const std::string& by, const std::string& reason,
                                              base::WallTime now) override;

private:
    absl::StatusOr<std::vector<FreezeRecord>> select(const std::string& rest, const Values& values);

    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
