// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/domain/desired_state.h"

namespace ifrit::master::compose {

/// One row of desired state in the database: an entry and whom its level chooses.
struct DesiredRow {
    domain::DesiredEntry entry;  ///< with its level; `source` is set by compose()
    std::string machineUuid;     ///< Gray
    std::string machineType;     ///< Hash and Full
    std::uint32_t batch = 0;     ///< Hash; 0 is the pilot
};

/// One key as it is cached and served.
struct Fragment {
    std::string key;
    std::string bytes;       ///< serialized ifrit.v1.DesiredFragment
    std::uint64_t etag = 0;  ///< of the bytes
    std::vector<domain::DesiredEntry> entries;
};

/// The bytes and etag of sorted `entries`.
Fragment fragmentOf(std::string key, std::vector<domain::DesiredEntry> entries);

/// The cache key that holds the row.
std::string keyOf(const DesiredRow& row);

/// Rows to keys. Pure: the same rows in any order give the same bytes. O(n log n).
std::map<std::string, Fragment> compose(const std::vector<DesiredRow>& rows);

/// Etag of an answer made of fragments, in the order that they are served. Never 0, which on the
/// wire says that a machine holds nothing.
std::uint64_t combineEtags(const std::vector<std::uint64_t>& etags);

}  // namespace ifrit::master::compose
