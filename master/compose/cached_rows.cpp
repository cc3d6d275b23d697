// SPDX-License-Identifier: Apache-2.0
#include "master/compose/cached_rows.h"

#include "master/cache/cache_keys.h"
#include "shared/base/status.h"
#include "shared/codec/fragment_codec.h"

namespace ifrit::master::compose {
namespace {

absl::Status poisoned(const std::string& key) {
    return base::makeError(absl::StatusCode::kDataLoss, "CACHE_POISONED", key,
                           fmt::format("the cache's key {} is none that is composed", key));
}

}  // namespace

absl::StatusOr<std::vector<DesiredRow>> rowsOf(const cache::CacheState& state) {
    std::vector<DesiredRow> out;
    for (const auto& [key, value] : state.values) {
        const auto whom = cache::parseKey(key);
        if (!whom) return poisoned(key);
        const auto entries = codec::decodeFragment(value.fragment);
        if (!entries.ok()) return poisoned(key);
        for (const domain::DesiredEntry& entry : *entries)
            out.push_back({entry, whom->uuid, whom->machineType, whom->batch});
    }
    const auto again = compose(out);
    if (again.size() != state.values.size()) return poisoned("");
    for (const auto& [key, fragment] : again) {
        const auto value = state.values.find(key);
        if (value == state.values.end() || value->second.fragment != fragment.bytes)
            return poisoned(key);
    }
    return out;
}

bool holdsExactly(const cache::CacheState& state, const Snapshot& snapshot) {
    if (state.generation != snapshot.generation()) return false;
    if (state.values.size() != snapshot.fragments().size()) return false;
    for (const auto& [key, fragment] : snapshot.fragments()) {
        const auto value = state.values.find(key);
        if (value == state.values.end() || value->second.fragment != fragment.bytes) return false;
    }
    return true;
}

}  // namespace ifrit::master::compose
