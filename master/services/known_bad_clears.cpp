// SPDX-License-Identifier: Apache-2.0
#include "master/services/known_bad_clears.h"

namespace ifrit::master::services {

void KnownBadClears::load(const std::map<std::string, std::vector<std::string>>& byUuid) {
    absl::MutexLock lock(&m_mutex);
    m_byUuid.clear();
    for (const auto& [uuid, digests] : byUuid)
        m_byUuid[uuid].insert(digests.begin(), digests.end());
    std::erase_if(m_told, [this](const auto& it) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        return m_byUuid.count(it.first) == 0;
    });
    // What was settled elsewhere was not told, should it be given again.
    for (auto& [uuid, told] : m_told) {
        const auto& standing = m_byUuid[uuid];
        std::erase_if(told, [&standing](const auto& it) { return standing.count(it) == 0; });
    }
    m_count = m_byUuid.size();
}

void KnownBadClears::add(const std::string& uuid, const std::string& digest) {
    absl::MutexLock lock(&m_mutex);
    m_byUuid[uuid].insert(digest);
    // Given again, it is told again before anything counts.
    const auto told = m_told.find(uuid);
    if (told != m_told.end()) told->second.erase(digest);
    m_count = m_byUuid.size();
}

std::vector<std::string> KnownBadClears::tell(const std::string& uuid) {
    if (m_count == 0) return {};
    absl::MutexLock lock(&m_mutex);
    const auto found = m_byUuid.find(uuid);
    if (found == m_byUuid.end()) return {};
    m_told[uuid] = found->second;
    return {found->second.begin(), found->second.end()};
}

std::vector<std::string> KnownBadClears::settle(const std::string& uuid,
                                                const std::set<std::string>& knownBad) {
    std::vector<std::string> out;
    if (m_count == 0) return out;
    absl::MutexLock lock(&m_mutex);
    const auto found = m_byUuid.find(uuid);
    const auto told = m_told.find(uuid);
    if (found == m_byUuid.end() || told == m_told.end()) return out;
    for (const std::string& digest : told->second) {
        if (knownBad.count(digest) == 0 && found->second.erase(digest) > 0) out.push_back(digest);
    }
    for (const std::string& digest : out)
        told->second.erase(digest);
    if (found->second.empty()) {
        m_byUuid.erase(found);
        m_told.erase(told);
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
