// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/services/release_engine.h"
#include "shared/base/status.h"

namespace ifrit::master::services {

/// The release with its machines, as two calls of whoever looks tell it.
inline absl::StatusOr<release::Model> wholeOf(ReleaseEngine& engine, const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(const release::Head head, engine.head(id));
    release::Model out = *head;
    IFRIT_ASSIGN_OR_RETURN(const auto machines, engine.machines(id, {{}, std::nullopt, 1'000'000}));
    for (const release::MachineProgress& machine : machines)
        out.machines[machine.uuid] = machine;
    return out;
}

}  // namespace ifrit::master::services
