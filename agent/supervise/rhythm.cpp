// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/rhythm.h"

#include <cstdint>

namespace ifrit::agent::supervise {

std::chrono::milliseconds phaseOf(std::string_view uuid) {
    constexpr std::uint64_t kHourMs = 3'600'000;
    std::uint64_t hash = 14'695'981'039'346'656'037ULL;  // FNV-1a, 64 bit
    for (const char letter : uuid)
        hash = (hash ^ static_cast<unsigned char>(letter)) * 1'099'511'628'211ULL;
    return std::chrono::milliseconds(hash % kHourMs);
}

}  // namespace ifrit::agent::supervise
