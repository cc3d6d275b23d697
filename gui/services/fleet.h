// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gui/services/call.h"
#include "gui/services/master_load.h"
#include "shared/domain/change_window.h"
#include "shared/domain/desired_state.h"
#include "shared/domain/machine.h"

namespace ifrit::gui::services {

struct VersionCount {
    std::string agent;
    std::string version;
    std::uint64_t machines = 0;
};

/// A master that has not said that it goes by the freeze.
struct UnconfirmedMaster {
    std::string address;
    std::string why;  ///< UNREACHABLE, UNIMPLEMENTED, UNANSWERED, or the reason that it gave
};

/// All change in the cluster is stopped.
struct ClusterFreeze {
    std::string by;
    std::string reason;
    base::WallTime at{};
    bool recorded = false;  ///< false: the master holds it until its database is back
    /// Of the other masters; the answering one asks them again.
    std::vector<UnconfirmedMaster> unconfirmed = {};
    /// It is on no disk: a restart of the master forgets it.
    bool isForgottenByRestart = false;
};

/// Rules of the master's configuration for every release.
struct ClusterRules {
    bool requireApproval = false;
    domain::ChangeWindows blackouts;  ///< without weekly windows
    std::uint64_t maxChange = 0;      ///< machines in a window; 0: no limit
    std::uint64_t changed = 0;        ///< of them, in the window that ends now
    std::chrono::milliseconds maxChangeWindow{0};
};

/// One cluster as its master sees it.
struct ClusterSummary {
    std::string name;
    std::string kind;  ///< "development", "test" or "production"
    std::string serverVersion;
    std::uint64_t generation = 0;
    std::uint64_t machines = 0;
    std::map<domain::MachineState, std::uint64_t> machinesByState;  ///< worst state of each machine
    std::uint64_t offline = 0;
    std::uint32_t ringBatches = 0;
    std::uint64_t ringSeed = 0;
    std::uint32_t ringVirtualNodes = 0;
    std::optional<base::WallTime> staleSince;  ///< served from the last composed state since then
    std::uint32_t runningReleases = 0;
    std::vector<std::string> features;
    std::vector<VersionCount> versions;
    base::WallTime serverTime{};
    std::vector<std::string> machineTypes;
    std::optional<ClusterFreeze> freeze;  ///< unset: not frozen
    ClusterRules rules;
};

/// One machine for look-ups and small lists.
struct MachineInfo {
    domain::MachineFacts facts;
    base::WallTime firstSeen{};
    base::WallTime lastSeen{};
    bool offline = false;
    std::uint32_t batch = 0;  ///< 0: not on the ring
    std::vector<domain::AgentReport> agents;
    domain::ResourceSample ifritSample;
    domain::MachineState state = domain::MachineState::Unknown;  ///< worst of its agents
    std::string etag;
};

struct MachineList {
    Page<MachineInfo> page;
    std::uint64_t matching = 0;
    std::uint64_t total = 0;
    std::uint64_t generation = 0;
};

/// Agents of a MachineColumns, machine by machine. Arrays of one length; strings are indices.
struct AgentColumns {
    std::vector<std::uint32_t> agent;
    std::vector<std::uint32_t> runningVersion;
    std::vector<std::uint32_t> desiredVersion;
    std::vector<domain::MachineState> state;
    std::vector<std::uint32_t> step;
    std::vector<std::uint32_t> error;
    std::vector<std::uint32_t> errorReason;
    std::vector<std::int64_t> sinceMs;
    std::vector<std::uint32_t> cpuCentipercent;
    std::vector<std::uint64_t> rssBytes;
    std::vector<std::uint32_t> restarts;
    std::vector<std::uint32_t> releaseId;
};

/// Machines as columns: all arrays have one length, every index is inside the string table (the
/// implementation has checked both), agentCount sums up to the length of `agents`.
struct MachineColumns {
    std::vector<std::string> uuid;
    std::vector<std::uint32_t> address;
    std::vector<std::uint32_t> machineType;
    std::vector<std::uint32_t> pin;
    std::vector<std::uint32_t> labels;  ///< "k=v,k=v", keys sorted
    std::vector<domain::MachineState> state;
    std::vector<std::int64_t> lastSeenMs;
    std::vector<std::uint8_t> offline;
    std::vector<std::uint32_t> batch;
    std::vector<std::uint32_t> hostname;
    std::vector<std::uint32_t> ifritVersion;
    std::vector<std::uint32_t> agentCount;
    AgentColumns agents;
    std::size_t size() const { return uuid.size(); }
};

/// One step of the machine stream, to be applied in this order: begin, strings, upserts, removals,
/// end. The string table lives as long as the watch: it begins with "" at index 0, grows by
/// newStrings, and begins anew (only "") with snapshotBegins. It also survives a broken stream.
struct MachinesUpdate {
    bool snapshotBegins = false;  ///< forget all rows and strings
    std::vector<std::string> newStrings;
    MachineColumns upserts;  ///< new or changed rows, whole
    std::vector<std::string> removedUuids;
    bool snapshotEnds = false;
    std::uint64_t generation = 0;
    std::uint64_t total = 0;  ///< rows expected in the snapshot
    std::int64_t serverTimeMs = 0;
};

/// Why a machine does not run what it should.
struct HeldBack {
    std::string agent;    ///< empty: all that it runs
    std::string reason;   ///< stable: CLUSTER_FROZEN, OUTSIDE_WINDOW, GENERATION_BACKWARDS...
    std::string message;  ///< for people
    std::optional<base::WallTime> opens;
};

struct Explanation {
    std::string uuid;
    std::uint64_t generation = 0;
    std::vector<domain::ExplainedEntry> entries;  ///< by agent, the chosen one of each first
    std::uint64_t heldGeneration = 0;  ///< 0: it holds none, or this master does not know
    bool holdsEntries = false;         ///< what it holds is what the entries say
    std::vector<HeldBack> heldBack = {};
};

struct ManagedAgentInfo {
    std::string name;
    std::map<std::string, std::string> settledVersions;  ///< machine type to version
    std::vector<VersionCount> running;
    std::uint64_t machines = 0;
    std::uint32_t packages = 0;
};

struct ClearKnownBad {
    Mutation mutation;
    std::vector<std::string> uuids;
    std::string agent;
    std::string manifestDigest;  ///< hex; empty: every bad version of the agent
};

/// Machines that are gone, out of the cluster.
struct RemoveMachines {
    Mutation mutation;
    std::vector<std::string> uuids;  ///< at most kMachinesAtOnce
    bool force = false;              ///< also those that are alive
};
inline constexpr std::size_t kMachinesAtOnce = 1'000;

struct RemovedMachines {
    std::uint64_t machines = 0;
    std::uint64_t certificates = 0;  ///< that were revoked with them
};

struct LogTailQuestion {
    Mutation mutation;
    std::string uuid;
    std::string agent;
    std::uint32_t maxBytes = 0;  ///< 0: as much as there is to be had
};

struct LogTail {
    std::string text;  ///< as the program wrote it: any bytes
    base::WallTime at{};
};

/// Cluster, machines and agents. Contract: gui/services/call.h.
class FleetService {
public:
    virtual ~FleetService() = default;
    virtual CallHandle getCluster(Reply<ClusterSummary> reply) = 0;
    /// Stops all change, also while the master's database is away.
    virtual CallHandle freeze(const Mutation& mutation, Reply<ClusterSummary> reply) = 0;
    virtual CallHandle unfreeze(const Mutation& mutation, Reply<ClusterSummary> reply) = 0;
    /// How the masters bear their machines, the one that is connected first; samples that ended at
    /// most `within` ago, 0: the whole hour. UNIMPLEMENTED: it is too old to tell.
    virtual CallHandle listMasterLoads(std::chrono::milliseconds within,
                                       Reply<MasterLoads> reply) = 0;
    /// All machines, then what changes, in batches of at most 10 deliveries a second. `filter` is
    /// the grammar of the machines view; empty: all. Resumes after a break, without a new snapshot
    /// where the master still knows what changed.
    virtual CallHandle watchMachines(const std::string& filter,
                                     StreamObserver<MachinesUpdate> observer) = 0;
    virtual CallHandle listMachines(const std::string& filter, const PageRequest& page,
                                    Reply<MachineList> reply) = 0;
    virtual CallHandle getMachine(const std::string& uuid, Reply<MachineInfo> reply) = 0;
    /// Why this version; empty `agent`: all agents.
    virtual CallHandle explain(const std::string& uuid, const std::string& agent,
                               Reply<Explanation> reply) = 0;
    /// Newest first.
    virtual CallHandle events(const std::string& uuid, const PageRequest& page,
                              Reply<Page<domain::MachineEvent>> reply) = 0;
    virtual CallHandle listAgents(Reply<std::vector<ManagedAgentInfo>> reply) = 0;
    /// Answers the number of machines that may try again.
    virtual CallHandle clearKnownBad(const ClearKnownBad& request, Reply<std::uint64_t> reply) = 0;
    /// All or none. FAILED_PRECONDITION (MACHINE_ALIVE): one was heard of a moment ago.
    virtual CallHandle removeMachines(const RemoveMachines& request,
                                      Reply<RemovedMachines> reply) = 0;
    /// The end of an agent's log, from the machine itself. Leaves an audit row.
    virtual CallHandle tailLog(const LogTailQuestion& question, Reply<LogTail> reply) = 0;
};

}  // namespace ifrit::gui::services
