// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gui/services/call.h"
#include "shared/domain/machine.h"
#include "shared/domain/release.h"

namespace ifrit::gui::services {

/// domain::StageCounts with what only a running stage has.
struct StageProgress {
    domain::StageCounts counts;
    std::uint32_t inFlight = 0;  ///< between permit and outcome
    std::optional<base::WallTime> soakUntil;
    bool costAccepted = false;   ///< by resume: what the agent costs there halts nothing any more
    std::uint32_t badLimit = 0;  ///< the error budget: so many bad machines the gate lets through
    /// Failed, reverted and silent machines.
    std::uint32_t bad() const;
};

/// Where a release stands.
struct SeenStage {
    domain::StageKind kind = domain::StageKind::Full;
    std::uint32_t batch = 0;
    bool operator==(const SeenStage&) const = default;
};

/// How a release stands: after which change of it, in which state.
struct SeenStanding {
    domain::ReleaseState state = domain::ReleaseState::Draft;
    std::uint64_t changeRevision = 0;
    bool operator==(const SeenStanding&) const = default;
};

struct ReleaseInfo {
    domain::Release release;                        ///< release.stages is empty: `stages` has them
    std::vector<StageProgress> stages;              ///< in their order
    std::uint32_t batch = 0;                        ///< of the current stage
    std::vector<domain::ReleaseVerb> allowedVerbs;  ///< as it and the others stand, whoever asks
    std::map<domain::ReleaseVerb, std::string> refusedVerbs;  ///< with a sentence
    /// Machines that a verb reaches, as the master counts them; empty: an older master. See below.
    std::map<domain::ReleaseVerb, std::uint64_t> reached;
    std::string waitsFor;            ///< sentence; empty: nothing
    std::optional<bool> saysPerson;  ///< the master says whether it waits for one; see below
    std::string etag;
    std::uint64_t clusterMachines = 0;  ///< of the whole cluster; 0: an older master
    bool approvalRequired = false;      ///< by the release or by the cluster
    bool changeClosed = false;          ///< windows, blackout dates or a freeze let nothing change
    std::optional<base::WallTime> opens;  ///< closed by windows: until then
    /// Done, aborted or rolled back: nothing more will happen.
    bool ended() const;
    bool allows(domain::ReleaseVerb verb) const;
    /// It runs and waits for somebody to verify or to promote. An older master does not say: then
    /// whether verify is allowed decides, which knows nothing of batches.
    bool waitsForPerson() const;
    /// Which of `stages` a verb opens, in their order; as the master has it.
    std::vector<std::size_t> openedBy(domain::ReleaseVerb verb) const;
    /// Machines with `outcome` over all stages.
    std::uint64_t count(domain::Outcome outcome) const;
    std::uint64_t targeted() const;
    /// Machines that `verb` reaches: what a person is asked for, and what the master compares. An
    /// older master compares with all machines of the release. Not for Start and Approve.
    std::uint64_t reachedBy(domain::ReleaseVerb verb) const;
    /// The current stage, for a verb that opens the next ones; unset for the others. Whoever asks
    /// for the verb has seen it, and the master refuses where another one is current.
    std::optional<SeenStage> seenFor(domain::ReleaseVerb verb) const;
    /// Unset: nothing changed it yet, or a master that does not count changes.
    std::optional<SeenStanding> standing() const;
};

struct ReleasePlan {
    struct Stage {
        domain::StageKind kind = domain::StageKind::Full;
        std::uint32_t batch = 0;
        std::map<std::string, std::uint32_t> machines;      ///< by machine type
        std::map<std::string, std::uint32_t> fromVersions;  ///< "" is not installed
        std::uint32_t changing = 0;                         ///< run another version now
        std::uint64_t bytes = 0;                            ///< that they download, at most
        std::chrono::milliseconds expectedDuration{0};      ///< of this stage alone
        std::uint32_t silent = 0;       ///< those of `changing` that follow when they are back
        std::uint64_t silentBytes = 0;  ///< of `bytes`
    };
    /// What a machine type is moved to, and from.
    struct Target {
        std::string machineType;
        domain::DesiredAction action = domain::DesiredAction::Install;
        std::string version;
        std::string manifestDigest;  ///< hex
        std::uint64_t archiveBytes = 0;
        std::optional<std::string> previousVersion;  ///< unset: nothing was settled
    };
    struct Refusal {
        std::string uuid;
        std::string reason;
        std::string message;
    };
    std::string planId;
    std::string releaseId;
    std::uint64_t generation = 0;
    std::vector<Stage> stages;
    std::vector<Refusal> refusals;  ///< at most 1,000 of refusalCount
    std::uint64_t refusalCount = 0;
    std::vector<std::string> conflicts;  ///< why start would be refused now
    std::vector<std::string> notes;      ///< what makes it slower or will hold it
    std::vector<Target> targets;
    bool approvalRequired = false;
    std::optional<domain::Approval> approval;       ///< of this plan
    std::optional<domain::Approval> endedApproval;  ///< of one that no longer holds
    std::uint64_t changing = 0;                     ///< machines that run another version now
    std::uint64_t silent = 0;       ///< those of them that follow when they are back
    std::uint64_t silentBytes = 0;  ///< of bytesTotal
    std::uint64_t bytesTotal = 0;   ///< that is downloaded, at most
    std::uint64_t machinesTotal = 0;
    std::chrono::milliseconds expectedDuration{0};
    std::uint64_t clusterMachines = 0;  ///< of the whole cluster; 0: an older master
};

struct ReleaseAct {
    Mutation mutation;
    std::string releaseId;
    domain::ReleaseVerb verb = domain::ReleaseVerb::Pause;
    std::string planId;                            ///< Start and Approve: required
    std::optional<SeenStage> seen = std::nullopt;  ///< ReleaseInfo::seenFor() of what was shown
    /// The verb only makes sense while the release stands so: ABORTED (RELEASE_CHANGED) otherwise,
    /// with services::changeSinceOf().
    std::optional<SeenStanding> standing = std::nullopt;
};

struct ReleaseQuery {
    std::string agent;  ///< empty: all
    bool onlyRunning = false;
    PageRequest page;
};

struct ReleaseMachine {
    std::string uuid;
    domain::StageKind stage = domain::StageKind::Full;
    std::uint32_t batch = 0;
    domain::Outcome outcome = domain::Outcome::Pending;
    std::string reason;   ///< normalized name
    std::string message;  ///< the machine's own sentence
    std::string fromVersion;
    std::string runningVersion;
    domain::MachineState state = domain::MachineState::Unknown;
    std::string step;
    std::optional<base::WallTime> since;
    std::optional<base::WallTime> deadline;
    std::optional<domain::ResourceSample> before;  ///< when its stage opened
    std::optional<domain::ResourceSample> sample;  ///< now
    bool late = false;  ///< it joined or came back after its stage had opened
};

struct ReleaseMachinesQuery {
    std::string releaseId;
    std::optional<domain::Outcome> outcome;  ///< unset: all
    PageRequest page;
};

struct TimelineEntry {
    base::WallTime at{};
    std::string what;
    std::string actor;
    std::string message;
};

/// Releases of the cluster. `releaseId` is the id, or the number in decimal. Contract:
/// gui/services/call.h.
class ReleaseService {
public:
    virtual ~ReleaseService() = default;
    /// Makes a draft.
    virtual CallHandle create(const domain::ReleaseSpec& spec, const Mutation& mutation,
                              Reply<ReleaseInfo> reply) = 0;
    virtual CallHandle plan(const std::string& releaseId, Reply<ReleasePlan> reply) = 0;
    /// FAILED_PRECONDITION: its state does not allow the verb, or what its machines did is not kept
    /// any more; ABORTED: plan or count changed, or the release moved on to another stage, or
    /// stands otherwise than was seen.
    virtual CallHandle act(const ReleaseAct& request, Reply<ReleaseInfo> reply) = 0;
    virtual CallHandle get(const std::string& releaseId, Reply<ReleaseInfo> reply) = 0;
    /// Newest first.
    virtual CallHandle list(const ReleaseQuery& query, Reply<Page<ReleaseInfo>> reply) = 0;
    /// FAILED_PRECONDITION (MACHINES_PRUNED): see domain::HistoryRemoval.
    virtual CallHandle machines(const ReleaseMachinesQuery& query,
                                Reply<Page<ReleaseMachine>> reply) = 0;
    virtual CallHandle timeline(const std::string& releaseId, const PageRequest& page,
                                Reply<Page<TimelineEntry>> reply) = 0;
    /// The release now and whenever it changes; `ended` with OK after a final state was told. What
    /// is older than revision `atLeast`, as another master may still have it, is not told.
    virtual CallHandle watch(const std::string& releaseId, std::uint64_t atLeast,
                             StreamObserver<ReleaseInfo> observer) = 0;
};

}  // namespace ifrit::gui::services
