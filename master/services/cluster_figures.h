// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "shared/base/clock.h"

namespace ifrit::master::services {

class ClusterServices;

/// Longer than the calls of one round can take together where a database does not answer.
inline constexpr std::chrono::minutes kLongestRound{5};

/// How a master is, at one moment; for who runs it.
struct ClusterFigures {
    std::string cluster;
    std::string version;
    std::map<std::string, std::uint64_t> machinesByState;  ///< by the state's name, worst agent
    std::uint64_t offline = 0;
    std::uint64_t generation = 0;
    std::optional<std::chrono::milliseconds> staleFor;      ///< nullopt: what is served is fresh
    std::optional<std::chrono::milliseconds> cacheAwayFor;  ///< nullopt: the cache answers
    std::map<std::string, std::uint64_t> openReleases;      ///< by the state's name
    std::uint64_t removedRows = 0;              ///< of machines of old releases, by this master
    std::chrono::milliseconds pollInterval{0};  ///< that machines are told now, without jitter
    std::uint64_t waitingReports = 0;
    std::uint64_t waitingCalls = 0;
    std::uint64_t machineStreams = 0;
    /// Since the clock of its streams last turned, which waits for no database.
    std::chrono::milliseconds sinceTick{0};
    /// Since its releases, campaigns and last contacts were last seen to, which does.
    std::chrono::milliseconds sinceRound{0};
    std::chrono::milliseconds certificateFor{0};  ///< until what its port shows ends; below 0: over
    bool leads = false;                           ///< this master runs the releases
    std::string leaderAddress;  ///< of another master that does; empty: itself or nobody known
    bool stopping = false;
};

/// What the services know of it; O(machines), no database. Thread-safe.
ClusterFigures figuresOf(ClusterServices& services, base::WallTime now);

}  // namespace ifrit::master::services
