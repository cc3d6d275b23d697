// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "master/release/change_time.h"
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
    /// Refused for a limit that others fill: the machine's deadline does not run.
    bool held = false;
};

/// A limit on how many machines get a permit in a sliding window.
struct Quota {
    std::uint64_t limit = 0;
    std::uint64_t used = 0;  ///< distinct machines in the window that ends now
    bool counted = false;    ///< this machine is one of them
    base::WallTime next{};   ///< full: when the oldest of them leaves it
    std::chrono::milliseconds window{0};
    bool isFull() const { return !counted && used >= limit; }
};

/// What holds beside the release's own state. Default: no limits.
struct PermitLimits {
    base::WallTime now{};
    ChangeBar bar;              ///< windows and freeze; of the freeze alone for one that goes back
    std::optional<Quota> late;  ///< for a machine that came late
    std::optional<Quota> cap;   ///< for a machine that changes its version
    bool isFull = false;        ///< the agent would be one more than the machine can tell of
};

/// What a permit needs of a release, running or ended.
struct Standing {
    domain::ReleaseState state = domain::ReleaseState::Done;
    base::WallTime standingStamp{};
    std::uint32_t inFlight = 0;     ///< machines between permit and outcome
    std::uint32_t maxInFlight = 0;  ///< 0: no limit
};

/// Counts them anew from the machines: what an earlier version stored may be wrong.
void recountInFlight(Model& model);
/// Machines between permit and outcome over all stages.
std::uint32_t inFlightOf(const domain::Release& release);

inline constexpr std::chrono::seconds kPermitValidFor{60};
inline constexpr std::chrono::seconds kPermitRetryAfter{5};
inline constexpr std::chrono::seconds kFrozenRetryAfter{30};
/// Of a machine that joined or came back late; the rate is per minute.
inline constexpr std::chrono::minutes kLateWindow{1};

/// Pure. `chosen`: the entry that the machine's desired state names for the agent, as served, which
/// may be older than the last commit; `standing` and `machine` (null: not in the release) are as
/// committed and decide. `standing` nullopt: no such release.
PermitAnswer decidePermit(const PermitQuestion& question,
                          const std::optional<domain::DesiredEntry>& chosen,
                          const std::optional<Standing>& standing, const MachineProgress* machine,
                          const PermitLimits& limits = {});

}  // namespace ifrit::master::release
