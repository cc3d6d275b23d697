// SPDX-License-Identifier: Apache-2.0
#include "master/services/known_bad_clears.h"

namespace ifrit::master::services {

void KnownBadClears::load(const std::map<std::string, std::vector<std::string>>& byUuid) {
    absl::MutexLock lock(&m_mutex);
    m_byUuid.clear();
    for (const auto& [uuid, digests] : byUuid)
        m_byUuid[uuid].insert(digests.begin(), digests.end());
    m_count = m_byUuid.size();
}

void KnownBadClears::add(const std::string& uuid, const std::string& digest) {
    absl::MutexLock lock(&m_mutex);
    m_byUuid[uuid].insert(digest);
    m_count = m_byUuid.size();
}

std::vector<std::string> KnownBadClears::forMachine(const std::string& uuid) const {
    if (m_count == 0) return {};
    absl::MutexLock lock(&m_mutex);
    const auto found = m_byUuid.find(uuid);
    if (found == m_byUuid.end()) return {};
    return {found->second.begin(), found->second.end()};
}

bool KnownBadClears::settle(const std::string& uuid, const std::set<std::string>& knownBad) {
    if (m_count == 0) return false;
    absl::MutexLock lock(&m_mutex);
    const auto found = m_byUuid.find(uuid);
    if (found == m_byUuid.end()) return false;
    for (auto digest = found->second.begin(); digest != found->second.end();)
        digest = knownBad.count(*digest) == 0 ? found->second.erase(digest) : std::next(digest);
    if (!found->second.empty()) return false;
    m_byUuid.erase(found);
    m_count = m_byUuid.size();
    return true;
}

}  // namespace ifrit::master::services
