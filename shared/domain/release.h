// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/change_window.h"
#include "shared/domain/desired_state.h"
#include "shared/domain/gate_policy.h"

namespace ifrit::domain {

enum class ReleaseState { Draft, Running, Paused, Halted, RollingBack, RolledBack, Aborted, Done };

enum class ReleaseVerb {
    Start,
    Verify,
    Pause,
    Resume,
    Promote,
    PromoteAll,
    RetryFailed,
    Abort,
    Rollback,
    Approve
};

/// How one machine came out of a release. Pending is the only one that is not final.
enum class Outcome { Pending, Ok, Already, Failed, Reverted, Silent, Skipped, Aborted };

/// The gray list as asked for: any of the three, united.
struct GraySelection {
    std::vector<std::string> uuids;
    std::string pin;
    std::map<std::string, std::string> labels;  ///< all must match
    bool empty() const { return uuids.empty() && pin.empty() && labels.empty(); }
    bool operator==(const GraySelection&) const = default;
};

/// How much of every targeted machine type the pilot takes: at least `count` machines and at least
/// `percent` of them, the larger of the two. Both 0: no pilot.
struct PilotShare {
    std::uint32_t percent = 0;  ///< 0..100, rounded up to whole machines
    std::uint32_t count = 0;
    bool empty() const { return percent == 0 && count == 0; }
    bool operator==(const PilotShare&) const = default;
};

/// What opens the batch after one that is over and passed its gates.
enum class BatchAdvance {
    Auto,    ///< the master, once `interval` is over
    Promote  ///< an operator's promote
};

/// The way through the cluster's hash batches (docs/protocol.md).
struct BatchPlan {
    bool enabled = false;                   ///< false: from gray and pilot straight to full
    std::chrono::milliseconds interval{0};  ///< least time from one opening to the next
    BatchAdvance advance = BatchAdvance::Auto;
    /// A permutation of 1..N; empty: the ring's order, beginning at a batch that the release's
    /// number chooses, so that the same machines are not always first.
    std::vector<std::uint32_t> order;
    bool operator==(const BatchPlan&) const = default;
};

inline constexpr std::uint32_t kDefaultLateJoiners = 300;
inline constexpr std::uint32_t kMaxLateJoiners = 1'000'000;

/// What an operator asks for.
struct ReleaseSpec {
    std::string agent;
    DesiredAction action = DesiredAction::Install;
    std::string version;                    ///< empty for the uninstall actions
    std::vector<std::string> machineTypes;  ///< at least one
    GraySelection gray;                     ///< empty: no gray stage
    PilotShare pilot;                       ///< empty: no pilot stage
    BatchPlan batches;
    std::uint32_t maxInFlight = 0;      ///< machines between permit and outcome; 0: no limit
    std::chrono::milliseconds soak{0};  ///< least time of gray and of pilot before verify
    std::chrono::milliseconds machineDeadline{
        600'000};             ///< per machine, from opening to an outcome
    bool autoVerify = false;  ///< gray and pilot go on by themselves, soak over and gates passed
    GatePolicy gates;
    bool approvalRequired = false;  ///< by a second person, of the plan, before start
    ChangeWindows windows;          ///< when it may change machines; empty: always
    /// Machines that join or come back after their stage had opened: so many get a permit in a
    /// minute.
    std::uint32_t lateJoinersPerMinute = kDefaultLateJoiners;
    std::uint64_t downloadRate = 0;  ///< bytes a second for each machine; 0: no limit of its own
    bool operator==(const ReleaseSpec&) const = default;
};

struct StageCounts {
    StageKind kind = StageKind::Full;
    std::uint32_t batch = 0;
    std::uint32_t targeted = 0;
    std::map<Outcome, std::uint32_t> outcomes;
    std::map<GateKind, std::uint32_t> bad;  ///< machines that came out badly, by what counts them
    std::uint32_t offline = 0;              ///< left the denominator
    std::uint32_t inFlight = 0;             ///< between permit and outcome
    std::optional<base::WallTime> opened;
    std::optional<base::WallTime> closed;
    std::optional<base::WallTime> soakUntil;  ///< gray and pilot: verify not before; batch: the
                                              ///< next one opens not before
    bool operator==(const StageCounts&) const = default;
};

/// What a second person said to a plan.
struct Approval {
    std::string by;
    base::WallTime at{};
    std::string planId;
    std::string reason;
    bool operator==(const Approval&) const = default;
};

/// What last changed how a release stands: a verb, or a state that the master took by itself.
struct ReleaseChange {
    std::uint64_t revision = 0;  ///< the release's, as the change left it
    std::string what;            ///< as in the timeline: "paused"
    std::string by;              ///< empty: the master itself
    base::WallTime at{};
    bool operator==(const ReleaseChange&) const = default;
};

/// That what each machine of an old release did is not kept any more.
struct HistoryRemoval {
    base::WallTime since{};
    std::uint64_t rows = 0;               ///< removed so far
    std::optional<base::WallTime> ended;  ///< unset: it goes on
    bool operator==(const HistoryRemoval&) const = default;
};

struct Release {
    std::string id;
    std::uint64_t number = 0;  ///< what people call it, grows per cluster
    ReleaseSpec spec;
    ReleaseState state = ReleaseState::Draft;
    StageKind stage = StageKind::Gray;
    std::uint32_t batch = 0;  ///< of the current stage where that is a batch
    std::string haltReason;
    std::string createdBy;
    std::string reason;
    std::string planId;
    std::optional<Approval> approval;
    std::optional<Approval> endedApproval;  ///< of a plan that no longer holds; none since
    base::WallTime created{};
    std::optional<base::WallTime> started;
    std::optional<base::WallTime> ended;
    std::vector<StageCounts> stages;
    std::map<std::string, std::string> previousVersions;  ///< machine type -> version before
    std::uint64_t revision = 0;  ///< grows with each change; 0: a draft, or not counted
    std::optional<ReleaseChange> lastChange;  ///< unset: none, or not counted
    std::optional<HistoryRemoval> historyRemoval;
    bool operator==(const Release&) const = default;
};

}  // namespace ifrit::domain
