// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "master/cache/redis_options.h"
#include "master/storage/sql/place.h"
#include "shared/config/environment.h"
#include "shared/config/toml_section.h"

namespace ifrit::master::app {

/// `[store]`: where the truth is.
struct StoreConfig {
    enum class Kind { Sqlite, Mariadb };
    Kind kind = Kind::Sqlite;  ///< a file in the master's directory
    storage::sql::MariadbServer server;
    std::string passwordFile;
    std::size_t connections = 4;  ///< half of them write
};

/// `[cache]`: where composed state is kept for other masters.
struct CacheConfig {
    enum class Kind { Memory, Redis };
    Kind kind = Kind::Memory;  ///< this master's own
    cache::RedisOptions redis;
    std::string passwordFile;
    std::string sentinelPasswordFile;
};

/// Problems are those of `top`.
void readStore(config::TomlSection& top, StoreConfig& store);
void readCache(config::TomlSection& top, CacheConfig& cache);

/// Passwords: of IFRIT_STORE_PASSWORD and IFRIT_CACHE_PASSWORD, else of the files. INVALID_ARGUMENT
/// (CONFIG_INVALID) for a file that cannot be read, or that others than its owner can read. Where
/// each is from goes to `origins`.
absl::Status readPasswords(StoreConfig& store, CacheConfig& cache, config::GetVariable get,
                           config::Origins& origins);

/// As in the file, without a password.
std::string printStore(const StoreConfig& store);
std::string printCache(const CacheConfig& cache);

}  // namespace ifrit::master::app
