// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "master/app/master_files.h"
#include "master/app/stores_config.h"
#include "master/cache/failure_counts.h"
#include "master/storage/sql/sql_database.h"

namespace ifrit::master::app {

/// How the database that the configuration names is opened.
storage::sql::SqlDatabase::Options databaseOptions(const MasterFiles& files,
                                                   const StoreConfig& store);

/// The database that the configuration names; a file lies in the master's directory. `origin`: the
/// id of the master that serves from it; empty: a command beside the masters.
absl::StatusOr<std::unique_ptr<storage::sql::SqlDatabase>> openDatabase(
    const MasterFiles& files, const StoreConfig& store, storage::sql::SqlDatabase::Schema schema,
    const base::Clock& clock, const std::string& origin = {});

/// Where it is, for people.
std::string databasePlace(const MasterFiles& files, const StoreConfig& store);

/// `caKeyPem`: what all masters of a cluster have and nobody else.
std::unique_ptr<cache::StateCache> openCache(const std::string& cluster, const CacheConfig& config,
                                             const std::string& caKeyPem);
/// Where the cluster's masters count failed logins together; null: they share no cache.
std::unique_ptr<cache::FailureCounts> openFailureCounts(const std::string& cluster,
                                                        const CacheConfig& config,
                                                        const base::Clock& clock);

}  // namespace ifrit::master::app
