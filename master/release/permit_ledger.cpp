// SPDX-License-Identifier: Apache-2.0
#include "master/release/permit_ledger.h"

#include <algorithm>
#include <iterator>

namespace ifrit::master::release {

void SlidingMachines::add(const std::string& uuid, base::WallTime at) {
    const auto known = m_newest.find(uuid);
    if (known != m_newest.end()) {
        at = std::max(at, known->second);
        m_order.erase({known->second, uuid});
    }
    m_newest[uuid] = at;
    m_order.emplace(at, uuid);
}

void SlidingMachines::forgetBefore(base::WallTime now) {
    while (!m_order.empty() && m_order.begin()->first <= now - m_window) {
        m_from = std::max(m_from, m_order.begin()->first);
        m_newest.erase(m_order.begin()->second);
        m_order.erase(m_order.begin());
    }
}

std::uint64_t SlidingMachines::count(base::WallTime now) {
    forgetBefore(now);
    return m_order.size();
}

Quota SlidingMachines::quotaFor(const std::string& uuid, std::uint64_t limit, base::WallTime now) {
    forgetBefore(now);
    Quota out;
    out.limit = limit;
    out.used = m_order.size();
    out.counted = m_newest.count(uuid) != 0;
    out.window = m_window;
    out.next = m_order.empty() ? now : m_order.begin()->first + m_window;
    return out;
}

void PermitLedger::add(const PermitRecord& record) {
    if (record.changes) m_cap.add(record.uuid, record.at);
    if (!record.late) return;
    m_late.try_emplace(record.releaseId, kLateWindow, m_from)
        .first->second.add(record.uuid, record.at);
}

bool PermitLedger::isWhole(base::WallTime now) const {
    return m_cap.isWhole(now) && m_lateForgotten <= now - kLateWindow &&
           std::all_of(m_late.begin(), m_late.end(),
                       [now](const auto& one) { return one.second.isWhole(now); });
}

Quota PermitLedger::lateFor(const std::string& releaseId, const std::string& uuid,
                            std::uint64_t limit, base::WallTime now) {
    // What nobody asks for any more would stay for ever.
    for (auto it = m_late.begin(); it != m_late.end();) {
        const bool isOver = it->second.count(now) == 0;
        if (isOver) m_lateForgotten = std::max(m_lateForgotten, it->second.from());
        it = isOver ? m_late.erase(it) : std::next(it);
    }
    return m_late.try_emplace(releaseId, kLateWindow, m_from)
        .first->second.quotaFor(uuid, limit, now);
}

}  // namespace ifrit::master::release
