// SPDX-License-Identifier: Apache-2.0
#include "master/release/verbs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "master/release/change_time.h"
#include "master/release/gate.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {
namespace {

using domain::ReleaseState;
using domain::ReleaseVerb;
using domain::StageKind;
using Refusal = std::optional<std::string>;

Refusal wrongState(const Model& model, const char* needs) {
    const ReleaseState state = model.release.state;
    if (state == ReleaseState::RollingBack)
        return fmt::format("the release is rolling back; {}", needs);
    if (state == ReleaseState::RolledBack)
        return fmt::format("the release is rolled back; {}", needs);
    if (state == ReleaseState::Draft) return fmt::format("the release is a draft; {}", needs);
    return fmt::format("the release is {}; {}", domain::nameOf(state), needs);
}

Refusal refuseStart(const Model& model) {
    if (model.release.state == ReleaseState::Draft) return {};
    return wrongState(model, "only a draft can be started");
}

Refusal refuseVerify(const Model& model, base::WallTime now) {
    if (model.release.state != ReleaseState::Running)
        return wrongState(model, "only a running release can be verified");
    const auto* stage = currentStage(model);
    if (stage == nullptr || stage->kind == StageKind::Full)
        return "full is the last stage; there is nothing to verify";
    if (stage->kind == StageKind::Batch)
        return "batches are not verified; they go on by themselves or by promote";
    const std::string waits = waitsFor(model, now);
    if (stage->soakUntil && now < *stage->soakUntil) return waits;
    if (awaitedOf(*stage) > 0) return waits;
    const auto good = [stage](domain::Outcome outcome) {
        const auto found = stage->outcomes.find(outcome);
        return found == stage->outcomes.end() ? 0U : found->second;
    };
    if (good(domain::Outcome::Ok) + good(domain::Outcome::Already) == 0)
        return fmt::format("no machine of the {} stage came out well; promote goes on regardless",
                           domain::nameOf(stage->kind));
    return {};
}

Refusal refusePromote(const Model& model) {
    if (model.release.state != ReleaseState::Running)
        return wrongState(model, "only a running release can be promoted");
    const auto* stage = currentStage(model);
    if (stage == nullptr || stage->kind == StageKind::Full)
        return "full is the last stage; there is no next one";
    return {};
}

bool isStopped(ReleaseState state) {
    return state == ReleaseState::Paused || state == ReleaseState::Halted;
}

Refusal refuseRetry(const Model& model) {
    const ReleaseState state = model.release.state;
    if (state != ReleaseState::Running && !isStopped(state))
        return wrongState(model, "machines are tried again only while a release runs");
    for (const auto& stage : model.release.stages) {
        if (badOf(stage) > 0) return {};
    }
    return "no machine failed, reverted or went silent";
}

Refusal refuseAbort(const Model& model) {
    const ReleaseState state = model.release.state;
    if (state == ReleaseState::Draft || state == ReleaseState::Running || isStopped(state))
        return {};
    if (state == ReleaseState::RollingBack)
        return "the release is rolling back; that ends by itself";
    return wrongState(model, "it has ended");
}

Refusal refuseRollback(const Model& model) {
    switch (model.release.state) {
        case ReleaseState::Running:
        case ReleaseState::Paused:
        case ReleaseState::Halted:
        case ReleaseState::Done:
            return {};
        case ReleaseState::Aborted:
            if (model.release.started) return {};
            return "the draft was never started; there is nothing to roll back";
        case ReleaseState::Draft:
            return "the release is a draft; there is nothing to roll back";
        case ReleaseState::RollingBack:
            return "the release is rolling back already";
        case ReleaseState::RolledBack:
            break;
    }
    return "the release was rolled back already";
}

Refusal refusalOfState(const Model& model, ReleaseVerb verb, base::WallTime now) {
    switch (verb) {
        case ReleaseVerb::Start:
            return refuseStart(model);
        case ReleaseVerb::Verify:
            return refuseVerify(model, now);
        case ReleaseVerb::Pause:
            if (model.release.state == ReleaseState::Running) return {};
            return wrongState(model, "only a running release can be paused");
        case ReleaseVerb::Resume:
            if (isStopped(model.release.state)) return {};
            return wrongState(model, "only a paused or halted release can be resumed");
        case ReleaseVerb::Promote:
        case ReleaseVerb::PromoteAll:
            return refusePromote(model);
        case ReleaseVerb::RetryFailed:
            return refuseRetry(model);
        case ReleaseVerb::Abort:
            return refuseAbort(model);
        case ReleaseVerb::Rollback:
            return refuseRollback(model);
        case ReleaseVerb::Approve:
            if (model.release.state == ReleaseState::Draft) return {};
            return wrongState(model, "only a draft is approved");
    }
    return "this master does not know the verb";
}

}  // namespace

bool isFrozenFor(ReleaseVerb verb, const Conditions& conditions) {
    if (conditions.freeze == nullptr) return false;
    return verb == ReleaseVerb::Start || verb == ReleaseVerb::Verify ||
           verb == ReleaseVerb::Promote || verb == ReleaseVerb::PromoteAll;
}

bool needsHistory(ReleaseVerb verb) {
    return verb == ReleaseVerb::Rollback || verb == ReleaseVerb::RetryFailed;
}

absl::Status checkHistory(const domain::Release& release) {
    if (!release.historyRemoval) return absl::OkStatus();
    return base::failedPrecondition(
        "MACHINES_PRUNED", release.id,
        "what each machine of release {} did is not kept any more; its counts, plan, timeline and "
        "audit are. To go back, release the version that is wanted",
        release.number);
}

std::optional<std::string> verbRefusal(const Model& model, ReleaseVerb verb, base::WallTime now,
                                       const Conditions& conditions) {
    if (needsHistory(verb) && model.release.historyRemoval)
        return base::messageOf(checkHistory(model.release));
    const Refusal refusal = refusalOfState(model, verb, now);
    if (refusal || !isFrozenFor(verb, conditions)) return refusal;
    return changeBarOf({}, conditions, now, Bound::FreezeOnly).message;
}

std::string refusalSentence(const Model& model, ReleaseVerb verb, const std::string& why,
                            base::WallTime now, const Conditions& conditions) {
    std::vector<std::string_view> open;
    for (const ReleaseVerb other : allVerbs()) {
        if (!verbRefusal(model, other, now, conditions)) open.push_back(domain::nameOf(other));
    }
    return fmt::format(
        "{} is refused for release {}: {}; it takes {}", domain::nameOf(verb), model.release.number,
        why,
        open.empty() ? std::string("no verb any more") : fmt::format("{}", fmt::join(open, ", ")));
}

const std::vector<ReleaseVerb>& allVerbs() {
    static const std::vector<ReleaseVerb> kVerbs = {
        ReleaseVerb::Start,       ReleaseVerb::Verify,  ReleaseVerb::Pause,
        ReleaseVerb::Resume,      ReleaseVerb::Promote, ReleaseVerb::PromoteAll,
        ReleaseVerb::RetryFailed, ReleaseVerb::Abort,   ReleaseVerb::Rollback,
        ReleaseVerb::Approve};
    return kVerbs;
}

bool isActive(ReleaseState state) {
    return state == ReleaseState::Draft || isRunning(state);
}

bool isRunning(ReleaseState state) {
    return state == ReleaseState::Running || state == ReleaseState::RollingBack || isStopped(state);
}

}  // namespace ifrit::master::release
