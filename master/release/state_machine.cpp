// SPDX-License-Identifier: Apache-2.0
#include "master/release/state_machine.h"

#include "master/release/transition.h"
#include "shared/base/status.h"

namespace ifrit::master::release {

absl::StatusOr<Effects> apply(Model& model, const Event& event, base::WallTime now) {
    Transition transition(model, now);
    const absl::Status status =
        std::visit([&transition](const auto& e) { return transition.handle(e); }, event);
    IFRIT_RETURN_IF_ERROR(status);
    // A permit decides nothing but what is in flight, and its caller stores nothing.
    if (!std::holds_alternative<Permitted>(event))
        transition.evaluate(std::holds_alternative<Ticked>(event));
    return transition.takeEffects();
}

}  // namespace ifrit::master::release
