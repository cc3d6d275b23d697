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
    m_newestKnown = known.empty() ? floor : known.back().sequence;
    m_sweeps = true;
    (void)take(known, now);
}

bool ChangeCursor::hasMissed(const storage::ChangeSpan& span, base::SteadyTime now) const {
    // Of a table that was never that long nothing has been removed, and its first numbers may be
    // gaps.
    if (m_floor == 0 && m_seen.empty()) return span.first > kInFlight;
    // What is removed has been there for minutes, and was seen by whoever read meanwhile.
    const std::uint64_t newest = m_seen.empty() ? m_floor : m_seen.rbegin()->first;
    if (span.first > newest + 1) return true;
    return m_floor != 0 && span.first > m_floor + 1 && now - m_lastTake >= kFrozen;
}

std::uint64_t ChangeCursor::readAfter(base::SteadyTime now) {
    m_sweeps = now >= m_nextSweep;
    if (m_sweeps) {
        m_nextSweep = now + kSweep;
        return m_floor;
    }
    const auto young =
        std::partition_point(m_seen.begin(), m_seen.end(), [this, now](const auto& change) {
            return change.first <= m_newestKnown || now - change.second >= kYoung;
        });
    m_sweeps = young == m_seen.begin();
    return m_sweeps ? m_floor : std::prev(young)->first;
}

std::vector<storage::ChangeRecord> ChangeCursor::take(
    const std::vector<storage::ChangeRecord>& read, base::SteadyTime asked) {
    m_lastTake = asked;
    std::vector<storage::ChangeRecord> out;
    for (const storage::ChangeRecord& change : read) {
        if (change.sequence <= m_floor) continue;
        const auto higher = m_seen.lower_bound(change.sequence);
        if (higher != m_seen.end() && higher->first == change.sequence) continue;
        // What is left of a gap is as old as the gap.
        m_seen.emplace_hint(higher, change.sequence,
                            higher == m_seen.end() ? asked : higher->second);
        out.push_back(change);
    }
    advance(asked);
    return out;
}

void ChangeCursor::advance(base::SteadyTime asked) {
    while (!m_seen.empty()) {
        const auto first = m_seen.begin();
        // Given up only by a look that would have found it.
        const bool isGivenUp = m_sweeps && asked - first->second >= m_patience;
        if (first->first != m_floor + 1 && !isGivenUp) return;
        m_floor = first->first;
        m_seen.erase(first);
    }
}

}  // namespace ifrit::master::members
