// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/audit_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Tables audit_rows and audit_head.
class SqlAuditStore final : public AuditStore {
public:
    explicit SqlAuditStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<AuditHead> head() override;
    absl::Status append(const AuditRow& row) override;
    absl::StatusOr<std::vector<AuditRow>> read(std::uint64_t afterId, std::size_t limit) override;
    absl::StatusOr<std::vector<AuditRow>> list(const AuditFilter& filter, std::uint64_t beforeId,
                                               std::size_t limit) override;

private:
    absl::StatusOr<std::vector<AuditRow>> select(const std::string& rest, const Values& values);

    Connection& m_connection;
};

/// Table requests.
class SqlRequestStore final : public RequestStore {
public:
    explicit SqlRequestStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::optional<RequestRecord>> find(const std::string& actor,
                                                      const std::string& requestId) override;
    absl::Status put(const std::string& actor, const std::string& requestId,
                     const RequestRecord& record, base::WallTime now) override;
    absl::StatusOr<std::uint64_t> prune(base::WallTime before) override;

private:
    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
