// SPDX-License-Identifier: Apache-2.0
#include "master/release/state_machine.h"

#include "master/release/transition.h"
#include "shared/base/status.h"

namespace ifrit::master::release {

absl::StatusOr<Effects> apply(Model& model, const Event& event, base::WallTime now,
                              const Conditions& conditions) {
    Transition transition(model, now, conditions);
    const absl::Status status =
        std::visit([&transition](const auto& e) { return transition.handle(e); }, event);
    IFRIT_RETURN_IF_ERROR(status);
    // A permit, or that there is none yet, decides nothing but about its machine.
    if (!std::holds_alternative<Permitted>(event) && !std::holds_alternative<Held>(event))
        transition.evaluate(std::holds_alternative<Ticked>(event));
    return transition.takeEffects();
}

}  // namespace ifrit::master::release
