// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/danger.h"

namespace ifrit::domain {
namespace {

constexpr std::uint64_t kWideMachines = 1'000;
constexpr std::uint64_t kWidePercent = 5;

}  // namespace

bool isWide(const Reach& reach) {
    if (reach.machines > kWideMachines) return true;
    return reach.clusterMachines != 0 &&
           reach.machines * 100 > reach.clusterMachines * kWidePercent;
}

DangerClass dangerOfDestruction(const Reach& reach) {
    return reach.production ? DangerClass::WideInProduction : DangerClass::Wide;
}

DangerClass dangerOf(ReleaseVerb verb, const Reach& reach) {
    switch (verb) {
        case ReleaseVerb::Pause:
        case ReleaseVerb::Resume:
            return DangerClass::EasilyReversed;
        case ReleaseVerb::Approve:
            // Nothing changes before somebody else starts it, and that asks by its reach.
            return DangerClass::ChangesMachines;
        case ReleaseVerb::Abort:
            // A draft: nothing has changed, and a 0 to type would be no question.
            if (reach.machines == 0) return DangerClass::ChangesMachines;
            return dangerOfDestruction(reach);
        case ReleaseVerb::PromoteAll:
        case ReleaseVerb::Rollback:
            return dangerOfDestruction(reach);
        case ReleaseVerb::Start:
        case ReleaseVerb::Verify:
        case ReleaseVerb::Promote:
        case ReleaseVerb::RetryFailed:
            break;
    }
    return isWide(reach) ? dangerOfDestruction(reach) : DangerClass::ChangesMachines;
}

std::optional<ReleaseVerb> reverseOf(ReleaseVerb verb, ReleaseState before, ReleaseState after) {
    if (verb == ReleaseVerb::Pause && before == ReleaseState::Running &&
        after == ReleaseState::Paused)
        return ReleaseVerb::Resume;
    if (verb == ReleaseVerb::Resume && before == ReleaseState::Paused &&
        after == ReleaseState::Running)
        return ReleaseVerb::Pause;
    return std::nullopt;
}

}  // namespace ifrit::domain
