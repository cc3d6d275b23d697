// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/domain/release.h"

namespace ifrit::master::release {

/// "release 7 of logd for the same machine types is paused; ...": why another one that shares
/// machines with it does not start and does not go back.
std::string conflictWith(const domain::Release& running);

/// Which releases of a cluster stand in each other's way, kept as they change.
class Neighbours {
public:
    /// A release as it stands now, `stamp` of its entries (Model::stamp), by which the later one of
    /// two is known: a draft may be started long after one that has a higher number. O(machine
    /// types · log n).
    void put(const domain::Release& release, base::WallTime stamp);
    /// OK, or why the verb is refused for another release's sake: FAILED_PRECONDITION
    /// (RELEASE_CONFLICT: one runs; RELEASE_SUPERSEDED: a later one moved the same machines and was
    /// not rolled back: the last of them is named, to be rolled back before it where that is
    /// possible). As cheap as put().
    absl::Status check(const domain::Release& release, domain::ReleaseVerb verb) const;

private:
    /// Stamp and number.
    using Mark = std::pair<base::WallTime, std::uint64_t>;
    /// Of one agent on one machine type.
    struct Lane {
        std::map<std::uint64_t, domain::ReleaseState> running;  ///< by number
        std::set<Mark> standing;  ///< of those that were started and are not rolled back
    };
    struct Started {
        std::string agent;
        std::vector<std::string> machineTypes;
        bool isForgotten = false;  ///< what each machine did is not kept any more
    };
    /// The last of those that stand on any of the machine types; 0: none does.
    Mark lastOf(const std::string& agent, const std::vector<std::string>& machineTypes) const;
    /// The last on all its machine types, and known enough of.
    bool canGoBack(std::uint64_t number) const;

    using Key = std::pair<std::string, std::string>;  ///< agent, machine type
    std::map<Key, Lane> m_lanes;
    std::map<std::uint64_t, Started> m_started;  ///< by number
};

}  // namespace ifrit::master::release
