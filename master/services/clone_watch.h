// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "shared/base/clock.h"

namespace ifrit::master::services {

/// Who speaks with a machine's certificate: one run of ifrit-agent.
struct Presence {
    std::uint64_t instance = 0;  ///< random; 0: not watched
    bool moved = false;          ///< by its own word on another host than the one that enrolled
    std::string address;         ///< where the call came from
};

/// Finds two machines that live with one certificate, as copied images do: runs of ifrit-agent
/// follow each other, so one that another has followed never speaks again, unless both live. The
/// one that runs on the host that enrolled is kept, else the one that was there first; the other
/// is refused for as long as the first is heard of. In memory only: a master that was restarted
/// finds them again within a few polls. What says itself that it is on another host waits until the
/// former has ended. Thread-safe; O(1), one lock of 64.
class CloneWatch {
public:
    /// A run that was silent for `silentAfter` has ended.
    explicit CloneWatch(std::chrono::milliseconds silentAfter) : m_silentAfter(silentAfter) {}

    struct Verdict {
        absl::Status status;  ///< FAILED_PRECONDITION CLONED_IDENTITY for a copy
        bool isNew = false;   ///< refused for the first time, so that it is audited once
    };
    Verdict admit(const std::string& uuid, const Presence& presence, base::WallTime now);

private:
    static constexpr std::size_t kShards = 64;

    struct Voice {
        std::uint64_t instance = 0;
        base::WallTime lastSeen{};
        bool moved = false;
    };
    struct Rival {
        Voice voice;
        std::string holderAddress;  ///< as of the holder's last word beside the rival
        bool holderReturned = false;
        bool isRefused = false;
    };
    struct Slot {
        Voice holder;
        std::unique_ptr<Rival> rival;  ///< few machines have one at a time
    };
    struct alignas(64) Shard {
        absl::Mutex mutex;
        std::unordered_map<std::uint64_t, Slot> slots ABSL_GUARDED_BY(mutex);
    };

    Verdict heard(Slot& slot, const std::string& uuid, const Presence& presence,
                  base::WallTime now) const;

    const std::chrono::milliseconds m_silentAfter;
    std::array<Shard, kShards> m_shards;
};

}  // namespace ifrit::master::services
