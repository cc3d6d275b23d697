// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "master/rpc/gatekeeper.h"
#include "master/rpc/push_stream.h"
#include "master/rpc/worker_pool.h"
#include "master/services/identities.h"
#include "shared/base/clock.h"

namespace ifrit::master::rpc {

/// The streams of machines and operators, to end those whose certificate or token was revoked or
/// expired after they were admitted: a stream is admitted once and may stand for days. And to let
/// no machine take them from the others. Thread-safe; machines are spread over shards, and a poll
/// takes a lock, of one shard, only where there is no room.
class OpenStreams final : public Ticked, public std::enable_shared_from_this<OpenStreams> {
public:
    /// `mostMachines` may hold a stream at once.
    OpenStreams(services::Identities& identities, WorkerPool& workers, const base::Clock& clock,
                std::size_t mostMachines)
        : m_identities(identities),
          m_workers(workers),
          m_clock(clock),
          m_mostMachines(mostMachines) {}

    /// A machine has a Watch, some downloads, and as many again of a connection that broke and
    /// whose end was not noticed yet. More are those of a broken machine.
    static constexpr std::size_t kMostOfAMachine = 16;

    /// A desktop has a few of each master that it looks at, and an operator a few desktops and
    /// programs. Each stream of machines holds the names of the whole fleet.
    static constexpr std::size_t kMostOfAnOperator = 64;
    static constexpr std::size_t kMostOfOperators = 512;

    /// What a stream is for: one that stands for as long as it may, or one that ends by itself.
    enum class Use { Standing, Passing };
    /// RESOURCE_EXHAUSTED, with when to come again: TOO_MANY_STREAMS, that many of the machine's or
    /// operator's stand; STREAM_BUDGET, a standing one of a machine for which there is no room, or
    /// any of an operator where operators have kMostOfOperators. UNAVAILABLE (MASTER_STOPPING) for
    /// a standing one after endStanding().
    absl::Status add(const Principal& caller, std::weak_ptr<Endable> stream, Use use);
    /// The machine holds a stream, or there is room for one more that does. Who may not is told to
    /// close its connection between polls. O(1). What a machine held is its own until the next
    /// look, a second later.
    bool mayHold(const std::string& uuid) const;
    /// Asks for every stream once a second; O(streams). On the ticker's thread: for machines at
    /// once, from memory, for operators on the worker pool, since the database says who they are.
    void tick() override;
    /// This master stops: ends what would stand until the last moment of its drain, so that whoever
    /// holds it goes to another master at once, and lets in no more of the kind.
    void endStanding();
    /// Those of machines, as of the last tick.
    std::size_t count() const;

private:
    static constexpr std::size_t kShards = 64;

    struct Held {
        services::SignedIn who;  ///< of a machine: its uuid
        std::weak_ptr<Endable> stream;
        Use use = Use::Standing;
    };
    using Streams = std::vector<std::shared_ptr<const Held>>;
    using Refused = std::vector<std::pair<std::shared_ptr<Endable>, absl::Status>>;
    struct alignas(64) Shard {
        mutable absl::Mutex mutex;
        /// Who has a place, with its streams.
        std::unordered_map<std::string, Streams> machines ABSL_GUARDED_BY(mutex);
    };

    absl::Status addOfOperator(std::shared_ptr<const Held> held);
    absl::Status addOfMachine(std::shared_ptr<const Held> held, Use use);
    /// False: there is no room for one more.
    bool takePlace(Use use);
    /// Those that stand, without the machines that hold none any more.
    Streams standingIn(Shard& shard);
    Refused refusedMachines();
    absl::Status judge(const services::SignedIn& machine, base::WallTime now) const;
    void checkOperators() ABSL_LOCKS_EXCLUDED(m_operatorsMutex);
    Shard& shardOf(const std::string& uuid) {
        return m_shards[std::hash<std::string>()(uuid) % kShards];
    }
    const Shard& shardOf(const std::string& uuid) const {
        return m_shards[std::hash<std::string>()(uuid) % kShards];
    }

    services::Identities& m_identities;
    WorkerPool& m_workers;
    const base::Clock& m_clock;
    const std::size_t m_mostMachines;
    base::SteadyTime m_asked{};  ///< of the ticker's thread alone
    std::atomic<bool> m_isStopping{false};
    std::atomic<bool> m_isAsking{false};   ///< a slow database is asked once at a time
    std::atomic<std::size_t> m_places{0};  ///< machines of all shards
    std::array<Shard, kShards> m_shards;
    absl::Mutex m_operatorsMutex;
    Streams m_operators ABSL_GUARDED_BY(m_operatorsMutex);
};

}  // namespace ifrit::master::rpc
