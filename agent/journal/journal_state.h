// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/process_id.h"
#include "shared/base/clock.h"
#include "shared/domain/desired_state.h"
#include "shared/domain/known_bad_clear.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::journal {

struct InstalledVersion {
    std::string version;
    std::string digest;  ///< of the signed manifest, hex
    bool operator==(const InstalledVersion&) const = default;
};

enum class Operation { Install, Upgrade, Uninstall };

/// Where an install, upgrade or uninstall stands. `position` belongs to the module that runs it:
/// the last step that is known to be complete, or about to be done, as that module defines.
struct StepInProgress {
    Operation operation = Operation::Install;
    std::string position;     ///< [a-z0-9-]+
    InstalledVersion target;  ///< of an uninstall the version alone, for people
    bool purge = false;       ///< uninstall: the data directory too
    std::string releaseId;
    std::uint32_t attempt = 0;
    base::WallTime started{};
    std::optional<base::WallTime> deadline;  ///< e.g. the end of the probation
    bool operator==(const StepInProgress&) const = default;
};

/// A version that was put back or failed for good: not tried again until an operator clears it.
struct KnownBad {
    InstalledVersion version;
    std::string reason;
    base::WallTime at{};
    bool operator==(const KnownBad&) const = default;
};

/// The process that was started last for an agent, to be adopted after a restart of ifrit-agent.
struct RunningProcess {
    platform::ProcessId process;
    InstalledVersion version;
    base::WallTime started{};
    std::string address;  ///< of the machine, that it was started with; empty: it does not use it
    bool operator==(const RunningProcess&) const = default;
};

/// Attempts to reach one version, for the back-off between them.
struct Attempts {
    std::string digest;
    std::uint32_t count = 0;
    std::optional<base::WallTime> nextRetry;
    /// Of ifrit-agent: trials that ended without a master, which may have been the master's fault.
    std::uint32_t unreachedTrials = 0;
    bool operator==(const Attempts&) const = default;
};

struct AgentRecord {
    std::optional<InstalledVersion> current;
    /// The version that proved itself last before `current`: where a revert leads to.
    std::optional<InstalledVersion> previous;
    /// Digest of the version whose probation ended without a verdict; see isUnproved().
    std::string unproved;
    /// The release that made `current` what it is; another one that wants the same finds it
    /// "already".
    std::string releaseId;
    std::optional<StepInProgress> step;
    std::optional<RunningProcess> process;
    std::optional<Attempts> attempts;
    std::optional<domain::AgentError> lastError;
    std::vector<KnownBad> knownBad;  ///< newest last, the oldest drop out over kMaxKnownBad
    bool operator==(const AgentRecord&) const = default;

    /// `current` has not passed its probation: it is not what a later revert leads to.
    bool isUnproved() const { return current && !unproved.empty() && current->digest == unproved; }
    /// Forgets bad versions and their failed attempts, so that they are tried again; how many.
    /// `digest` empty: all.
    std::size_t forgetBad(const std::string& digest);
    bool isKnownBad(const std::string& digest) const;
    void addKnownBad(KnownBad bad);
};

/// An event that no master has acknowledged yet.
struct SpooledEvent {
    std::uint64_t sequence = 0;
    domain::MachineEvent event;
    bool operator==(const SpooledEvent&) const = default;
};

/// All that ifrit-agent remembers of its machine.
struct JournalState {
    std::map<std::string, AgentRecord> agents;  ///< by agent name
    /// By agent name, and kept when the agent goes: packages with a lower index are not taken
    /// again (Manifest::withdrawsBelow of those that proved themselves here).
    std::map<std::string, std::uint64_t> withdrawnBelow;
    std::optional<domain::DesiredState> desired;  ///< the last that a master gave
    /// Clears with an id that the last answer named: they were obeyed, and are not again.
    std::vector<domain::KnownBadClear> obeyedClears;
    /// Where this machine was enrolled last, which is where `desired` is of: the cluster's name and
    /// its CA's digest. Empty in files of before it was kept.
    std::string cluster;
    std::string reportStream;          ///< ReportDelta.stream_id, made once, random
    std::uint64_t reportSequence = 0;  ///< highest number that a report may have had
    std::uint64_t nextEventSequence = 1;
    std::uint64_t droppedEvents = 0;   ///< lost because the spool, or what waits for it, was full
    std::vector<SpooledEvent> events;  ///< oldest first, at most kMaxSpooledEvents
    bool operator==(const JournalState&) const = default;

    /// Gives it the next sequence number; over the bound the oldest event is dropped and counted.
    void addEvent(domain::MachineEvent event);
    /// Never goes back; 0 changes nothing.
    void withdrawBelow(const std::string& agent, std::uint64_t index);
    /// Of another cluster than before: its masters number their desired states anew, so nothing of
    /// theirs is older than what is held. The entries stay until one of them has answered.
    void joinCluster(const std::string& name);
    /// Forgets the events up to and including this sequence number.
    void acknowledgeEvents(std::uint64_t upTo);
};

inline constexpr std::size_t kMaxSpooledEvents = 500;
inline constexpr std::size_t kMaxKnownBad = 20;

}  // namespace ifrit::agent::journal
