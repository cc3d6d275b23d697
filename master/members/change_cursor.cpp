// SPDX-License-Identifier: Apache-2.0
#include "master/members/change_cursor.h"

namespace ifrit::master::members {

void ChangeCursor::start(std::uint64_t floor, const std::vector<storage::ChangeRecord>& known,
                         base::SteadyTime now) {
    m_floor = floor;
    m_seen.clear();
    (void)take(known, now);
}

std::vector<storage::ChangeRecord> ChangeCursor::take(
    const std::vector<storage::ChangeRecord>& read, base::SteadyTime now) {
    std::vector<storage::ChangeRecord> out;
    for (const storage::ChangeRecord& change : read) {
        if (change.sequence > m_floor && m_seen.emplace(change.sequence, now).second)
            out.push_back(change);
    }
    advance(now);
    return out;
}

void ChangeCursor::advance(base::SteadyTime now) {
    while (!m_seen.empty()) {
        const auto first = m_seen.begin();
        if (first->first != m_floor + 1 && now - first->second < kPatience) return;
        m_floor = first->first;
        m_seen.erase(first);
    }
}

}  // namespace ifrit::master::members
