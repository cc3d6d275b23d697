// SPDX-License-Identifier: Apache-2.0
#include "master/compose/compose.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "master/cache/cache_keys.h"
#include "shared/base/hashing.h"
#include "shared/codec/fragment_codec.h"

namespace ifrit::master::compose {

std::string keyOf(const DesiredRow& row) {
    switch (row.entry.level) {
        case domain::Level::Gray:
            return cache::grayKey(row.machineUuid);
        case domain::Level::Hash:
            return cache::hashKey(row.batch, row.machineType);
        case domain::Level::Full:
            break;
    }
    return cache::fullKey(row.machineType);
}

std::map<std::string, Fragment> compose(const std::vector<DesiredRow>& rows) {
    std::map<std::string, Fragment> out;
    for (const DesiredRow& row : rows) {
        std::string key = keyOf(row);
        domain::DesiredEntry entry = row.entry;
        entry.source = key;
        out[std::move(key)].entries.push_back(std::move(entry));
    }
    for (auto& [key, fragment] : out) {
        // Order of rows is the database's business; the bytes must not depend on it.
        std::sort(fragment.entries.begin(), fragment.entries.end(),
                  [](const auto& a, const auto& b) {
                      return std::tie(a.agent, a.timestamp, a.generation, a.releaseId) <
                             std::tie(b.agent, b.timestamp, b.generation, b.releaseId);
                  });
        fragment = fragmentOf(key, std::move(fragment.entries));
    }
    return out;
}

Fragment fragmentOf(std::string key, std::vector<domain::DesiredEntry> entries) {
    Fragment out;
    out.key = std::move(key);
    out.entries = std::move(entries);
    out.bytes = codec::encodeFragment(out.entries);
    out.etag = base::xxh3(out.bytes);
    return out;
}

std::uint64_t combineEtags(const std::vector<std::uint64_t>& etags) {
    const std::string_view bytes(reinterpret_cast<const char*>(etags.data()),
                                 etags.size() * sizeof(std::uint64_t));
    // An etag is opaque to machines and only compared with one of the same kind of master, so the
    // byte order of the platform does not matter.
    return std::max<std::uint64_t>(1, base::xxh3(bytes, 1));
}

}  // namespace ifrit::master::compose
