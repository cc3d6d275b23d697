// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ifrit::agent::platform {

/// Which process, for ever: a pid alone is reused by the kernel, and after a reboot even pid and
/// start time can meet again (boot order is deterministic), so the boot is part of the identity.
struct ProcessId {
    std::int32_t pid = 0;
    std::uint64_t startTime = 0;  ///< clock ticks since boot, as the kernel counts them
    std::string bootId;           ///< of this boot of the machine
    bool operator==(const ProcessId&) const = default;
    bool valid() const { return pid > 0; }
};

}  // namespace ifrit::agent::platform
