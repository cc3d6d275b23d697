// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "master/services/records.h"
#include "shared/base/interned.h"

// A machine as the fleet holds it: a hundred thousand of them are in memory, and most of what they
// say they say alike. What is the same text on many machines is there once. Values; thread-safe as
// such.
namespace ifrit::master::services {

using base::SharedText;

struct LabelsHash {
    std::size_t operator()(const std::map<std::string, std::string>& labels) const noexcept;
};

/// domain::MachineFacts, and as good as that where those are asked for.
struct HeldFacts {
    HeldFacts() = default;
    HeldFacts(const domain::MachineFacts& facts);
    operator domain::MachineFacts() const;

    SharedText uuid;  ///< the fleet's key is the same object
    SharedText machineType;
    SharedText pin;
    base::Interned<std::map<std::string, std::string>, LabelsHash> labels;
    SharedText kernel;
    SharedText libc;
    SharedText architecture;
    SharedText ifritVersion;
    std::string address;
    std::string hostname;
};

/// What names an agent and its versions: alike on all machines that run the same.
struct AgentNames {
    std::string agent;
    std::string runningVersion;
    std::string runningDigest;
    std::string desiredVersion;
    std::string desiredDigest;
    std::string releaseId;
    bool operator==(const AgentNames&) const = default;
};
struct AgentNamesHash {
    std::size_t operator()(const AgentNames& names) const noexcept;
};

/// What an agent has that is under way or not well.
struct AgentTrouble {
    std::string step;
    std::optional<base::WallTime> nextRetry;
    std::optional<base::WallTime> deadline;
    std::optional<domain::AgentError> lastError;
    std::string integrityNote;
    std::vector<std::string> knownBad;
    bool operator==(const AgentTrouble&) const = default;
};

/// domain::AgentReport.
struct HeldAgent {
    HeldAgent() = default;
    HeldAgent(const domain::AgentReport& report);
    domain::AgentReport report() const;

    /// Of one that is well: empty.
    const AgentTrouble& trouble() const;

    base::Interned<AgentNames, AgentNamesHash> names;
    base::WallTime since{};
    domain::ResourceSample sample;
    std::uint32_t attempt = 0;
    std::int32_t pid = 0;
    std::uint32_t restarts = 0;
    domain::MachineState state : 8 = domain::MachineState::Unknown;
    domain::Integrity integrity : 8 = domain::Integrity::Unknown;
    bool crashLooping = false;

private:
    std::shared_ptr<const AgentTrouble> m_trouble;  ///< null: none
};

/// storage::StoredMachine.
struct HeldMachine {
    HeldMachine() = default;
    HeldMachine(const StoredMachine& machine);

    HeldFacts facts;
    base::WallTime firstSeen{};
    base::WallTime lastSeen{};
    std::vector<HeldAgent> agents;  ///< by name; at most domain::kMaxAgentsPerMachine
    domain::ResourceSample ifrit;
    std::string streamId;
    std::uint64_t ackedSeq = 0;
};

/// It could not tell of the agent: it would be one more than a machine has. `others`: agents that
/// other releases bring there.
bool isFullFor(const HeldMachine& machine, const std::string& agent,
               const std::set<std::string>& others = {});

/// Takes a durable report in. ReportWriter sees to it that no more agents are stored than there is
/// room for (report_bounds.h).
void merge(HeldMachine& machine, const MachineReport& report);

}  // namespace ifrit::master::services
