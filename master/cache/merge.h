// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include "master/cache/state_cache.h"

// The rules that every cache follows.
namespace ifrit::master::cache {

/// `next`, where a key whose fragment `held` has already keeps the value that it has.
CacheState keepUnchanged(CacheState next, const CacheState& held);

/// ABORTED (CACHE_GENERATION).
absl::Status olderWriter(std::uint64_t held, std::uint64_t offered);

}  // namespace ifrit::master::cache
