// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::domain {

/// Where a desired entry comes from, in rising priority at equal timestamps (docs/protocol.md).
enum class Level { Full = 1, Hash = 2, Gray = 3 };

enum class DesiredAction {
    Install,        ///< run this version
    Uninstall,      ///< stop and remove, keep the data directory
    UninstallPurge  ///< stop and remove, data too
};

/// One candidate for one agent on one machine.
struct DesiredEntry {
    std::string agent;
    DesiredAction action = DesiredAction::Install;
    std::string version;         ///< empty for the uninstall actions
    std::string manifestDigest;  ///< SHA-256 of the signed manifest bytes, hex; empty as above
    Level level = Level::Full;
    base::WallTime timestamp{};
    std::uint64_t generation = 0;
    std::string releaseId;
    std::string source;  ///< the cache key it came from, for explain
    /// Of a pilot's entry (level hash, batch 0): it is for machines whose pilotHash() is at most
    /// this. 0: for all that the level chooses.
    std::uint64_t pilotLimit = 0;
    /// Bytes a second: the archive is fetched no faster (download_rate.h). 0: no limit but the
    /// machine's own.
    std::uint64_t downloadRate = 0;
    bool operator==(const DesiredEntry&) const = default;
};

/// Everything a machine was told: all candidates, of all levels. An agent that no entry names is
/// left alone (it is "unmanaged"); removal is always an explicit Uninstall entry.
struct DesiredState {
    std::uint64_t generation = 0;
    std::uint64_t etag = 0;  ///< equal etags mean equal answers for this machine
    std::vector<DesiredEntry> entries;
    bool operator==(const DesiredState&) const = default;
};

enum class Verdict { Chosen, OlderTimestamp, LowerLevel };

struct ExplainedEntry {
    DesiredEntry entry;
    Verdict verdict = Verdict::Chosen;
    bool operator==(const ExplainedEntry&) const = default;
};

/// True when `a` wins over `b`: the newest timestamp; where equal, gray > hash > full; where that
/// is equal too (two rows of one level, which a correct master never sends), the higher generation.
bool wins(const DesiredEntry& a, const DesiredEntry& b);

/// Every candidate of `agent`, the chosen one first, each loser with the reason. The one function
/// behind machine, master, desktop and CLI. O(n log n) in the number of entries.
std::vector<ExplainedEntry> explain(const DesiredState& state, const std::string& agent);

/// The chosen entry of each agent, ordered by agent name.
std::vector<DesiredEntry> chosenEntries(const DesiredState& state);

}  // namespace ifrit::domain
