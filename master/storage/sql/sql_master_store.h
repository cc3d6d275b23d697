// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/master_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Tables leases, masters and changes.
class SqlMasterStore final : public MasterStore {
public:
    explicit SqlMasterStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<LeaseRecord> lease() override;
    absl::Status putLease(const LeaseRecord& lease) override;
    absl::StatusOr<std::vector<MemberRecord>> list() override;
    absl::Status put(const MemberRecord& member) override;
    absl::Status erase(const std::string& id) override;
    absl::StatusOr<std::vector<ChangeRecord>> changesAfter(std::uint64_t after,
                                                           std::size_t limit) override;
    absl::StatusOr<ChangeSpan> changeSpan() override;
    absl::StatusOr<std::uint64_t> pruneChanges(std::uint64_t sequence) override;

private:
    Connection& m_connection;
};

/// Writes what the transaction noted, as changes of `origin`. The last statement before the commit:
/// the shorter a number is taken and not committed, the less others wait for it.
absl::Status writeChanges(Connection& connection, const std::string& origin);

}  // namespace ifrit::master::storage::sql
