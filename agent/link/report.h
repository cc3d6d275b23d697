// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/domain/machine.h"
#include "shared/domain/machine_limits.h"

namespace ifrit::agent::link {

struct LogTail {
    std::string requestId;
    std::string agent;
    std::string text;  ///< at most kMaxLogTailBytes
    bool operator==(const LogTail&) const = default;
};
inline constexpr std::size_t kMaxLogTailBytes = 64 * 1024;
/// In one report.
inline constexpr std::size_t kMaxLogTails = 4;
/// Of its requestId, which goes back with it: a report that is too long is refused for ever.
inline constexpr std::size_t kMaxRequestIdBytes = 256;

/// So many agents of a machine a master hears of (machine_link.proto).
inline constexpr std::size_t kMaxReportedAgents = domain::kMaxAgentsPerMachine;

/// What changed on the machine since the last acknowledged report (ReportDelta of the contract).
struct Report {
    std::uint64_t sequence = 0;  ///< 0: nothing to say
    std::string streamId;
    bool full = false;
    std::optional<domain::MachineFacts> facts;
    std::vector<domain::AgentReport> agents;
    std::vector<std::string> removedAgents;
    std::vector<domain::MachineEvent> events;
    domain::ResourceSample ifrit;
    std::vector<LogTail> logTails;
    std::vector<std::uint64_t> obeyedClears;  ///< ids; no news by themselves
    bool operator==(const Report&) const = default;
};

}  // namespace ifrit::agent::link
