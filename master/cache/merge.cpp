// SPDX-License-Identifier: Apache-2.0
#include "master/cache/merge.h"

#include "shared/base/status.h"

namespace ifrit::master::cache {

CacheState keepUnchanged(CacheState next, const CacheState& held) {
    for (auto& [key, value] : next.values) {
        const auto before = held.values.find(key);
        if (before != held.values.end() && before->second.fragment == value.fragment)
            value = before->second;
    }
    return next;
}

absl::Status olderWriter(std::uint64_t held, std::uint64_t offered) {
    return base::makeError(
        absl::StatusCode::kAborted, "CACHE_GENERATION", std::to_string(held),
        fmt::format(
            "the cache holds generation {} and does not go back to {}; where the database was put "
            "back, keep a backup of it and restore that, which raises the generation",
            held, offered));
}

}  // namespace ifrit::master::cache
