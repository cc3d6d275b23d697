// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/platform/host.h"
#include "shared/base/status.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::install {

/// What preflight() holds a manifest against; gathered by the caller, so that the rules are pure.
/// Those of domain::KnownOfMachine, and what only the machine knows.
struct PreflightFacts {
    std::string machineType;
    platform::HostFacts host;
    platform::FreeSpace space;  ///< where the root is
    /// The other managed agents that are here, or on their way here.
    std::set<std::string> installed;
    std::set<std::string> refusedBy;               ///< those of them that name this one a conflict
    std::map<std::uint16_t, std::string> claimed;  ///< ports that they declare: whose
    std::vector<std::uint16_t> ports;              ///< the manifest's, variables expanded
    std::set<std::uint16_t> ownPorts;              ///< those of our own running old version
    std::function<absl::StatusOr<bool>(std::uint16_t)> portIsFree;
    std::uint64_t bytesOnDisk = 0;     ///< of archive and files that need no more room
    std::uint64_t withdrawnBelow = 0;  ///< JournalState::withdrawnBelow of this agent
};

/// OK, or FAILED_PRECONDITION with PACKAGE_WITHDRAWN or one of the PREFLIGHT_* reasons and what to
/// do. Asked before anything is downloaded, because a machine that will refuse should say so while
/// nothing is lost, and again right before the switch, since others may have come meanwhile.
absl::Status preflight(const domain::Manifest& manifest, const PreflightFacts& facts);

/// True when a TCP socket could listen on the port, on IPv4 and, where the machine has it, IPv6. An
/// exhaustion (shared/base/exhaustion.h) when nobody could try.
absl::StatusOr<bool> tcpPortIsFree(std::uint16_t port);

/// 1..65535, else nullopt.
std::optional<std::uint16_t> parsePort(std::string_view text);

}  // namespace ifrit::agent::install
