// SPDX-License-Identifier: Apache-2.0
#include "master/services/known_bad_clears.h"

#include <algorithm>
#include <utility>

#include "shared/base/hashing.h"
#include "shared/base/ids.h"

namespace ifrit::master::services {

domain::KnownBadClear newClear(std::string digest) {
    return {std::move(digest), std::max<std::uint64_t>(base::xxh3(base::randomUuid()), 1)};
}

void KnownBadClears::load(const storage::KnownBadClearsByUuid& byUuid) {
    absl::MutexLock lock(&m_mutex);
    m_byUuid.clear();
    for (const auto& [uuid, clears] : byUuid) {
        for (const domain::KnownBadClear& clear : clears)
            m_byUuid[uuid][clear.digest] = clear.id;
    }
    std::erase_if(m_told, [this](const auto& it) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        return m_byUuid.count(it.first) == 0;
    });
    m_count = m_byUuid.size();
}

void KnownBadClears::take(const std::set<std::string>& uuids,
                          const storage::KnownBadClearsByUuid& byUuid) {
    absl::MutexLock lock(&m_mutex);
    for (const std::string& uuid : uuids) {
        const auto found = byUuid.find(uuid);
        if (found == byUuid.end()) {
            m_byUuid.erase(uuid);
            m_told.erase(uuid);
            continue;
        }
        Ids& held = m_byUuid[uuid];
        held.clear();
        for (const domain::KnownBadClear& clear : found->second)
            held[clear.digest] = clear.id;
    }
    m_count = m_byUuid.size();
}

void KnownBadClears::add(const std::string& uuid, const domain::KnownBadClear& clear) {
    absl::MutexLock lock(&m_mutex);
    m_byUuid[uuid][clear.digest] = clear.id;
    m_count = m_byUuid.size();
}

std::vector<domain::KnownBadClear> KnownBadClears::tell(const std::string& uuid) {
    if (m_count == 0) return {};
    absl::MutexLock lock(&m_mutex);
    const auto found = m_byUuid.find(uuid);
    if (found == m_byUuid.end()) return {};
    m_told[uuid] = found->second;
    std::vector<domain::KnownBadClear> out;
    for (const auto& [digest, id] : found->second)
        out.push_back({digest, id});
    return out;
}

std::vector<domain::KnownBadClear> KnownBadClears::settle(const std::string& uuid,
                                                          const Said& said) {
    std::vector<domain::KnownBadClear> out;
    if (m_count == 0) return out;
    absl::MutexLock lock(&m_mutex);
    const auto found = m_byUuid.find(uuid);
    if (found == m_byUuid.end()) return out;
    const Ids none;
    const auto heard = m_told.find(uuid);
    const Ids& told = heard == m_told.end() ? none : heard->second;
    for (const auto& [digest, id] : found->second) {
        const auto it = told.find(digest);
        // Given anew, it is told again before the absence of the version counts.
        const bool isTold = it != told.end() && it->second == id;
        const bool isForgotten = isTold && said.knownBad.count(digest) == 0;
        if (said.obeyed.count(id) > 0 || isForgotten) out.push_back({digest, id});
    }
    for (const domain::KnownBadClear& clear : out)
        found->second.erase(clear.digest);
    if (found->second.empty()) {
        m_byUuid.erase(found);
        m_told.erase(uuid);
    }
    m_count = m_byUuid.size();
    return out;
}

void KnownBadClears::drop(const std::string& uuid) {
    absl::MutexLock lock(&m_mutex);
    m_byUuid.erase(uuid);
    m_told.erase(uuid);
    m_count = m_byUuid.size();
}

}  // namespace ifrit::master::services
