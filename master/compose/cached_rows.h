// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <vector>

#include "master/cache/state_cache.h"
#include "master/compose/snapshot.h"

// Between what is served and what a cache keeps of it.
namespace ifrit::master::compose {

/// The rows that these values were composed of. DATA_LOSS (CACHE_POISONED) for keys and fragments
/// that compose() never made, so that a snapshot of the rows has exactly the same bytes.
absl::StatusOr<std::vector<DesiredRow>> rowsOf(const cache::CacheState& state);

/// The cache has every fragment of the snapshot, of its generation, and nothing else.
bool holdsExactly(const cache::CacheState& state, const Snapshot& snapshot);

}  // namespace ifrit::master::compose
