// SPDX-License-Identifier: Apache-2.0
#include "master/release/change_time.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::master::release {
namespace {

constexpr int kHorizonDays = 400;
constexpr int kMostPieces = 4'096;  ///< of open time that endOfWork() walks over

std::optional<absl::TimeZone> zoneOf(const std::string& name) {
    absl::TimeZone zone = absl::UTCTimeZone();
    if (!name.empty() && !absl::LoadTimeZone(name, &zone)) return std::nullopt;
    return zone;
}

absl::Time toAbsl(base::WallTime at) {
    return absl::FromUnixMillis(base::toUnixMillis(at));
}

absl::CivilDay civilOf(const std::chrono::year_month_day& day) {
    return absl::CivilDay(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                          static_cast<unsigned>(day.day()));
}

/// Bit of WeeklyWindow::days.
unsigned bitOf(absl::CivilDay day) {
    return 1U << static_cast<unsigned>(absl::GetWeekday(day));
}

using Millis = std::int64_t;  ///< of Unix time, or of a clock on the wall as if it were UTC's

constexpr Millis kMinute = 60'000;
constexpr Millis kDay = 24 * 60 * kMinute;
constexpr Millis kWeek = 7 * kDay;
constexpr Millis kFirstMonday = 4 * kDay;  ///< 1970-01-05
constexpr Millis kNever = std::numeric_limits<Millis>::max();

/// Weekly windows as the open parts of a week of their clock.
class Week {
public:
    explicit Week(const std::vector<domain::WeeklyWindow>& windows) {
        if (windows.empty()) m_parts.push_back({0, kWeek});
        for (const domain::WeeklyWindow& window : windows) {
            for (int day = 0; day < 7; ++day) {
                if ((window.days & (1U << static_cast<unsigned>(day))) != 0) add(window, day);
            }
        }
        std::sort(m_parts.begin(), m_parts.end(),
                  [](const Part& a, const Part& b) { return a.from < b.from; });
        std::vector<Part> merged;
        for (const Part& part : m_parts) {
            if (merged.empty() || part.from > merged.back().to)
                merged.push_back(part);
            else
                merged.back().to = std::max(merged.back().to, part.to);
        }
        m_parts = std::move(merged);
    }

    /// The first moment from `local` on at which it is open.
    Millis openFrom(Millis local) const {
        if (m_parts.empty()) return kNever;
        const Place place = placeOf(local);
        if (place.part == m_parts.end()) return place.week + kWeek + m_parts.front().from;
        return std::max(local, place.week + place.part->from);
    }
    /// At which it is closed.
    Millis closedFrom(Millis local) const {
        const Place place = placeOf(local);
        if (place.part == m_parts.end() || local < place.week + place.part->from) return local;
        if (place.part->to < kWeek) return place.week + place.part->to;
        // On into the next week.
        if (m_parts.front().from != 0) return place.week + kWeek;
        return m_parts.size() == 1 ? kNever : place.week + kWeek + m_parts.front().to;
    }

private:
    /// From its Monday on.
    struct Part {
        Millis from = 0;
        Millis to = 0;
    };
    struct Place {
        Millis week = 0;                         ///< its begin
        std::vector<Part>::const_iterator part;  ///< that ends next
    };

    void add(const domain::WeeklyWindow& window, int day) {
        const Millis begin = day * kDay;
        const Millis from = begin + window.from.count() * kMinute;
        const Millis to =
            begin + window.to.count() * kMinute + (window.from < window.to ? 0 : kDay);
        m_parts.push_back({from, std::min(to, kWeek)});
        if (to > kWeek) m_parts.push_back({0, to - kWeek});
    }
    Place placeOf(Millis local) const {
        const Millis since = local - kFirstMonday;
        const Millis position = ((since % kWeek) + kWeek) % kWeek;
        const auto part = std::upper_bound(m_parts.begin(), m_parts.end(), position,
                                           [](Millis at, const Part& one) { return at < one.to; });
        return {local - position, part};
    }

    std::vector<Part> m_parts;  // in order; none touches another but over the week's end
};

/// Time in which a clock is not shifted and no blackout begins or ends: there each week is as the
/// one before.
struct Stretch {
    Millis until = kNever;
    Millis ahead = 0;  ///< of the clock, before UTC's
    bool isBlackedOut = false;
};

/// Windows with the clock that they go by.
class LocalWindows {
public:
    explicit LocalWindows(const domain::ChangeWindows& windows)
        : m_windows(windows), m_zone(zoneOf(windows.timeZone)) {}

    bool isKnown() const { return m_windows.empty() || m_zone; }

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

    /// The one that `at` lies in.
    Stretch stretchAt(Millis at) const {
        Stretch out;
        if (m_windows.empty() || !m_zone) return out;
        const absl::Time begin = absl::FromUnixMillis(at);
        const absl::TimeZone::CivilInfo local = m_zone->At(begin);
        const absl::CivilDay day(local.cs);
        out.ahead = Millis{local.offset} * 1'000;
        // Up to the next shift, by this clock.
        const auto reaches = [&](absl::CivilSecond to) {
            const Millis moment =
                at - absl::ToInt64Milliseconds(local.subsecond) + (to - local.cs) * 1'000;
            if (moment > at) out.until = std::min(out.until, moment);
        };
        absl::TimeZone::CivilTransition shift;
        if (m_zone->NextTransition(begin, &shift)) reaches(shift.from);
        for (const domain::DateRange& range : m_windows.blackouts) {
            const absl::CivilDay first = civilOf(range.first);
            const absl::CivilDay after = civilOf(range.last) + 1;
            if (first > day) reaches(absl::CivilSecond(first));
            if (after > day) reaches(absl::CivilSecond(after));
            if (day >= first && day < after) out.isBlackedOut = true;
        }
        return out;
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

    const domain::ChangeWindows& m_windows;
    const std::optional<absl::TimeZone> m_zone;
};

/// Looks from stretch to stretch, and at no more than a week of each.
class Calendar {
public:
    Calendar(const domain::ChangeWindows& own, const domain::ChangeWindows& cluster)
        : m_windows{{LocalWindows(own), LocalWindows(cluster)}},
          m_weeks{{Week(own.weekly), Week(cluster.weekly)}},
          m_always(own.empty() && cluster.empty()) {}

    ChangeTime at(base::WallTime now) {
        ChangeTime out;
        m_looks = 0;
        out.open = m_windows[0].isOpen(toAbsl(now)) && m_windows[1].isOpen(toAbsl(now));
        (out.open ? out.closes : out.opens) = next(base::toUnixMillis(now), !out.open);
        out.looks = m_looks;
        return out;
    }

private:
    using Stretches = std::array<Stretch, 2>;

    /// The first moment after `now` at which it is as `open` says.
    std::optional<base::WallTime> next(Millis now, bool open) {
        if (m_always || !m_windows[0].isKnown() || !m_windows[1].isKnown()) return std::nullopt;
        const Millis end = now + kHorizonDays * kDay;
        for (Millis at = now; at <= end;) {
            const Stretches of{{m_windows[0].stretchAt(at), m_windows[1].stretchAt(at)}};
            const Millis until = std::min({of[0].until, of[1].until, end + 1});
            const Millis seen = std::min(until, at + kWeek);
            const Millis found = open ? openFrom(of, at, seen) : closedFrom(of, at);
            if (found < seen) return base::fromUnixMillis(found);
            at = until;
        }
        return std::nullopt;
    }

    Millis openFrom(const Stretches& of, Millis at, Millis until) {
        ++m_looks;
        if (of[0].isBlackedOut || of[1].isBlackedOut) return kNever;
        // Each in turn leaps to where it opens, until one finds the other open.
        std::size_t agree = 0;
        for (std::size_t turn = 0; agree < 2 && at < until; turn = 1 - turn) {
            ++m_looks;
            const Millis ahead = of[turn].ahead;
            const Millis opens = m_weeks[turn].openFrom(at + ahead);
            if (opens == kNever) return kNever;
            agree = opens - ahead == at ? agree + 1 : 1;
            at = opens - ahead;
        }
        return at;
    }

    Millis closedFrom(const Stretches& of, Millis at) {
        ++m_looks;
        if (of[0].isBlackedOut || of[1].isBlackedOut) return at;
        Millis out = kNever;
        for (std::size_t one = 0; one < 2; ++one) {
            const Millis closes = m_weeks[one].closedFrom(at + of[one].ahead);
            if (closes != kNever) out = std::min(out, closes - of[one].ahead);
        }
        return out;
    }

    const std::array<LocalWindows, 2> m_windows;
    const std::array<Week, 2> m_weeks;
    const bool m_always;
    std::size_t m_looks = 0;
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
    return LocalWindows(own).isOpen(toAbsl(now)) && LocalWindows(cluster).isOpen(toAbsl(now));
}

ChangeTime changeTimeAt(const domain::ChangeWindows& own, const domain::ChangeWindows& cluster,
                        base::WallTime now) {
    return Calendar(own, cluster).at(now);
}

std::optional<base::WallTime> endOfWork(const domain::ChangeWindows& own,
                                        const domain::ChangeWindows& cluster, base::WallTime now,
                                        std::chrono::milliseconds work) {
    Calendar calendar(own, cluster);
    for (int piece = 0; piece < kMostPieces; ++piece) {
        const ChangeTime time = calendar.at(now);
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
