// SPDX-License-Identifier: Apache-2.0
#include "master/release/change_time.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::master::release {
namespace {

constexpr int kHorizonDays = 400;
constexpr int kMinutesOfDay = 24 * 60;
constexpr int kMostPieces = 4'096;  ///< of open time that endOfWork() walks over

std::optional<absl::TimeZone> zoneOf(const std::string& name) {
    absl::TimeZone zone = absl::UTCTimeZone();
    if (!name.empty() && !absl::LoadTimeZone(name, &zone)) return std::nullopt;
    return zone;
}

absl::Time toAbsl(base::WallTime at) {
    return absl::FromUnixMillis(base::toUnixMillis(at));
}
base::WallTime fromAbsl(absl::Time at) {
    return base::fromUnixMillis(absl::ToUnixMillis(at));
}

absl::CivilDay civilOf(const std::chrono::year_month_day& day) {
    return absl::CivilDay(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                          static_cast<unsigned>(day.day()));
}

/// Bit of WeeklyWindow::days.
unsigned bitOf(absl::CivilDay day) {
    return 1U << static_cast<unsigned>(absl::GetWeekday(day));
}

/// Windows with the clock that they go by.
class LocalWindows {
public:
    explicit LocalWindows(const domain::ChangeWindows& windows)
        : m_windows(windows), m_zone(zoneOf(windows.timeZone)) {}

    bool isOpen(absl::Time at) const {
        if (m_windows.empty()) return true;
        if (!m_zone) return false;
        const absl::CivilSecond local = m_zone->At(at).cs;
        const absl::CivilDay day(local);
        for (const domain::DateRange& range : m_windows.blackouts) {
            if (day >= civilOf(range.first) && day <= civilOf(range.last)) return false;
        }
        const int minute = local.hour() * 60 + local.minute();
        return m_windows.weekly.empty() ||
               std::any_of(m_windows.weekly.begin(), m_windows.weekly.end(),
                           [&](const auto& window) { return holds(window, day, minute); });
    }

    /// Adds every moment of the local day that is so many days after that of `from` at which
    /// isOpen() may change.
    void addEdges(absl::Time from, int days, std::vector<absl::Time>& out) const {
        if (m_windows.empty() || !m_zone) return;
        const absl::CivilDay day = absl::CivilDay(m_zone->At(from).cs) + days;
        addMoments(day, 0, out);
        for (const domain::WeeklyWindow& window : m_windows.weekly) {
            addMoments(day, static_cast<int>(window.from.count()), out);
            addMoments(day, static_cast<int>(window.to.count()) % kMinutesOfDay, out);
        }
        absl::TimeZone::CivilTransition change;
        const absl::Time begin = m_zone->At(absl::CivilSecond(day)).trans;
        if (m_zone->NextTransition(begin - absl::Hours(1), &change)) {
            for (const absl::CivilSecond& local : {change.from, change.to}) {
                const auto moment = m_zone->At(local);
                if (moment.kind != absl::TimeZone::TimeInfo::UNIQUE) out.push_back(moment.trans);
            }
        }
    }

private:
    static bool holds(const domain::WeeklyWindow& window, absl::CivilDay day, int minute) {
        const bool today = (window.days & bitOf(day)) != 0;
        const int from = static_cast<int>(window.from.count());
        const int to = static_cast<int>(window.to.count());
        if (from < to) return today && minute >= from && minute < to;
        const bool yesterday = (window.days & bitOf(day - 1)) != 0;
        return (today && minute >= from) || (yesterday && minute < to);
    }
    void addMoments(absl::CivilDay day, int minute, std::vector<absl::Time>& out) const {
        const auto moment = m_zone->At(absl::CivilSecond(day) + minute * 60);
        out.insert(out.end(), {moment.pre, moment.trans, moment.post});
    }

    const domain::ChangeWindows& m_windows;
    const std::optional<absl::TimeZone> m_zone;
};

class BothWindows {
public:
    BothWindows(const domain::ChangeWindows& own, const domain::ChangeWindows& cluster)
        : m_own(own), m_cluster(cluster), m_always(own.empty() && cluster.empty()) {}

    bool isOpen(absl::Time at) const { return m_own.isOpen(at) && m_cluster.isOpen(at); }

    /// The first moment after `now` at which isOpen() is `wanted`.
    std::optional<base::WallTime> next(absl::Time now, bool wanted) const {
        std::vector<absl::Time> edges;
        for (int day = 0; !m_always && day <= kHorizonDays; ++day) {
            // 24 h after 24 h; local days of two zones, and long and short ones, overlap them.
            const absl::Time begin = now + day * absl::Hours(24);
            edges.clear();
            for (int local = day - 1; local <= day + 2; ++local) {
                m_own.addEdges(now, local, edges);
                m_cluster.addEdges(now, local, edges);
            }
            std::sort(edges.begin(), edges.end());
            for (const absl::Time edge : edges) {
                if (edge > begin && edge <= begin + absl::Hours(24) && isOpen(edge) == wanted)
                    return fromAbsl(edge);
            }
        }
        return std::nullopt;
    }

private:
    const LocalWindows m_own;
    const LocalWindows m_cluster;
    const bool m_always;
};

const domain::ChangeWindows& blackoutsOf(const Conditions& conditions) {
    static const domain::ChangeWindows kNone;
    return conditions.rules == nullptr ? kNone : conditions.rules->blackouts;
}

}  // namespace

std::uint64_t ChangeCap::limit(std::uint64_t clusterMachines) const {
    if (machines != 0) return machines;
    return std::max<std::uint64_t>(1, clusterMachines * percent / 100);
}

absl::Status checkTimeZone(const std::string& name) {
    if (zoneOf(name)) return absl::OkStatus();
    return base::invalidArgument(
        "TIME_ZONE", name, "there is no time zone {}; write it as Asia/Shanghai or UTC", name);
}

bool isChangeOpen(const domain::ChangeWindows& own, const domain::ChangeWindows& cluster,
                  base::WallTime now) {
    if (own.empty() && cluster.empty()) return true;
    return BothWindows(own, cluster).isOpen(toAbsl(now));
}

ChangeTime changeTimeAt(const domain::ChangeWindows& own, const domain::ChangeWindows& cluster,
                        base::WallTime now) {
    const BothWindows both(own, cluster);
    ChangeTime out;
    out.open = both.isOpen(toAbsl(now));
    (out.open ? out.closes : out.opens) = both.next(toAbsl(now), !out.open);
    return out;
}

std::optional<base::WallTime> endOfWork(const domain::ChangeWindows& own,
                                        const domain::ChangeWindows& cluster, base::WallTime now,
                                        std::chrono::milliseconds work) {
    for (int piece = 0; piece < kMostPieces; ++piece) {
        const ChangeTime time = changeTimeAt(own, cluster, now);
        if (!time.open) {
            if (!time.opens) return std::nullopt;
            now = *time.opens;
            continue;
        }
        if (!time.closes || *time.closes - now >= work) return now + work;
        work -= std::chrono::duration_cast<std::chrono::milliseconds>(*time.closes - now);
        now = *time.closes;
    }
    return std::nullopt;
}

std::string formatLocal(base::WallTime at, const std::string& timeZone) {
    const auto zone = zoneOf(timeZone);
    return fmt::format(
        "{} {}", absl::FormatTime("%Y-%m-%d %H:%M", toAbsl(at), zone.value_or(absl::TimeZone())),
        zone && !timeZone.empty() ? timeZone : std::string("UTC"));
}

bool isClosed(const domain::ChangeWindows& own, const Conditions& conditions, base::WallTime now,
              Bound bound) {
    return conditions.freeze != nullptr ||
           (bound == Bound::WindowsToo && !isChangeOpen(own, blackoutsOf(conditions), now));
}

ChangeBar changeBarOf(const domain::ChangeWindows& own, const Conditions& conditions,
                      base::WallTime now, Bound bound) {
    if (conditions.freeze != nullptr) {
        const domain::FreezeMark& freeze = *conditions.freeze;
        return {kFrozen,
                fmt::format("{} froze the cluster: {}; nothing changes until it is unfrozen",
                            freeze.by, freeze.reason),
                std::nullopt};
    }
    const domain::ChangeWindows& cluster = blackoutsOf(conditions);
    if (bound == Bound::FreezeOnly || isChangeOpen(own, cluster, now)) return {};
    const auto opens = changeTimeAt(own, cluster, now).opens;
    const std::string& zone = own.empty() ? cluster.timeZone : own.timeZone;
    return {kOutsideWindow,
            opens ? fmt::format("outside of the windows for changes, which open {}",
                                formatLocal(*opens, zone))
                  : std::string("outside of the windows for changes, and none opens within 400 "
                                "days"),
            opens};
}

}  // namespace ifrit::master::release
