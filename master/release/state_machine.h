// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "master/release/cluster_rules.h"
#include "master/release/model.h"
#include "master/release/stages.h"

namespace ifrit::master::release {

/// Everything resolved, exactly as the plan showed it.
struct StartInput {
    std::string planId;
    std::vector<StageKey> stages;                      ///< in their order; the last one is full
    std::map<std::string, std::uint64_t> pilotLimits;  ///< by machine type; without a pilot empty
    std::map<std::string, Target> targets;
    std::map<std::string, std::optional<Target>> previous;
    std::vector<MachineProgress> machines;  ///< stage, fromVersion, running*, offline, knownBad set
    base::WallTime newestStamp{};           ///< of the agent's standing entries
};

/// An operator's verb. `start` for START alone.
struct VerbGiven {
    domain::ReleaseVerb verb = domain::ReleaseVerb::Pause;
    std::string actor;
    std::string reason;
    std::optional<StartInput> start;
    std::string planId = {};  ///< APPROVE: the plan that is approved
    /// ROLLBACK: rolledBackSince(), whose entries have to lose against this one's.
    std::optional<base::WallTime> rolledBackSince = {};
};

/// A machine's durable report. nullopt: the agent is not on the machine. Stored ones come again
/// after a restart and when a machine is back: `mark` tells them from new ones, and is the same for
/// the same report. 0: always new.
struct Reported {
    std::string uuid;
    std::optional<domain::AgentReport> report;
    std::uint64_t mark = 0;
};

struct PresenceChanged {
    std::string uuid;
    bool offline = false;
};

/// A machine that enrolled after the release had started. `gray`: the release's pin or labels
/// select it. `ringBatch`: where the ring puts it.
struct Joined {
    MachineProgress machine;
    bool gray = false;
    std::uint32_t ringBatch = 0;
};

struct Removed {
    std::string uuid;
};

/// A permit was given to it.
struct Permitted {
    std::string uuid;
};

/// It asked for a permit and has to wait for a limit that is not its own doing.
struct Held {
    std::string uuid;
};

/// A draft's plan is this one now: the approval of another one ends.
struct PlanChanged {
    std::string planId;
};

struct Ticked {};

/// The clock by which all else is told was set, ahead (`by` > 0) or back, or stood still with its
/// whole machine: no time went by in between.
struct ClockSet {
    std::chrono::milliseconds by{0};
};

/// No master turned this release for so long (none ran, or their database kept nothing): time went
/// by in which nobody was permitted anything and nobody was heard.
struct StoodStill {
    std::chrono::milliseconds by{0};
    /// From now on: who is not heard in it is silent.
    std::chrono::milliseconds hearIn{0};
    /// The clock was set meanwhile, as ClockSet tells; no part of `by`.
    std::chrono::milliseconds clockSet{0};
};

/// Each machine of the open stages that is not silent was heard since it stood still.
struct AllHeard {};

using Event = std::variant<VerbGiven, Reported, PresenceChanged, Joined, Removed, Permitted, Held,
                           PlanChanged, Ticked, ClockSet, StoodStill, AllHeard>;

/// The state machine: a pure function of model, event and time; the model is changed in place. An
/// error (FAILED_PRECONDITION with the sentence of verbRefusal()) leaves it as it was; only verbs
/// return one. Every state that is not final has a deadline, which Ticked enforces.
absl::StatusOr<Effects> apply(Model& model, const Event& event, base::WallTime now,
                              const Conditions& conditions = {});

// Deadlines that nobody sets by hand.
inline constexpr std::chrono::hours kDraftDeadline{30 * 24};
/// Paused, halted or waiting for verify: then every machine stays as it is (abort).
inline constexpr std::chrono::hours kOperatorDeadline{7 * 24};
/// Costs are compared this often, and before each stage that opens by itself.
inline constexpr std::chrono::seconds kCostInterval{5};
/// A machine has this many deadlines of reachable time from the opening of its stage on, however
/// often it leaves and returns.
inline constexpr int kMachineDeadlines = 3;
/// Nothing was allowed to change for so long, or a stage was open for so long whatever it waited
/// for: then every machine stays as it is (abort).
inline constexpr std::chrono::hours kClosedDeadline{30 * 24};
inline constexpr std::chrono::hours kStageDeadline{90 * 24};

}  // namespace ifrit::master::release
