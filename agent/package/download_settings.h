// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ifrit::agent::package {

/// How the configuration wants archives brought.
struct DownloadSettings {
    std::uint64_t bytesPerSecond = 0;  ///< of all archives together; 0: no limit
    std::vector<std::string> mirrors;  ///< checkMirrorAddress() holds; tried before the master
    std::string mirrorCaFile;          ///< roots for mirrors; empty: the machine's own
    std::string fetchProgram;          ///< empty: ifrit-fetch beside ifrit-agent's own file
};

}  // namespace ifrit::agent::package
