// SPDX-License-Identifier: Apache-2.0
#include "master/services/head_board.h"

#include <algorithm>
#include <utility>

namespace ifrit::master::services {

void HeadBoard::put(release::Head head) {
    const absl::MutexLock lock(&m_mutex);
    m_neighbours.put(head->release, head->stamp);
    m_heads[head->release.id] = std::move(head);
}

void HeadBoard::replace(const release::Heads& heads) {
    const absl::MutexLock lock(&m_mutex);
    m_heads = heads;
    m_neighbours = {};
    for (const auto& [id, head] : m_heads)
        m_neighbours.put(head->release, head->stamp);
}

release::Head HeadBoard::find(const std::string& id) const {
    const absl::MutexLock lock(&m_mutex);
    const auto known = m_heads.find(id);
    if (known != m_heads.end()) return known->second;
    for (const auto& [other, head] : m_heads) {
        if (std::to_string(head->release.number) == id) return head;
    }
    return nullptr;
}

std::vector<release::Head> HeadBoard::list() const {
    std::vector<release::Head> out;
    {
        const absl::MutexLock lock(&m_mutex);
        for (const auto& [id, head] : m_heads)
            out.push_back(head);
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a->release.number > b->release.number; });
    return out;
}

release::Heads HeadBoard::all() const {
    const absl::MutexLock lock(&m_mutex);
    return m_heads;
}

std::size_t HeadBoard::runningCount() const {
    const absl::MutexLock lock(&m_mutex);
    return static_cast<std::size_t>(std::count_if(
        m_heads.begin(), m_heads.end(),
        [](const auto& known) { return release::isRunning(known.second->release.state); }));
}

absl::Status HeadBoard::check(const domain::Release& release, domain::ReleaseVerb verb) const {
    const absl::MutexLock lock(&m_mutex);
    return m_neighbours.check(release, verb);
}

}  // namespace ifrit::master::services
