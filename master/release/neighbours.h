// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "shared/domain/release.h"

namespace ifrit::master::release {

/// "release 7 of logd for the same machine types is paused; ...": why another one that shares
/// machines with it does not start and does not go back.
std::string conflictWith(const domain::Release& running);

/// Which releases of a cluster stand in each other's way, kept as they change.
class Neighbours {
public:
    /// A release as it stands now. O(machine types · log n).
    void put(const domain::Release& release);
    /// OK, or why the verb is refused for another release's sake: FAILED_PRECONDITION
    /// (RELEASE_CONFLICT: one runs; RELEASE_SUPERSEDED: a later one moved the same machines, and a
    /// rollback would put back what stands there now). As cheap as put().
    absl::Status check(const domain::Release& release, domain::ReleaseVerb verb) const;

private:
    /// Of one agent on one machine type, by number.
    struct Lane {
        std::map<std::uint64_t, domain::ReleaseState> running;
        std::set<std::uint64_t> started;
    };
    using Key = std::pair<std::string, std::string>;  ///< agent, machine type
    std::map<Key, Lane> m_lanes;
};

}  // namespace ifrit::master::release
