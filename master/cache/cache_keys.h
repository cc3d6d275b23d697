// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ifrit::master::cache {

// Keys exactly as in DESIGN.md section 3. The caches put keyPrefix() before them; `source` of an
// entry and explain show them without.

/// "{ifrit:<cluster>}:": the braces keep a cluster's keys on one slot of a Redis Cluster.
std::string keyPrefix(std::string_view cluster);
/// "expect_gray_<uuid>"
std::string grayKey(std::string_view uuid);
/// "expect_default_hash<k>_<TYPE>"; batch 0 is the pilot.
std::string hashKey(std::uint32_t batch, std::string_view machineType);
/// "expect_default_<TYPE>"
std::string fullKey(std::string_view machineType);

}  // namespace ifrit::master::cache
