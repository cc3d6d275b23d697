// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <string>

#include "master/cache/state_cache.h"

// A cluster's composed state as a shared cache keeps it: one value for each key, and a seal over
// all (shared/proto/ifrit/v1/cache.proto). Pure.
namespace ifrit::master::cache {

/// Longest value that is read: more was never written.
inline constexpr std::size_t kMaxCachedValueBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxSealBytes = 32 * 1024 * 1024;

/// What a seal says: SHA-256 of each value, by key.
struct Seal {
    std::uint64_t generation = 0;
    std::map<std::string, std::string> digests;
    bool operator==(const Seal&) const = default;
};

std::string encodeValue(const CacheValue& value);
/// DATA_LOSS (CACHE_POISONED) for what does not have that digest, or is no value.
absl::StatusOr<CacheValue> decodeValue(const std::string& bytes, const std::string& digest);
std::string digestOf(const std::string& valueBytes);

/// `prefix` is the cluster's: a seal is not good for another one. The same seal gives the same
/// bytes.
std::string encodeSeal(const Seal& seal, const std::string& prefix, const std::string& sealKey);
/// DATA_LOSS (CACHE_POISONED): nobody who has the key made these bytes for this prefix.
absl::StatusOr<Seal> decodeSeal(const std::string& bytes, const std::string& prefix,
                                const std::string& sealKey);

/// DATA_LOSS (CACHE_POISONED) with that sentence.
absl::Status poisoned(const std::string& key, const std::string& why);

}  // namespace ifrit::master::cache
