// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "master/release/change_time.h"
#include "master/release/gate.h"
#include "master/release/stages.h"
#include "master/release/verbs.h"
#include "shared/base/wording.h"

namespace ifrit::master::release {
namespace {

using domain::ReleaseState;
using domain::StageKind;

constexpr char kMachines[] = "machines";

/// To whole seconds, upwards: what is about to open does not open in 0 s.
std::string lengthOf(base::WallTime::duration duration) {
    return base::sayDuration(std::chrono::ceil<std::chrono::seconds>(duration));
}

struct Wait {
    std::string sentence;
    bool forPerson = false;
};

Wait waitsInBatch(const Model& model, const domain::StageCounts& stage, base::WallTime now) {
    if (model.release.spec.batches.advance == domain::BatchAdvance::Promote)
        return {fmt::format("{} is over; waits for an operator to promote", describe(stage)), true};
    if (stage.soakUntil && now < *stage.soakUntil)
        return {fmt::format("the stage after {} opens in {}", describe(stage),
                            lengthOf(*stage.soakUntil - now))};
    return {};
}

Wait waitsInStage(const Model& model, const domain::StageCounts& stage, base::WallTime now) {
    const std::uint32_t awaited = awaitedOf(stage);
    if (awaited > 0) {
        return {fmt::format("waits for {} of {} of the {} stage", awaited,
                            base::countOf(stage.targeted, kMachines), describe(stage))};
    }
    if (stage.kind == StageKind::Batch) return waitsInBatch(model, stage, now);
    if (stage.soakUntil && now < *stage.soakUntil)
        return {fmt::format("soaks for another {}", lengthOf(*stage.soakUntil - now))};
    if (stage.targeted == 0)
        return {fmt::format("the {} stage has no machine; waits for an operator to promote",
                            describe(stage)),
                true};
    if (denominatorOf(stage) == 0)
        return {fmt::format("no machine of the {} stage is reachable", describe(stage))};
    if (!model.release.spec.autoVerify) return {"waits for an operator to verify", true};
    return {};
}

std::string waitsInDraft(const Model& model, const Conditions& conditions) {
    const domain::Release& release = model.release;
    const bool required = release.spec.approvalRequired ||
                          (conditions.rules != nullptr && conditions.rules->requireApproval);
    if (required && !release.approval && release.endedApproval) {
        return fmt::format("waits for a new approval: the plan that {} approved no longer holds",
                           release.endedApproval->by);
    }
    if (required && !release.approval) {
        return fmt::format("waits for the approval of a second person, other than {}",
                           release.createdBy);
    }
    if (!release.approval) return "waits to be started";
    return fmt::format("approved by {}; waits to be started", release.approval->by);
}

Wait waitOf(const Model& model, base::WallTime now, const Conditions& conditions) {
    const auto* stage = currentStage(model);
    const bool windows = model.release.state == ReleaseState::Running;
    const ChangeBar bar = changeBarOf(model.release.spec.windows, conditions, now,
                                      windows ? Bound::WindowsToo : Bound::FreezeOnly);
    if (bar.closed() && isRunning(model.release.state)) return {bar.message};
    switch (model.release.state) {
        case ReleaseState::Draft:
            return {waitsInDraft(model, conditions)};
        case ReleaseState::Paused:
            return {"paused; waits for resume, abort or rollback"};
        case ReleaseState::Halted:
            return {"halted; waits for retry-failed, resume, abort or rollback"};
        case ReleaseState::RollingBack:
            return {"waits for machines to run what they ran before"};
        case ReleaseState::Running:
            if (stage == nullptr) return {};
            if (stage->kind != StageKind::Full) return waitsInStage(model, *stage, now);
            return {fmt::format("waits for {} of {}", awaitedOf(*stage),
                                base::countOf(stage->targeted, kMachines))};
        default:
            return {};
    }
}

}  // namespace

const domain::StageCounts* currentStage(const Model& model) {
    if (model.stageIndex >= model.release.stages.size()) return nullptr;
    return &model.release.stages[model.stageIndex];
}

std::string waitsFor(const Model& model, base::WallTime now, const Conditions& conditions) {
    return waitOf(model, now, conditions).sentence;
}

bool waitsForPerson(const Model& model, base::WallTime now, const Conditions& conditions) {
    return waitOf(model, now, conditions).forPerson;
}

}  // namespace ifrit::master::release
