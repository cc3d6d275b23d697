// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/signaller.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::supervise {

/// Where a managed agent's stdout and stderr go. A file that grew over the cap becomes "<path>.1":
/// by renaming before a start, by copying and truncating while the agent runs (what it writes
/// during the copy, about a millisecond per megabyte, is lost). The directory is made when missing.
struct OutputFile {
    std::string path;
    std::uint64_t maxBytes = 10 * 1024 * 1024;
};

/// How to run one managed agent; every variable is already expanded.
struct RunSpec {
    std::string agent;    ///< the name, unique in a Supervisor
    std::string version;  ///< carried into snapshots and the record
    std::string digest;
    std::vector<std::string> command;  ///< argv, [0] absolute
    /// Of the file that command[0] is, in hex; nothing else is run. Empty: it is not the package's.
    std::string programSha256;
    std::map<std::string, std::string> environment;  ///< the whole of it but for the stray marker
    std::string workingDirectory;
    std::string user;  ///< empty: as ifrit-agent
    platform::Signal stopSignal = platform::Signal::Terminate;
    std::chrono::milliseconds stopGrace{10'000};
    domain::Limits limits;
    std::optional<domain::Probe> probe;
    std::string probeSha256;  ///< the same of the probe's command
    OutputFile output;
    /// What stands for ${machine.address} in all this; empty: it does not need one.
    std::string address;
};

}  // namespace ifrit::agent::supervise
