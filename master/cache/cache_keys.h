// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ifrit::master::cache {

// Keys exactly as in docs/storage.md. The caches put keyPrefix() before them; `source` of an
// entry and explain show them without.

/// "{ifrit:<cluster>}:": the braces keep a cluster's keys on one slot of a Redis Cluster.
std::string keyPrefix(std::string_view cluster);
/// Of the channel on which changes are told, after the prefix.
inline constexpr char kChangesChannel[] = "changes";
/// "expect_gray_<uuid>"
std::string grayKey(std::string_view uuid);
/// "expect_default_hash<k>_<TYPE>"; batch 0 is the pilot.
std::string hashKey(std::uint32_t batch, std::string_view machineType);
/// "expect_default_<TYPE>"
std::string fullKey(std::string_view machineType);

/// Whom a key chooses: a gray one by uuid, the others by machine type.
struct KeyParts {
    enum class Level { Gray, Hash, Full };
    Level level = Level::Full;
    std::string uuid;
    std::string machineType;
    std::uint32_t batch = 0;
    bool operator==(const KeyParts&) const = default;
};

/// The other way; nullopt for what none of the above makes. Machine types have no lower case, so a
/// batch is never taken for one.
std::optional<KeyParts> parseKey(std::string_view key);

}  // namespace ifrit::master::cache
