// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/machine.h"

namespace ifrit::master::services {

/// A machine as the database knows it.
struct StoredMachine {
    domain::MachineFacts facts;
    base::WallTime firstSeen{};
    base::WallTime lastSeen{};
    std::vector<domain::AgentReport> agents;  ///< by name
    domain::ResourceSample ifrit;             ///< ifrit-agent and guard together
    std::string streamId;                     ///< of its reports
    std::uint64_t ackedSeq = 0;               ///< highest durable sequence of the stream
};

/// One report delta, decoded, with who sent it.
struct MachineReport {
    std::string uuid;
    std::string streamId;
    std::uint64_t seq = 0;
    bool full = false;  ///< agents that are not named are gone
    std::optional<domain::MachineFacts> facts;
    std::vector<domain::AgentReport> agents;
    std::vector<std::string> removedAgents;
    std::vector<domain::MachineEvent> events;
    domain::ResourceSample ifrit;
    base::WallTime receivedAt{};
};

struct StoredEvent {
    std::uint64_t id = 0;
    domain::MachineEvent event;
};

struct PackageRecord {
    std::string agent;
    std::string version;
    std::vector<std::string> machineTypes;
    std::string manifestDigest;  ///< hex; its identity
    std::string archiveDigest;
    std::uint64_t archiveBytes = 0;
    std::uint64_t unpackedBytes = 0;
    std::uint32_t files = 0;
    std::string keyId;
    std::string publishedBy;
    base::WallTime published{};
    std::string description;
    std::string manifest;   ///< the exact signed bytes
    std::string signature;  ///< Ed25519 over them
};

/// One line of the audit.
struct AuditEntry {
    base::WallTime at{};
    std::string actor;
    std::string via;
    std::string address;
    std::string verb;    ///< "release.start", "package.publish"...
    std::string object;  ///< id or name
    std::string result;  ///< "allowed", "denied" or "failed"
    std::string reason;
    std::string before;  ///< JSON objects, never a secret
    std::string after;
    std::string requestId;
    std::string error;
};

/// What a request id did the first time.
struct RequestRecord {
    std::string verb;
    std::string object;  ///< id of what it made or changed
};

/// Who calls and why: what every changing use case is given.
struct Caller {
    std::string name;
    std::string address;
    std::string via;
    std::string requestId;
    std::string reason;
};

}  // namespace ifrit::master::services
