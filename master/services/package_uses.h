// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "master/services/records.h"

namespace ifrit::master::services {

/// What needs which package at one moment. A list of packages asks it once for each of them, so it
/// holds no more than is looked up: a cluster may have a row of desired state for each machine.
struct PackageUses {
    /// Manifest digest: the first whom it is desired for, for people.
    std::map<std::string, std::string> desired;
    /// Agent and version: the number of a draft or running release.
    std::map<std::pair<std::string, std::string>, std::uint64_t> releases;
    std::set<std::string> forRollback;  ///< manifest digests

    /// nullopt: it can be deleted; else why not, a sentence. O(log n).
    std::optional<std::string> of(const PackageRecord& package) const;
};

}  // namespace ifrit::master::services
