// SPDX-License-Identifier: Apache-2.0
#include "master/services/head_board.h"

#include <algorithm>

namespace ifrit::master::services {

void HeadBoard::put(const release::Model& head) {
    const absl::MutexLock lock(&m_mutex);
    m_heads[head.release.id] = head;
}

void HeadBoard::replace(const std::map<std::string, release::Model>& heads) {
    const absl::MutexLock lock(&m_mutex);
    m_heads = heads;
}

std::optional<release::Model> HeadBoard::find(const std::string& id) const {
    const absl::MutexLock lock(&m_mutex);
    const auto known = m_heads.find(id);
    if (known != m_heads.end()) return known->second;
    for (const auto& [other, head] : m_heads) {
        if (std::to_string(head.release.number) == id) return head;
    }
    return std::nullopt;
}

std::size_t HeadBoard::running() const {
    const absl::MutexLock lock(&m_mutex);
    return static_cast<std::size_t>(std::count_if(
        m_heads.begin(), m_heads.end(),
        [](const auto& known) { return release::isRunning(known.second.release.state); }));
}

std::vector<release::Model> HeadBoard::list() const {
    std::vector<release::Model> out;
    {
        const absl::MutexLock lock(&m_mutex);
        for (const auto& [id, head] : m_heads)
            out.push_back(head);
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.release.number > b.release.number; });
    return out;
}

}  // namespace ifrit::master::services
