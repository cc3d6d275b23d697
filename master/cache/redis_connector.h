// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <memory>

#include "master/cache/redis_connection.h"
#include "master/cache/redis_options.h"

namespace ifrit::master::cache {

/// Opens signed-in connections to the Redis that takes writes. Immutable.
class RedisConnector {
public:
    explicit RedisConnector(RedisOptions options) : m_options(std::move(options)) {}

    const RedisOptions& options() const { return m_options; }
    /// Asks the sentinels, where there are any, each time: after a failover it is another one.
    absl::StatusOr<std::unique_ptr<RedisConnection>> open() const;

private:
    using Opened = absl::StatusOr<std::unique_ptr<RedisConnection>>;

    Opened toHost(const std::string& host, int port) const;
    Opened reach() const;
    Opened reachThroughSentinels() const;
    Opened reachThroughSentinel(const std::string& address) const;
    absl::Status signIn(RedisConnection& connection) const;

    const RedisOptions m_options;
};

}  // namespace ifrit::master::cache
