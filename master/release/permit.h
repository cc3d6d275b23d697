// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "master/release/model.h"

namespace ifrit::master::release {

/// What a machine asks right before it switches.
struct PermitQuestion {
    std::string uuid;
    std::string agent;
    std::string releaseId;
    std::string version;
    std::string digest;  ///< empty for an uninstall
};

struct PermitAnswer {
    bool granted = false;
    std::chrono::milliseconds validFor{0};
    std::string reason;   ///< stable name where refused
    std::string message;  ///< for people
    std::chrono::milliseconds retryAfter{0};
};

/// What a permit needs of a release, running or ended.
struct Standing {
    domain::ReleaseState state = domain::ReleaseState::Done;
    base::WallTime standingStamp{};
    std::uint32_t inFlight = 0;     ///< machines between permit and outcome
    std::uint32_t maxInFlight = 0;  ///< 0: no limit
};

/// Machines between permit and outcome over all stages.
std::uint32_t inFlightOf(const domain::Release& release);

inline constexpr std::chrono::seconds kPermitValidFor{60};
inline constexpr std::chrono::seconds kPermitRetryAfter{5};

/// Pure. `chosen`: the entry that the machine's desired state names for the agent, as served, which
/// may be older than the last commit; `standing` and `machine` (null: not in the release) are as
/// committed and decide. `standing` nullopt: no such release.
PermitAnswer decidePermit(const PermitQuestion& question,
                          const std::optional<domain::DesiredEntry>& chosen,
                          const std::optional<Standing>& standing, const MachineProgress* machine);

}  // namespace ifrit::master::release
