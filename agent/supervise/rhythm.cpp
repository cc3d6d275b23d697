// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/rhythm.h"

#include <cstdint>

#include "shared/base/hashing.h"

namespace ifrit::agent::supervise {

std::chrono::milliseconds phaseOf(std::string_view uuid) {
    constexpr std::uint64_t kHourMs = 3'600'000;
    return std::chrono::milliseconds(base::xxh3(uuid) % kHourMs);
}

}  // namespace ifrit::agent::supervise
