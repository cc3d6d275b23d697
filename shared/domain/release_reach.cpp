// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/release_reach.h"

#include <algorithm>

namespace ifrit::domain {
namespace {

using Stages = std::vector<StageCounts>;

/// Index of the first stage after those that have opened.
std::size_t nextOf(const Stages& stages) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        if (stages[i].opened) next = i + 1;
    }
    return next;
}

/// Those that have no outcome: one that was removed has.
std::uint64_t waitingIn(const StageCounts& stage) {
    std::uint64_t out = stage.targeted;
    for (const auto& [outcome, machines] : stage.outcomes) {
        if (outcome != Outcome::Pending) out -= std::min<std::uint64_t>(out, machines);
    }
    return out;
}

/// A batch without machines makes nobody wait: the next one opens with it.
bool passes(const StageCounts& stage, const BatchPlan& batches) {
    return stage.kind == StageKind::Batch && stage.targeted == 0 &&
           batches.advance == BatchAdvance::Auto;
}

bool opensStages(ReleaseVerb verb) {
    return verb == ReleaseVerb::Verify || verb == ReleaseVerb::Promote ||
           verb == ReleaseVerb::PromoteAll;
}

std::uint64_t badIn(const StageCounts& stage) {
    std::uint64_t out = 0;
    for (const auto& [outcome, machines] : stage.outcomes) {
        if (outcome == Outcome::Failed || outcome == Outcome::Reverted ||
            outcome == Outcome::Silent)
            out += machines;
    }
    return out;
}

}  // namespace

std::vector<std::size_t> openedBy(ReleaseVerb verb, const Stages& stages,
                                  const BatchPlan& batches) {
    const bool all = verb == ReleaseVerb::PromoteAll;
    if (!opensStages(verb)) return {};
    std::vector<std::size_t> out;
    for (std::size_t i = nextOf(stages); i < stages.size(); ++i) {
        out.push_back(i);
        if (!all && !passes(stages[i], batches)) break;
    }
    return out;
}

std::uint64_t reachedIn(ReleaseVerb verb, const StageCounts& stage) {
    switch (verb) {
        case ReleaseVerb::Verify:
        case ReleaseVerb::Promote:
        case ReleaseVerb::PromoteAll:
            return waitingIn(stage);
        case ReleaseVerb::RetryFailed:
            return badIn(stage);
        case ReleaseVerb::Rollback:
            return stage.opened ? stage.targeted : 0;
        case ReleaseVerb::Abort:
        case ReleaseVerb::Pause:
        case ReleaseVerb::Resume:
            return stage.targeted;
        case ReleaseVerb::Start:
        case ReleaseVerb::Approve:
            break;
    }
    return 0;
}

std::uint64_t reachedBy(ReleaseVerb verb, const Stages& stages, const BatchPlan& batches) {
    std::uint64_t out = 0;
    if (opensStages(verb)) {
        for (const std::size_t i : openedBy(verb, stages, batches))
            out += reachedIn(verb, stages[i]);
        return out;
    }
    for (const StageCounts& stage : stages)
        out += reachedIn(verb, stage);
    return out;
}

}  // namespace ifrit::domain
