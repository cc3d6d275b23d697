// SPDX-License-Identifier: Apache-2.0
#include "master/release/state_machine.h"

#include "master/release/transition.h"
#include "shared/base/status.h"

namespace ifrit::master::release {

void Effects::append(const Effects& later) {
    desired.insert(desired.end(), later.desired.begin(), later.desired.end());
    timeline.insert(timeline.end(), later.timeline.begin(), later.timeline.end());
    machines.insert(later.machines.begin(), later.machines.end());
    clearKnownBad.insert(later.clearKnownBad.begin(), later.clearKnownBad.end());
    releaseChanged = releaseChanged || later.releaseChanged;
}

namespace {

/// How the release stands changed by the event itself, by what it led to, or not at all. The note
/// that says so: a verb's is its first, a state's the last before nothing more happens.
const TimelineNote* changeOf(const Event& event, const std::vector<TimelineNote>& notes,
                             std::size_t ofEvent, bool stateMoved, bool stateMovedLater) {
    if (notes.empty()) return nullptr;
    if (stateMovedLater) return &notes.back();
    if (ofEvent == 0) return nullptr;
    if (std::holds_alternative<VerbGiven>(event)) return &notes.front();
    return stateMoved ? &notes[ofEvent - 1] : nullptr;
}

}  // namespace

absl::StatusOr<Effects> apply(Model& model, const Event& event, base::WallTime now,
                              const Conditions& conditions) {
    Transition transition(model, now, conditions);
    const domain::ReleaseState before = model.release.state;
    const absl::Status status =
        std::visit([&transition](const auto& e) { return transition.handle(e); }, event);
    IFRIT_RETURN_IF_ERROR(status);
    const domain::ReleaseState given = model.release.state;
    const std::size_t ofEvent = transition.effects().timeline.size();
    // A permit, or that there is none yet, decides nothing but about its machine.
    if (!std::holds_alternative<Permitted>(event) && !std::holds_alternative<Held>(event))
        transition.evaluate(std::holds_alternative<Ticked>(event));
    Effects effects = transition.takeEffects();
    if (!effects.empty()) ++model.release.revision;
    const TimelineNote* const change =
        changeOf(event, effects.timeline, ofEvent, given != before, model.release.state != given);
    if (change != nullptr) {
        model.release.lastChange =
            domain::ReleaseChange{model.release.revision, change->what, change->actor, change->at};
    }
    return effects;
}

}  // namespace ifrit::master::release
