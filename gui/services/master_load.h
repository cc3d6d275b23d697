// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::gui::services {

/// What one master did in one span of time.
struct LoadSample {
    base::WallTime at{};  ///< when the span ended, by that master's clock
    std::chrono::milliseconds span{0};
    std::uint64_t polls = 0;
    std::uint64_t shed = 0;  ///< of them: told to come later
    std::uint64_t otherCalls = 0;
    std::chrono::microseconds pollP50{0};  ///< 0 where there was no poll
    std::chrono::microseconds pollP99{0};

    double pollsPerSecond() const;
};

struct MasterLoad {
    std::string address;
    std::string serverVersion;
    bool leads = false;
    bool unreachable = false;         ///< by the master that was asked; then there are no samples
    std::vector<LoadSample> samples;  ///< oldest first
};

using MasterLoads = std::vector<MasterLoad>;

/// Samples taken together.
struct LoadSummary {
    std::chrono::milliseconds span{0};
    double pollsPerSecond = 0;
    std::uint64_t polls = 0;
    std::uint64_t shed = 0;
    std::uint64_t otherCalls = 0;
    /// Half of the polls were in samples whose median is not above; unset: there was no poll.
    std::optional<std::chrono::microseconds> pollP50;
    std::optional<std::chrono::microseconds> pollP99;  ///< of the worst sample
};
LoadSummary summaryOf(const std::vector<LoadSample>& samples);

}  // namespace ifrit::gui::services
