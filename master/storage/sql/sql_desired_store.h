// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "master/storage/desired_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Table desired_rows and the counter "generation".
class SqlDesiredStore final : public DesiredStore {
public:
    explicit SqlDesiredStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<compose::DesiredRows> rows() override;
    absl::StatusOr<std::map<std::string, DesiredUse>> uses() override;
    absl::StatusOr<std::uint64_t> generation() override;
    absl::StatusOr<std::uint64_t> nextGeneration() override;
    absl::Status edit(const release::DesiredEdit& edit) override;
    absl::Status editAll(const std::vector<release::DesiredEdit>& edits) override;

private:
    absl::Status put(const std::vector<compose::DesiredRow>& rows);
    absl::Status eraseOfMachines(const std::vector<std::string>& uuids);

    Connection& m_connection;
};

/// The counter's value; and one more than it was.
absl::StatusOr<std::uint64_t> readCounter(Connection& connection, const char* name);
absl::StatusOr<std::uint64_t> advanceCounter(Connection& connection, const char* name);

}  // namespace ifrit::master::storage::sql
