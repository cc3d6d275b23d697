// SPDX-License-Identifier: Apache-2.0
#include "master/members/change_cursor.h"

#include <algorithm>
#include <iterator>

namespace ifrit::master::members {

std::chrono::milliseconds ChangeCursor::patienceFor(std::chrono::milliseconds answerTimeout) {
    return std::max<std::chrono::milliseconds>(kLeastPatience, 3 * answerTimeout);
}

std::uint64_t ChangeCursor::beginning(const storage::ChangeSpan& span) {
    if (span.last <= kInFlight) return 0;
    // Nothing is below the first, but what was removed minutes ago.
    return std::max(span.last - kInFlight, span.first - 1);
}

void ChangeCursor::start(std::uint64_t floor, const std::vector<storage::ChangeRecord>& known,
                         base::SteadyTime now) {
    m_floor = floor;
    m_seen.clear();
    m_nextSweep = {};
    (void)take(known, now);
}

bool ChangeCursor::hasMissed(const storage::ChangeSpan& span) const {
    // The row at the floor of whoever removes is left, and everybody else's floor is higher. Of a
    // table that was never that long nothing has been removed, and its first numbers may be gaps.
    return m_floor == 0 ? span.first > kInFlight : span.first > m_floor + 1;
}

std::uint64_t ChangeCursor::readAfter(base::SteadyTime now) {
    if (now >= m_nextSweep) {
        m_nextSweep = now + kSweep;
        return m_floor;
    }
    const auto young =
        std::partition_point(m_seen.begin(), m_seen.end(),
                             [now](const auto& change) { return now - change.second >= kYoung; });
    return young == m_seen.begin() ? m_floor : std::prev(young)->first;
}

std::vector<storage::ChangeRecord> ChangeCursor::take(
    const std::vector<storage::ChangeRecord>& read, base::SteadyTime now) {
    std::vector<storage::ChangeRecord> out;
    for (const storage::ChangeRecord& change : read) {
        if (change.sequence <= m_floor) continue;
        const auto higher = m_seen.lower_bound(change.sequence);
        if (higher != m_seen.end() && higher->first == change.sequence) continue;
        // What is left of a gap is as old as the gap.
        m_seen.emplace_hint(higher, change.sequence, higher == m_seen.end() ? now : higher->second);
        out.push_back(change);
    }
    advance(now);
    return out;
}

void ChangeCursor::advance(base::SteadyTime now) {
    while (!m_seen.empty()) {
        const auto first = m_seen.begin();
        if (first->first != m_floor + 1 && now - first->second < m_patience) return;
        m_floor = first->first;
        m_seen.erase(first);
    }
}

}  // namespace ifrit::master::members
