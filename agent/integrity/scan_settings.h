// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace ifrit::agent::integrity {

struct ScanTimes {
    std::chrono::milliseconds interval{3'600'000};  ///< between full scans of one version
    std::chrono::milliseconds first{300'000};       ///< before the first of one, at least
    std::chrono::milliseconds settle{1'000};        ///< without a notice, before it is looked into
    std::chrono::milliseconds patience{10'000};     ///< at most so long after the first notice
};

/// [integrity] of the configuration.
struct ScanSettings {
    ScanTimes times;
    std::uint64_t bytesPerSecond = 20ULL << 20;  ///< 0: as fast as the disk
    bool watch = true;                           ///< ask for prompt notices
};

}  // namespace ifrit::agent::integrity
