// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "master/services/clone_rule.h"

namespace ifrit::master::services {

/// Finds machines that live with one certificate, as copied images do, by the rule of clone_rule.h,
/// and refuses all but one for as long as that one is heard of. In memory: a master that was
/// restarted finds them again within a few polls. Of several masters each tells the others of the
/// runs that it hears, by what takeNews() gives, which somebody stores and reads. Thread-safe;
/// O(1), one lock of 64.
class CloneWatch {
public:
    enum class Masters { One, Several };

    /// A run that was silent for `silentAfter` has ended.
    explicit CloneWatch(std::chrono::milliseconds silentAfter, Masters masters = Masters::One)
        : m_silentAfter(silentAfter), m_masters(masters) {}

    struct Verdict {
        absl::Status status;  ///< FAILED_PRECONDITION CLONED_IDENTITY for a copy
        bool isNew = false;   ///< refused for the first time, so that it is audited once
    };
    /// From now on, since machines are told to poll less often, or more.
    void setSilentAfter(std::chrono::milliseconds silentAfter) { m_silentAfter = silentAfter; }
    Verdict admit(const std::string& uuid, const Presence& presence, base::WallTime now);

    /// What other masters have to be told, once. Nothing while nothing changes.
    struct News {
        storage::PresenceRecord row;
        bool isFirst = false;  ///< this master did not tell of the run yet
    };
    std::vector<News> takeNews();
    /// They were told, with rows that may have been changed by what was there already.
    void told(const std::vector<storage::PresenceRecord>& rows);
    /// They were not: the news comes again.
    void giveBack(const std::vector<News>& news);
    /// Tells everything again as it is heard: this master may have missed what others told.
    void tellAgain();

    /// Those of the machines that are heard here: of them it takes what other masters tell.
    std::vector<std::string> heardHere(const std::vector<std::string>& uuids);
    /// Rows that other masters wrote a moment ago, and any others of the same machines.
    void hearElsewhere(const std::vector<storage::PresenceRecord>& rows, base::WallTime now);
    /// Lets go of runs that ended and of machines that went. O(machines).
    void forget(base::WallTime now);
    /// Machines that are kept.
    std::size_t size();

private:
    static constexpr std::size_t kShards = 64;

    struct alignas(64) Shard {
        absl::Mutex mutex;
        std::unordered_map<std::uint64_t, Runs> machines ABSL_GUARDED_BY(mutex);
        std::vector<std::string> due ABSL_GUARDED_BY(mutex);  ///< each machine once
    };

    static std::uint64_t keyOf(const std::string& uuid);
    Shard& shardOf(std::uint64_t key) { return m_shards[key % kShards]; }

    std::atomic<std::chrono::milliseconds> m_silentAfter;
    const Masters m_masters;
    std::array<Shard, kShards> m_shards;
};

}  // namespace ifrit::master::services
