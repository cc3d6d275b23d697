// SPDX-License-Identifier: Apache-2.0
// Fleet's journal: what changed since somebody last asked.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "master/services/fleet.h"

namespace ifrit::master::services {

void Fleet::collectChanges() {
    bool hasLost = false;
    for (Shard& shard : m_shards) {
        std::vector<SharedText> changed;
        {
            absl::MutexLock lock(&shard.mutex);
            changed.swap(shard.changed);
            hasLost |= std::exchange(shard.hasLost, false);
        }
        for (SharedText& uuid : changed)
            m_journal.push_back(std::move(uuid));
        m_journalEnd += changed.size();
    }
    while (m_journal.size() > kJournalLimit)
        m_journal.pop_front();
    if (!hasLost) return;
    // No sequence that was given out before leads past the gap.
    m_journal.clear();
    ++m_journalEnd;
}

std::size_t Fleet::pendingChanges() const {
    std::size_t out = 0;
    for (const Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        out += shard.changed.size();
    }
    return out;
}

std::optional<Fleet::Changes> Fleet::changesSince(std::uint64_t after) {
    absl::MutexLock lock(&m_journalMutex);
    collectChanges();
    const std::uint64_t begin = m_journalEnd - m_journal.size();
    if (after < begin || after > m_journalEnd) return std::nullopt;
    Changes out;
    out.sequence = m_journalEnd;
    std::unordered_set<const std::string*> seen;
    for (auto i = static_cast<std::size_t>(after - begin); i < m_journal.size(); ++i) {
        const SharedText& uuid = m_journal[i];
        if (seen.insert(&*uuid).second) out.uuids.push_back(uuid);
    }
    return out;
}

std::uint64_t Fleet::lastSequence() {
    absl::MutexLock lock(&m_journalMutex);
    collectChanges();
    return m_journalEnd;
}

}  // namespace ifrit::master::services
