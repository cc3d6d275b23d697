// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <string>
#include <vector>

#include "master/cache/failure_counts.h"
#include "master/cache/redis_connector.h"
#include "shared/base/clock.h"

namespace ifrit::master::cache {

/// Counts in the Redis that the masters of a cluster share, under `login:` of the cluster's prefix.
/// A key is there as its digest: what people type as their name may be their password. Time is
/// Redis' own, so that the masters' clocks may differ. A Redis that is away is asked again after
/// two seconds: nobody who signs in waits for it several times over.
class RedisFailureCounts final : public FailureCounts {
public:
    RedisFailureCounts(const std::string& cluster, RedisOptions options, const base::Clock& clock);

    absl::Status failed(const std::string& key, std::chrono::milliseconds keep,
                        const WaitAfter& waitAfter) override;
    absl::StatusOr<std::chrono::milliseconds> waitOf(const std::string& key) override;
    absl::Status forget(const std::string& key) override;

private:
    using Replies = std::vector<RedisReply>;
    absl::StatusOr<Replies> ask(const std::vector<RedisConnection::Command>& commands)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    absl::StatusOr<Replies> tryIt(const std::vector<RedisConnection::Command>& commands)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    std::string countKey(const std::string& key) const;

    const std::string m_prefix;
    const RedisConnector m_connector;
    const base::Clock& m_clock;
    absl::Mutex m_mutex;
    std::unique_ptr<RedisConnection> m_connection ABSL_GUARDED_BY(m_mutex);
    absl::Status m_away ABSL_GUARDED_BY(m_mutex);  ///< why it was, until m_askAgain
    base::SteadyTime m_askAgain ABSL_GUARDED_BY(m_mutex){};
};

}  // namespace ifrit::master::cache
