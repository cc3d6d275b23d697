// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::domain {

/// What one managed agent on one machine is doing (docs/operations.md). Silent is the master's
/// verdict, never reported by a machine.
enum class MachineState {
    Unknown,
    Scheduled,
    WaitingPermit,
    Downloading,
    Verifying,
    Installing,
    Watching,
    Healthy,
    Degraded,
    Failed,
    Reverted,
    Silent,
    Already,
    NotApplicable,
    Unmanaged
};

enum class Integrity { Unknown, Intact, Repaired, Damaged };

/// Who was heard of since is alive, and is removed only by force. Longer than masters need to tell
/// each other of a contact, and than a machine is away that is started anew.
inline constexpr std::chrono::minutes kAliveFor{15};

/// What is known of the machine itself; sent at enrolment and when it changes.
struct MachineFacts {
    std::string uuid;
    std::string machineType;
    std::string pin;
    std::map<std::string, std::string> labels;
    std::string address;  ///< primary address as the machine sees it
    std::string hostname;
    std::string kernel;
    std::string libc;
    std::string architecture;
    std::string ifritVersion;
    bool operator==(const MachineFacts&) const = default;
};

struct ResourceSample {
    double cpuPercent = 0;  ///< of one core, mean since the last sample
    std::uint64_t rssBytes = 0;
    bool operator==(const ResourceSample&) const = default;
};

struct AgentError {
    std::string reason;   ///< stable name, e.g. "PROBE_FAILED"
    std::string message;  ///< sentence
    std::string step;
    std::uint32_t attempt = 0;
    base::WallTime at{};
    bool operator==(const AgentError&) const = default;
};

/// Reported state of one managed agent.
struct AgentReport {
    std::string agent;
    std::string runningVersion;  ///< empty: not running
    std::string runningDigest;
    std::string desiredVersion;
    std::string desiredDigest;
    std::string releaseId;  ///< of the desired entry that this state is about
    MachineState state = MachineState::Unknown;
    std::string step;  ///< sentence fragment for people, e.g. "downloading 62 %"
    std::uint32_t attempt = 0;
    std::int32_t pid = 0;
    std::uint32_t restarts = 0;
    bool crashLooping = false;
    base::WallTime since{};
    std::optional<base::WallTime> nextRetry;
    std::optional<base::WallTime> deadline;
    std::optional<AgentError> lastError;
    ResourceSample sample;
    Integrity integrity = Integrity::Unknown;
    std::string integrityNote;          ///< why it is not Intact, for people
    std::vector<std::string> knownBad;  ///< manifest digests not tried again
    bool operator==(const AgentReport&) const = default;
};

/// Something that happened on a machine, kept until acknowledged.
struct MachineEvent {
    std::string kind;  ///< installed, reverted, uninstalled, restarted, killed, repaired...
    std::string agent;
    std::string version;
    std::string message;
    base::WallTime at{};
    bool operator==(const MachineEvent&) const = default;
};

}  // namespace ifrit::domain
