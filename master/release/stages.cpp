// SPDX-License-Identifier: Apache-2.0
#include "master/release/stages.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/domain/enum_names.h"

namespace ifrit::master::release {

using domain::StageKind;

bool fitsRing(const std::vector<std::uint32_t>& order, std::uint32_t ringBatches) {
    std::vector<std::uint32_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    bool fits = sorted.size() == ringBatches;
    for (std::uint32_t i = 0; fits && i < ringBatches; ++i)
        fits = sorted[i] == i + 1;
    return fits;
}

std::vector<StageKey> stagesOf(const domain::ReleaseSpec& spec, std::uint32_t ringBatches,
                               std::uint64_t number) {
    std::vector<StageKey> out;
    if (!spec.gray.empty()) out.push_back({StageKind::Gray, 0});
    if (!spec.pilot.empty()) out.push_back({StageKind::Pilot, 0});
    if (spec.batches.enabled) {
        const std::vector<std::uint32_t>& order = spec.batches.order;
        const bool hasOwn = fitsRing(order, ringBatches);
        for (std::uint32_t i = 0; i < ringBatches; ++i) {
            const auto rotated = static_cast<std::uint32_t>((number + i) % ringBatches) + 1;
            out.push_back({StageKind::Batch, hasOwn ? order[i] : rotated});
        }
    }
    out.push_back({StageKind::Full, 0});
    return out;
}

StageKey hashStageOf(const domain::ReleaseSpec& spec, std::uint32_t ringBatch) {
    if (!spec.batches.enabled) return {StageKind::Full, 0};
    return {StageKind::Batch, ringBatch};
}

std::string describe(const StageKey& stage) {
    if (stage.kind == StageKind::Batch) return fmt::format("batch {}", stage.batch);
    return std::string(domain::nameOf(stage.kind));
}

std::string describe(const domain::StageCounts& stage) {
    return describe(StageKey{stage.kind, stage.batch});
}

}  // namespace ifrit::master::release
