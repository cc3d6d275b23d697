// SPDX-License-Identifier: Apache-2.0
#include "master/services/presence_news.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::services {

namespace {

using storage::PresenceRecord;
using RowsOf = std::map<std::string, std::vector<PresenceRecord>>;

/// Of a machine; more while more of them live.
constexpr std::size_t kRows = 4;

absl::StatusOr<RowsOf> rowsOf(storage::Transaction& in, const std::set<std::string>& uuids) {
    RowsOf out;
    if (uuids.empty()) return out;
    IFRIT_ASSIGN_OR_RETURN(auto known, in.presences().findAll({uuids.begin(), uuids.end()}));
    for (PresenceRecord& row : known)
        out[row.uuid].push_back(row);
    return out;
}

/// Those of `known` that make room for `added`: the ones that were not heard of for longest.
std::vector<PresenceRecord> pastOf(std::vector<PresenceRecord> known,
                                   const std::vector<PresenceRecord>& added) {
    std::erase_if(known, [&added](const PresenceRecord& row) {
        return std::any_of(added.begin(), added.end(), [&row](const PresenceRecord& one) {
            return one.instance == row.instance;
        });
    });
    std::sort(known.begin(), known.end(),
              [](const PresenceRecord& a, const PresenceRecord& b) { return a.seen > b.seen; });
    const std::size_t kept = kRows > added.size() ? kRows - added.size() : 0;
    if (known.size() > kept)
        known.erase(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(kept));
    else
        known.clear();
    return known;
}

}  // namespace

absl::StatusOr<std::vector<PresenceRecord>> storeNews(storage::Transaction& in,
                                                      const std::vector<CloneWatch::News>& news) {
    std::set<std::string> machines;
    for (const CloneWatch::News& one : news) {
        if (one.isFirst) machines.insert(one.row.uuid);
    }
    IFRIT_ASSIGN_OR_RETURN(const RowsOf known, rowsOf(in, machines));
    RowsOf added;
    std::vector<PresenceRecord> out;
    out.reserve(news.size());
    for (const CloneWatch::News& one : news) {
        const auto rows = known.find(one.row.uuid);
        const bool isPlaced = one.isFirst && rows != known.end();
        out.push_back(isPlaced ? placed(one.row, rows->second) : one.row);
        if (rows != known.end()) added[one.row.uuid].push_back(out.back());
    }
    std::vector<PresenceRecord> past;
    for (const auto& [uuid, rows] : known) {
        const auto gone = pastOf(rows, added[uuid]);
        past.insert(past.end(), gone.begin(), gone.end());
    }
    IFRIT_RETURN_IF_ERROR(in.presences().put(out));
    IFRIT_RETURN_IF_ERROR(in.presences().erase(past));
    return out;
}

}  // namespace ifrit::master::services
