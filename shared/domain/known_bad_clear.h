// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ifrit::domain {

/// An operator's word that a machine shall try a bad version again, once: a version that goes bad
/// anew after it stays bad, however often the machine is told of this clear.
struct KnownBadClear {
    std::string digest;    ///< of the version's manifest, hex
    std::uint64_t id = 0;  ///< tells clears of one version apart; 0: of a master that gives none
    bool operator==(const KnownBadClear&) const = default;
};

/// So many of one machine are told and obeyed at a time.
inline constexpr std::size_t kMaxKnownBadClears = 256;

}  // namespace ifrit::domain
