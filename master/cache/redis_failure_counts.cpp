// SPDX-License-Identifier: Apache-2.0
#include "master/cache/redis_failure_counts.h"

#include <algorithm>
#include <utility>

#include "master/cache/cache_keys.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"

namespace ifrit::master::cache {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPause{2'000};

std::string waitKey(const std::string& countKey) {
    return countKey + ":wait";
}

}  // namespace

RedisFailureCounts::RedisFailureCounts(const std::string& cluster, RedisOptions options,
                                       const base::Clock& clock)
    : m_prefix(keyPrefix(cluster) + "login:"), m_connector(std::move(options)), m_clock(clock) {}

std::string RedisFailureCounts::countKey(const std::string& key) const {
    return m_prefix + crypto::sha256Hex(key);
}

absl::StatusOr<RedisFailureCounts::Replies> RedisFailureCounts::tryIt(
    const std::vector<RedisConnection::Command>& commands) {
    const bool used = m_connection != nullptr;
    for (int attempt = 0;; ++attempt) {
        if (!m_connection) {
            IFRIT_ASSIGN_OR_RETURN(m_connection, m_connector.open());
        }
        auto replies = m_connection->runAll(commands);
        if (!m_connection->isLost()) return replies;
        m_connection.reset();
        // One that was idle may have been closed long ago. A failure that is counted twice for it
        // only slows a guesser down.
        if (!used || attempt > 0) return replies;
    }
}

absl::StatusOr<RedisFailureCounts::Replies> RedisFailureCounts::ask(
    const std::vector<RedisConnection::Command>& commands) {
    absl::MutexLock lock(&m_mutex);
    if (!m_away.ok() && m_clock.steadyNow() < m_askAgain) return m_away;
    auto replies = tryIt(commands);
    const bool isAway = replies.status().code() == absl::StatusCode::kUnavailable;
    m_away = isAway ? replies.status() : absl::OkStatus();
    if (isAway) m_askAgain = m_clock.steadyNow() + kPause;
    return replies;
}

absl::Status RedisFailureCounts::failed(const std::string& key, milliseconds keep,
                                        const WaitAfter& waitAfter) {
    const std::string count = countKey(key);
    IFRIT_ASSIGN_OR_RETURN(
        const auto replies,
        ask({{"INCR", count}, {"PEXPIRE", count, std::to_string(keep.count())}}));
    const auto failures = std::clamp<std::int64_t>(replies.front().number, 0, UINT32_MAX);
    const milliseconds wait = waitAfter(static_cast<std::uint32_t>(failures));
    if (wait.count() <= 0) return absl::OkStatus();
    return ask({{"SET", waitKey(count), "1", "PX", std::to_string(wait.count())}}).status();
}

absl::StatusOr<milliseconds> RedisFailureCounts::waitOf(const std::string& key) {
    IFRIT_ASSIGN_OR_RETURN(const auto replies, ask({{"PTTL", waitKey(countKey(key))}}));
    // Negative: there is none.
    return std::max(milliseconds(replies.front().number), milliseconds(0));
}

absl::Status RedisFailureCounts::forget(const std::string& key) {
    const std::string count = countKey(key);
    return ask({{"DEL", count, waitKey(count)}}).status();
}

}  // namespace ifrit::master::cache
