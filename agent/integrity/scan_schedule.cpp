// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/scan_schedule.h"

#include <algorithm>

namespace ifrit::agent::integrity {
namespace {

/// A full scan comes up to a tenth of the interval early.
constexpr double kSpread = 0.1;

}  // namespace

ScanSchedule::ScanSchedule(ScanTimes times, base::UniformRandom random)
    : m_times(times), m_random(std::move(random)) {}

std::chrono::milliseconds ScanSchedule::spread(std::chrono::milliseconds span) {
    const double part = m_random() * static_cast<double>(span.count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(part));
}

void ScanSchedule::keep(const std::set<Installation>& installed, base::SteadyTime now) {
    for (auto entry = m_entries.begin(); entry != m_entries.end();)
        entry = installed.count(entry->first) > 0 ? std::next(entry) : m_entries.erase(entry);
    for (const Installation& one : installed) {
        if (m_entries.count(one) > 0) continue;
        const auto first = std::min(m_times.first, m_times.interval);
        m_entries[one] = Entry{now + first + spread(first), now - m_times.patience};
    }
}

void ScanSchedule::noticed(const Installation& installation, base::SteadyTime now) {
    const auto entry = m_entries.find(installation);
    if (entry == m_entries.end()) return;
    if (!entry->second.firstNotice) entry->second.firstNotice = now;
    entry->second.lastNotice = now;
}

base::SteadyTime ScanSchedule::lookAt(const Entry& entry) const {
    const base::SteadyTime settled = std::min<base::SteadyTime>(
        entry.lastNotice + m_times.settle, *entry.firstNotice + m_times.patience);
    // Whoever writes there without end is looked into now and then, not without end.
    return std::max<base::SteadyTime>(settled, entry.lookedAt + m_times.patience);
}

std::optional<ScanSchedule::Due> ScanSchedule::due(base::SteadyTime now) const {
    for (const auto& [installation, entry] : m_entries) {
        if (entry.firstNotice && lookAt(entry) <= now && now < entry.fullAt) {
            return Due{installation, Depth::Changed};
        }
    }
    for (const auto& [installation, entry] : m_entries)
        if (entry.fullAt <= now) return Due{installation, Depth::Full};
    return std::nullopt;
}

std::optional<base::SteadyTime> ScanSchedule::next() const {
    std::optional<base::SteadyTime> next;
    for (const auto& [installation, entry] : m_entries) {
        base::SteadyTime at = entry.fullAt;
        if (entry.firstNotice) at = std::min(at, lookAt(entry));
        next = next ? std::min(*next, at) : at;
    }
    return next;
}

void ScanSchedule::scanned(const Due& done, base::SteadyTime begun, base::SteadyTime now) {
    const auto found = m_entries.find(done.installation);
    if (found == m_entries.end()) return;
    Entry& entry = found->second;
    entry.lookedAt = now;
    if (done.depth == Depth::Full) {
        const auto early = std::chrono::duration<double, std::milli>(m_times.interval) * kSpread;
        entry.fullAt = now + m_times.interval -
                       spread(std::chrono::duration_cast<std::chrono::milliseconds>(early));
    }
    if (entry.firstNotice && entry.lastNotice < begun) entry.firstNotice.reset();
    if (entry.firstNotice) entry.firstNotice = std::max(*entry.firstNotice, begun);
}

}  // namespace ifrit::agent::integrity
