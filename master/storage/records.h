// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/hash_ring.h"
#include "shared/domain/known_bad_clear.h"
#include "shared/domain/machine.h"

// What the database holds, as plain values. Names and free text are UTF-8 without NUL; a store
// refuses others with INVALID_ARGUMENT (TEXT_INVALID), so that what was stored comes back exactly.
namespace ifrit::master::storage {

/// A machine as the database knows it.
struct StoredMachine {
    domain::MachineFacts facts;
    base::WallTime firstSeen{};
    base::WallTime lastSeen{};
    std::vector<domain::AgentReport> agents;  ///< by name
    domain::ResourceSample ifrit;             ///< ifrit-agent and guard together
    std::string streamId;                     ///< of its reports
    std::uint64_t ackedSeq = 0;               ///< highest durable sequence of the stream
    /// How soon it was told to come again when it was last heard of; 0: before that was kept.
    std::chrono::milliseconds poll{0};
};

/// A machine's last contact.
struct LastSeen {
    std::string uuid;
    base::WallTime at{};
    std::chrono::milliseconds poll{0};  ///< StoredMachine::poll
    bool operator==(const LastSeen&) const = default;
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
    std::vector<std::uint64_t> obeyedClears;  ///< ids; not stored
    base::WallTime receivedAt{};
};

/// Clears that stand, in the order of their digests.
using KnownBadClearsByUuid = std::map<std::string, std::vector<domain::KnownBadClear>>;

/// What became of a report.
struct ReportOutcome {
    std::uint64_t ackedSeq = 0;  ///< up to where its own stream is stored; 0: nothing of it
    bool isLatest = false;       ///< the machine is stored as of this report
};

struct StoredEvent {
    std::uint64_t id = 0;
    domain::MachineEvent event;
    /// By the master's clock; nullopt: before that was kept.
    std::optional<base::WallTime> received;
};

/// Machines that match every given field; an empty or absent one matches all.
struct MachineFilter {
    std::string machineType;
    std::string pin;
    std::string agent;                               ///< has a report of this agent
    std::string agentVersion;                        ///< and it runs this version; needs `agent`
    std::optional<domain::MachineState> agentState;  ///< and is in this state; needs `agent`
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

/// A publisher whose packages the cluster takes.
struct PublisherKeyRecord {
    std::string keyId;
    std::string name;
    std::string publicKeyPem;
    base::WallTime added{};
    std::string addedBy;
    bool operator==(const PublisherKeyRecord&) const = default;
};

/// One line of the audit, before it is chained.
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
    bool operator==(const AuditEntry&) const = default;
};

/// A line as stored: its hash covers everything above and the hash of the line before it.
struct AuditRow {
    std::uint64_t id = 0;  ///< 1, 2, 3... without gaps
    std::string cluster;
    AuditEntry entry;
    std::string previousHash;  ///< 32 bytes; zeros for the first
    std::string hash;          ///< 32 bytes
    bool operator==(const AuditRow&) const = default;
};

/// The newest line, kept apart so that a cut-off end is noticed.
struct AuditHead {
    std::uint64_t id = 0;  ///< 0: no line yet
    std::string hash;      ///< 32 bytes
    bool operator==(const AuditHead&) const = default;
};

/// Each empty or absent field matches all.
struct AuditFilter {
    std::string actor;
    std::string verb;
    std::string object;
    std::string result;
    std::optional<base::WallTime> since;  ///< inclusive
    std::optional<base::WallTime> until;  ///< exclusive
};

/// What a request id did the first time.
struct RequestRecord {
    std::string verb;
    std::string object;  ///< id of what it made or changed
    bool operator==(const RequestRecord&) const = default;
};

enum class OperatorRole { Reader, SuperAdmin };

struct OperatorRecord {
    std::string name;
    std::string passwordHash;  ///< crypto::hashPassword(); empty: certificate only
    OperatorRole role = OperatorRole::Reader;
    bool disabled = false;
    base::WallTime created{};
    base::WallTime changed{};
    bool operator==(const OperatorRecord&) const = default;
};

/// A signed-in operator's token, known by its SHA-256 alone.
struct SessionRecord {
    std::string tokenHash;  ///< hex
    std::string operatorName;
    base::WallTime created{};
    base::WallTime expires{};
    std::string address = {};  ///< from where it was got
    std::string label = {};    ///< what its operator calls it; empty: of a login
    bool operator==(const SessionRecord&) const = default;
};

/// A one-time join token, known by its SHA-256 alone.
struct JoinTokenRecord {
    std::string tokenHash;  ///< hex
    std::string uuid;       ///< the only machine that may use it; empty: any new one
    std::string createdBy;
    base::WallTime created{};
    base::WallTime expires{};
    std::optional<base::WallTime> used;
    std::string usedBy;          ///< uuid
    std::string usedKey;         ///< SHA-256 of the public key that it was used for, hex
    std::string certificatePem;  ///< what it was exchanged for
    bool operator==(const JoinTokenRecord&) const = default;
};

struct CertificateRecord {
    std::string serialHex;  ///< lower case
    std::string role;       ///< "machine", "operator" or "server"
    std::string name;       ///< uuid, operator's or server's name
    base::WallTime issued{};
    base::WallTime notAfter{};
    std::optional<base::WallTime> revoked;
    std::string revokeReason;
    bool operator==(const CertificateRecord&) const = default;
};

/// Who leads, and may run releases. Names of holders are new with each start of a master.
struct LeaseRecord {
    std::string holder;          ///< id of a member; empty: nobody
    std::string address;         ///< where the others reach the holder, "host:port"
    std::uint64_t token = 0;     ///< one more with each new holder
    std::uint64_t renewals = 0;  ///< one more each time the holder shows that it lives
    bool operator==(const LeaseRecord&) const = default;
};

/// A running master.
struct MemberRecord {
    std::string id;
    std::string address;
    std::string version;
    base::WallTime started{};
    std::uint64_t beats = 0;  ///< one more each time it shows that it lives
    bool operator==(const MemberRecord&) const = default;
};

/// What a committed transaction changed. The others read the thing itself from its table.
enum class ChangeKind { Machine, Clears, Release, Package, Certificate, Audit, Presence };

struct ChangeRecord {
    std::uint64_t sequence = 0;
    ChangeKind kind = ChangeKind::Machine;
    std::string subject;  ///< uuid, id of the release, digest, serial's owner, verb
    std::string origin;   ///< id of the master; empty: the command line
    bool operator==(const ChangeRecord&) const = default;
};

/// A run of ifrit-agent that lives with a machine's certificate, as one of several masters hears
/// it.
struct PresenceRecord {
    std::string uuid;
    std::uint64_t instance = 0;
    base::WallTime since{};  ///< first heard; orders runs, whichever master's clock it is of
    bool moved = false;
    bool refused = false;
    std::string address;
    base::WallTime seen{};  ///< last word as of this row; changes with each that is written
    /// Other runs of the machine that were known where this one spoke again: both lived.
    std::vector<std::uint64_t> beside;
    bool operator==(const PresenceRecord&) const = default;
};

struct ChangeSpan {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool operator==(const ChangeSpan&) const = default;
};

/// What makes this database this cluster's. Written once by init.
struct ClusterSettings {
    std::string name;
    std::string kind = "development";  ///< development, test or production
    domain::RingSpec ring;
    base::WallTime created{};
    bool operator==(const ClusterSettings&) const = default;
};

}  // namespace ifrit::master::storage
