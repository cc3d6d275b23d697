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

absl::StatusOr<Effects> apply(Model& model, const Event& event, base::WallTime now,
                              const Conditions& conditions) {
    Transition transition(model, now, conditions);
    const absl::Status status =
        std::visit([&transition](const auto& e) { return transition.handle(e); }, event);
    IFRIT_RETURN_IF_ERROR(status);
    // A permit, or that there is none yet, decides nothing but about its machine.
    if (!std::holds_alternative<Permitted>(event) && !std::holds_alternative<Held>(event))
        transition.evaluate(std::holds_alternative<Ticked>(event));
    Effects effects = transition.takeEffects();
    if (!effects.empty()) ++model.release.revision;
    return effects;
}

}  // namespace ifrit::master::release
