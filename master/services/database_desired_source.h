// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/compose/composer.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// The composer's view of the database.
class DatabaseDesiredSource final : public compose::DesiredSource {
public:
    explicit DatabaseDesiredSource(storage::Database& database) : m_database(database) {}
    absl::StatusOr<std::uint64_t> generation() override;
    absl::StatusOr<compose::DesiredRows> read() override;

private:
    storage::Database& m_database;
};

}  // namespace ifrit::master::services
