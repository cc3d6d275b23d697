// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace ifrit::agent::supervise {

/// How the limits of managed agents are held.
struct LimitSettings {
    /// A control group that is ifrit's alone, by its path below the mount; "auto": that of the unit
    /// which is there for it; "off": none.
    std::string cgroup = "auto";
    /// Between two looks at CPU, memory, process state and the size of the output.
    std::chrono::milliseconds sampleInterval{10'000};
    bool operator==(const LimitSettings&) const = default;
};

}  // namespace ifrit::agent::supervise
