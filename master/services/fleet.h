// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/container/btree_set.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "master/services/held_machine.h"
#include "master/services/records.h"
#include "shared/domain/hash_ring.h"

namespace ifrit::master::services {

/// What is known of a machine from its durable reports. Immutable; a report makes a new one.
struct MachineRecord {
    HeldMachine stored;       ///< `lastSeen` as of this record; MachineView has the newest
    std::uint32_t batch = 0;  ///< on the ring
};

/// Desired state as a machine holds it; zeros: none, or that is not known here.
struct HeldState {
    std::uint64_t generation = 0;
    std::uint64_t etag = 0;
};

struct MachineView {
    std::shared_ptr<const MachineRecord> record;
    base::WallTime lastSeen{};
    bool offline = false;
    std::chrono::milliseconds poll{0};  ///< how soon it was told to come; 0: not known
    HeldState held = {};                ///< with its last poll, where this master heard that
};

/// How long a machine may say nothing.
struct Silence {
    static constexpr int kMissed = 3;  ///< polls

    std::chrono::milliseconds after;    ///< where it was told to come each `poll`
    std::chrono::milliseconds poll{0};  ///< the shortest that is given
    std::chrono::milliseconds back{0};  ///< the shortest after an absence of the masters
    /// kMissed polls of those that it was told of.
    std::chrono::milliseconds of(std::chrono::milliseconds given) const {
        return given > poll ? after + kMissed * (given - poll) : after;
    }
};

/// All machines of the cluster in memory, so that a sync and a list touch no database. Thread-safe;
/// machines are spread over shards, and no lock is held by all calls.
class Fleet {
public:
    /// Beyond it, or where one shard has its whole share, what changed is not kept for those who
    /// ask. A shard's share is twice of what an even spread gives it of the journal.
    static constexpr std::size_t kMostPending = 400'000;

    explicit Fleet(std::shared_ptr<const domain::HashRing> ring);

    /// Replaces everything; at start. Who was silent at `asOf` is offline.
    void load(const std::vector<StoredMachine>& machines, base::WallTime asOf,
              const Silence& silence);
    /// Notes that the machine polled here, with `held`, and is told to come again after `poll`.
    /// nullopt: unknown. O(1).
    std::optional<MachineView> touch(const std::string& uuid, base::WallTime now,
                                     std::chrono::milliseconds poll = {}, HeldState held = {});
    std::optional<MachineView> find(const std::string& uuid) const;
    /// The uuids after `uuid` (empty: from the first), in their order; fewer than `most`: there are
    /// no more. O(most + log n).
    std::vector<SharedText> namesAfter(const std::string& uuid, std::size_t most) const;
    /// Every machine, in no order; O(n).
    std::vector<MachineView> all() const;
    std::size_t size() const;
    const domain::RingSpec& ring() const { return m_ring->spec(); }

    /// Takes a machine that enrolled. True: it was not known.
    bool enrol(const domain::MachineFacts& facts, base::WallTime now);
    /// Takes a durable report and returns the machine as it is now.
    MachineView apply(const MachineReport& report);
    /// Takes a machine as another master stored it. The caller sees to it that no own report is
    /// applied between the reading of it and this (ReportWriter::Parts::order).
    struct Followed {
        MachineView view;
        bool isNew = false;
    };
    Followed follow(const StoredMachine& machine, base::WallTime now);
    /// Last contacts with whichever master; none goes back, and one from the future is now.
    void heardElsewhere(const std::vector<storage::LastSeen>& seen, base::WallTime now);
    /// Who is not offline is given its polls from now on: there was no master that could hear them.
    /// When they were heard last stays as it was.
    void forgive(base::WallTime now);
    void remove(const std::string& uuid);

    /// Machines that became silent or came back since the last sweep.
    std::vector<MachineView> sweep(base::WallTime now, const Silence& silence);
    /// The longest that a machine was told to stay away which was not silent at the last sweep, or
    /// when all were loaded.
    std::chrono::milliseconds longestPoll() const { return m_longestPoll; }
    /// Who polls this master, and not another one: machines now, polls since the start. O(1).
    struct Heard {
        std::uint64_t machines = 0;
        std::uint64_t polls = 0;
    };
    Heard heard() const;
    /// Last contacts since the last call, to be written in bulk.
    std::vector<storage::LastSeen> takeSeen();
    /// Those could not be written: they come again with the next call.
    void giveBackSeen(const std::vector<storage::LastSeen>& seen);

    /// Machines that changed since `after`, each once, and the sequence to go on from. nullopt:
    /// that is too long ago, or more changed than is kept; read all. A machine whose last contact
    /// alone moved counts once per 5 s.
    struct Changes {
        std::uint64_t sequence = 0;
        std::vector<SharedText> uuids;
    };
    std::optional<Changes> changesSince(std::uint64_t after);
    /// Where the changes are now.
    std::uint64_t lastSequence();
    /// Changes that nobody asked for yet; at most kMostPending.
    std::size_t pendingChanges() const;
    /// Random per process: a resume token of another run is not understood.
    const std::string& epoch() const { return m_epoch; }

private:
    static constexpr std::size_t kShards = 64;
    static constexpr std::size_t kJournalLimit = kMostPending / 2;
    static constexpr std::size_t kShardLimit = kMostPending / kShards;

    struct Slot {
        std::shared_ptr<const MachineRecord> record;
        base::WallTime lastSeen{};
        base::WallTime journalled{};  ///< last contact that watchers were told
        bool offline = false;
        bool seenDirty = false;
        bool isHere = false;       ///< this master heard it last
        std::uint32_t pollMs = 0;  ///< MachineView::poll
        HeldState held;
    };
    struct NameHash {
        using is_transparent = void;
        std::size_t operator()(const std::string& name) const noexcept {
            return std::hash<std::string>()(name);
        }
        std::size_t operator()(const SharedText& name) const noexcept {
            return std::hash<std::string>()(name.get());
        }
    };
    struct alignas(64) Shard {
        mutable absl::Mutex mutex;
        std::unordered_map<SharedText, Slot, NameHash, std::equal_to<>> slots
            ABSL_GUARDED_BY(mutex);
        std::vector<SharedText> changed ABSL_GUARDED_BY(mutex);
        /// There were more changes than are kept; until somebody asks, no others are.
        bool hasLost ABSL_GUARDED_BY(mutex) = false;
        Heard heard ABSL_GUARDED_BY(mutex);

        void setHere(Slot& slot, bool isHere) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
        void heardByAnother(Slot& slot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
        void note(const SharedText& uuid) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
    };

    Shard& shardOf(const std::string& uuid);
    /// The machine's place, which is there from then on.
    std::pair<const SharedText, Slot>& place(Shard& shard, const std::string& uuid)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);
    const Shard& shardOf(const std::string& uuid) const;
    static MachineView viewOf(const Slot& slot);
    void collectChanges() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_journalMutex);

    const std::shared_ptr<const domain::HashRing> m_ring;
    const std::string m_epoch;
    std::atomic<base::WallTime> m_forgiven{base::WallTime()};  ///< silence counts from here
    std::atomic<std::chrono::milliseconds> m_longestPoll{std::chrono::milliseconds(0)};
    std::array<Shard, kShards> m_shards;
    /// Taken within a shard's, so that both know the same machines.
    mutable absl::Mutex m_namesMutex;
    absl::btree_set<SharedText, std::less<>> m_names ABSL_GUARDED_BY(m_namesMutex);
    absl::Mutex m_journalMutex;
    std::deque<SharedText> m_journal ABSL_GUARDED_BY(m_journalMutex);
    std::uint64_t m_journalEnd ABSL_GUARDED_BY(m_journalMutex) = 1;
};

/// The worst state over its agents, the machine's own silence included.
domain::MachineState worstState(const MachineView& view);
/// Which of the machine's reports the record comes from; never 0, and of 63 bits.
std::uint64_t reportMark(const MachineRecord& record);
/// A missing report: the agent is not on the machine.
std::optional<domain::AgentReport> reportOf(const MachineRecord& record, const std::string& agent);

}  // namespace ifrit::master::services
