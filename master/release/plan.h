// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "master/release/model.h"
#include "master/release/state_machine.h"
#include "shared/domain/preflight_rules.h"

namespace ifrit::master::release {

/// A machine as the plan sees it.
struct PlanMachine {
    domain::MachineFacts facts;
    std::optional<domain::AgentReport> report;  ///< of the release's agent
    bool offline = false;
    std::uint32_t ringBatch = 1;  ///< 1..ringBatches
    std::uint64_t reportMark = 0;
    std::optional<Target> pinned = {};  ///< by a gray entry that wins over the settled one
    std::optional<domain::PreflightRefusal> refusal = {};  ///< of the target, by what is known
    bool isFull = false;  ///< the agent would be one more than it can tell of
};

/// Everything that a plan is made of, read at one moment.
struct PlanInput {
    const domain::Release* release = nullptr;
    std::vector<PlanMachine> machines;  ///< of the release's types
    std::map<std::string, Target> targets;
    std::map<std::string, std::uint64_t> archiveBytes;            ///< by machine type
    std::map<std::string, std::chrono::milliseconds> probations;  ///< by machine type, where known
    std::map<std::string, std::optional<Target>> previous;
    std::vector<std::string> conflicts;  ///< sentences that the caller found
    base::WallTime newestStamp{};
    std::uint64_t generation = 0;
    std::chrono::milliseconds pollInterval{30'000};
    std::uint32_t ringBatches = 1;  ///< N of the cluster's ring
    base::WallTime now{};
    const ClusterRules* rules = nullptr;  ///< null: none
    std::uint64_t clusterMachines = 0;    ///< of every type
    std::uint64_t changedInWindow = 0;    ///< machines that the cap counts already
};

struct PlanStage {
    domain::StageKind kind = domain::StageKind::Full;
    std::uint32_t batch = 0;
    std::map<std::string, std::uint32_t> machines;      ///< by type
    std::map<std::string, std::uint32_t> fromVersions;  ///< "" is not installed
    std::uint32_t changing = 0;                         ///< run another version now
    std::uint64_t bytes = 0;                            ///< that they download, at most
    std::uint32_t silent = 0;       ///< those of `changing` that are offline: they follow later
    std::uint64_t silentBytes = 0;  ///< of `bytes`
    std::chrono::milliseconds expectedDuration{0};  ///< of this stage alone
};

struct PlanRefusal {
    std::string uuid;
    std::string reason;
    std::string message;
};

struct Plan {
    std::string id;  ///< digest of what start would do
    std::uint64_t generation = 0;
    std::uint64_t clusterMachines = 0;  ///< of every type
    std::vector<PlanStage> stages;
    std::vector<PlanRefusal> refusals;  ///< what would fail first
    std::vector<std::string> conflicts;
    std::vector<std::string> notes;  ///< what makes it slower or will hold it
    /// At most: who has the version or its archive on the disk already downloads nothing, and no
    /// master hears of that.
    std::uint64_t bytesTotal = 0;
    std::uint64_t changing = 0;     ///< machines that run another version now
    std::uint64_t silent = 0;       ///< those of them that are offline: they follow later
    std::uint64_t silentBytes = 0;  ///< of bytesTotal
    std::map<std::string, std::uint64_t> archiveBytes;  ///< by machine type
    bool approvalRequired = false;
    std::optional<domain::Approval> approval;       ///< of this plan
    std::optional<domain::Approval> endedApproval;  ///< of one that no longer holds
    std::chrono::milliseconds expectedDuration{0};
    StartInput start;  ///< what runs when it is started
};

/// What a release knows of a machine before it touches it; without its place.
MachineProgress progressOf(const PlanMachine& machine, const Target& target);

/// Pure. The id covers machines with their stage and current version, targets and what a rollback
/// would restore; not who is offline, which changes by the minute.
Plan makePlan(const PlanInput& input);

}  // namespace ifrit::master::release
