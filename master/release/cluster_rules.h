// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "shared/domain/change_window.h"
#include "shared/domain/freeze_mark.h"

namespace ifrit::master::release {

/// So many machines, or percent of the cluster, may change in a sliding window.
struct ChangeCap {
    std::uint32_t machines = 0;  ///< 0: `percent` says it
    std::uint32_t percent = 0;   ///< 1..100, rounded down, at least one machine
    std::chrono::milliseconds window{3'600'000};
    /// In machines.
    std::uint64_t limit(std::uint64_t clusterMachines) const;
    bool operator==(const ChangeCap&) const = default;
};

/// Rules of the master's configuration, over what any release says.
struct ClusterRules {
    bool requireApproval = false;
    domain::ChangeWindows blackouts;  ///< without weekly windows
    std::optional<ChangeCap> cap;
    /// So long after a release has ended is what each of its machines did kept; 0: for ever.
    std::chrono::hours keepHistory{400 * 24};
    bool operator==(const ClusterRules&) const = default;
};

/// What holds for the whole cluster at the moment of an event. Neither is owned.
struct Conditions {
    const ClusterRules* rules = nullptr;         ///< null: none
    const domain::FreezeMark* freeze = nullptr;  ///< null: not frozen
};

}  // namespace ifrit::master::release
