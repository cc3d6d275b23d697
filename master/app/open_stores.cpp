// SPDX-License-Identifier: Apache-2.0
#include "master/app/open_stores.h"

#include "master/cache/memory_cache.h"
#include "master/cache/redis_cache.h"
#include "master/cache/redis_failure_counts.h"
#include "shared/base/status.h"
#include "shared/crypto/hmac.h"

namespace ifrit::master::app {

using storage::sql::SqlDatabase;

SqlDatabase::Options databaseOptions(const MasterFiles& files, const StoreConfig& store) {
    SqlDatabase::Options options;
    if (store.kind == StoreConfig::Kind::Mariadb) {
        options.server = store.server;
        options.writers = store.connections / 2;
        options.readers = store.connections - options.writers;
    } else {
        options.file = files.database().string();
    }
    return options;
}

absl::StatusOr<std::unique_ptr<SqlDatabase>> openDatabase(const MasterFiles& files,
                                                          const StoreConfig& store,
                                                          SqlDatabase::Schema schema,
                                                          const base::Clock& clock,
                                                          const std::string& origin) {
    SqlDatabase::Options options = databaseOptions(files, store);
    options.schema = schema;
    // Others may serve from a server's, and follow what was changed.
    if (options.server) options.origin = origin;
    return SqlDatabase::open(options, clock);
}

std::string databasePlace(const MasterFiles& files, const StoreConfig& store) {
    if (store.kind == StoreConfig::Kind::Sqlite) return files.database().string();
    const auto place = storage::sql::mariadbPlace(store.server);
    return place.ok() ? place->shown : store.server.database;
}

std::unique_ptr<cache::StateCache> openCache(const std::string& cluster, const CacheConfig& config,
                                             const std::string& caKeyPem) {
    if (config.kind == CacheConfig::Kind::Memory) return std::make_unique<cache::MemoryCache>();
    return std::make_unique<cache::RedisCache>(cluster, config.redis,
                                               crypto::hmacSha256(caKeyPem, "ifrit cache seal"));
}

std::unique_ptr<cache::FailureCounts> openFailureCounts(const std::string& cluster,
                                                        const CacheConfig& config,
                                                        const base::Clock& clock) {
    if (config.kind == CacheConfig::Kind::Memory) return nullptr;
    return std::make_unique<cache::RedisFailureCounts>(cluster, config.redis, clock);
}

}  // namespace ifrit::master::app
