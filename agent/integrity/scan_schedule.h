// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "agent/integrity/scan_settings.h"
#include "agent/integrity/tree_scanner.h"
#include "agent/journal/journal_state.h"
#include "shared/base/backoff.h"
#include "shared/base/clock.h"

namespace ifrit::agent::integrity {

/// One version of one managed agent on the disk.
struct Installation {
    std::string agent;
    journal::InstalledVersion version;
    bool operator==(const Installation&) const = default;
    bool operator<(const Installation& other) const {
        return std::tie(agent, version.version, version.digest) <
               std::tie(other.agent, other.version.version, other.version.digest);
    }
};

/// When to look at what. Pure but for the random that spreads full scans: a thousand machines with
/// one disk array under them must not all read at once. One thread.
class ScanSchedule {
public:
    struct Due {
        Installation installation;
        Depth depth = Depth::Full;
    };

    ScanSchedule(ScanTimes times, base::UniformRandom random);

    /// What is installed now; what is new gets its first scan soon, what is gone is forgotten.
    void keep(const std::set<Installation>& installed, base::SteadyTime now);
    /// Something of it may have changed.
    void noticed(const Installation& installation, base::SteadyTime now);
    /// The scan that is due, notices before full scans; nullopt: none yet.
    std::optional<Due> due(base::SteadyTime now) const;
    /// When something is due; nullopt: never, for nothing is installed.
    std::optional<base::SteadyTime> next() const;
    /// It was scanned; what was noticed after `begun` is looked into again.
    void scanned(const Due& done, base::SteadyTime begun, base::SteadyTime now);

private:
    struct Entry {
        base::SteadyTime fullAt;
        base::SteadyTime lookedAt;                      ///< end of the last scan
        std::optional<base::SteadyTime> firstNotice{};  ///< that no scan has looked into
        base::SteadyTime lastNotice{};
    };

    base::SteadyTime lookAt(const Entry& entry) const;
    std::chrono::milliseconds spread(std::chrono::milliseconds span);

    const ScanTimes m_times;
    base::UniformRandom m_random;
    std::map<Installation, Entry> m_entries;
};

}  // namespace ifrit::agent::integrity
