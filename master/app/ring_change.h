// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

struct RingRequest {
    std::uint32_t batches = 0;
    std::string reason;
    bool dryRun = false;  ///< only says what it would move
};

struct RingChange {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint64_t machines = 0;
    std::uint64_t moved = 0;  ///< to another batch
};

/// Gives the cluster another number of batches; the ring's seed and virtual nodes stay, so that
/// about 1/N of the machines change theirs (docs/protocol.md). While masters are stopped: each
/// of them keeps the ring that it began with. FAILED_PRECONDITION: RELEASE_IN_BATCHES, a release
/// that has begun moves by batches; MASTERS_RUN, a master wrote its sign of life within
/// `watchFor`, which `wait` lets pass where one is in the list.
absl::StatusOr<RingChange> changeRing(storage::Database& database, const RingRequest& request,
                                      const base::Clock& clock, std::chrono::milliseconds watchFor,
                                      const std::function<void(std::chrono::milliseconds)>& wait);

}  // namespace ifrit::master::app
