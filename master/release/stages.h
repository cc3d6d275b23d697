// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/domain/release.h"

namespace ifrit::master::release {

/// Which stage of a release: `batch` is the ring's batch, 0 for the other kinds.
struct StageKey {
    domain::StageKind kind = domain::StageKind::Full;
    std::uint32_t batch = 0;
    bool operator==(const StageKey&) const = default;
};

/// Whether it names each batch of the ring once. A draft's own order may be of an earlier ring.
bool fitsRing(const std::vector<std::uint32_t>& order, std::uint32_t ringBatches);

/// The stages of a release in the order that they open, full last. `ringBatches` is the cluster's
/// N, `number` the release's. An own order that does not fit the ring is as none: each machine has
/// its stage all the same. Pure.
std::vector<StageKey> stagesOf(const domain::ReleaseSpec& spec, std::uint32_t ringBatches,
                               std::uint64_t number);

/// The stage of a machine that is in neither gray list nor pilot.
StageKey hashStageOf(const domain::ReleaseSpec& spec, std::uint32_t ringBatch);

/// For people: "gray", "batch 3".
std::string describe(const StageKey& stage);
std::string describe(const domain::StageCounts& stage);

}  // namespace ifrit::master::release
