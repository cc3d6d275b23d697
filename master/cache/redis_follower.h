// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "master/cache/redis_connector.h"

namespace ifrit::master::cache {

/// A thread that hears of changes as they are published, and asks for the generation besides: a
/// notice is lost where the connection is.
class RedisFollower {
public:
    struct Parts {
        const RedisConnector& connector;
        std::string channel;
        std::function<absl::StatusOr<std::uint64_t>()> ask;
        std::function<void(std::uint64_t)> tell;  ///< on the thread; only of another number
    };

    explicit RedisFollower(Parts parts);
    ~RedisFollower();
    RedisFollower(const RedisFollower&) = delete;
    RedisFollower& operator=(const RedisFollower&) = delete;

private:
    void run();
    void follow(RedisConnection& connection);
    void heard(std::uint64_t generation);
    bool waits(std::chrono::milliseconds time) const;

    const Parts m_parts;
    const int m_wakeup;  ///< an eventfd
    std::atomic<bool> m_stopping{false};
    std::uint64_t m_told = 0;  ///< of the thread alone
    std::thread m_thread;
};

}  // namespace ifrit::master::cache
