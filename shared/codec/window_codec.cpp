// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/window_codec.h"

#include "shared/base/status.h"
#include "shared/codec/limits.h"

namespace ifrit::codec {
namespace {

constexpr std::uint32_t kDayMinutes = 24 * 60;

absl::StatusOr<domain::WeeklyWindow> fromWire(const v1::WeeklyWindow& wire) {
    const auto invalid = [] {
        return base::invalidArgument("WINDOW_INVALID", "windows",
                                     "a weekly window has days from 1 to 7 and minutes of a day");
    };
    if (wire.from_minute() > kDayMinutes || wire.to_minute() > kDayMinutes) return invalid();
    domain::WeeklyWindow out;
    for (const std::uint32_t day : wire.days()) {
        if (day < 1 || day > 7) return invalid();
        out.days = static_cast<std::uint8_t>(out.days | (1U << (day - 1)));
    }
    out.from = std::chrono::minutes(wire.from_minute());
    out.to = std::chrono::minutes(wire.to_minute());
    return out;
}

v1::WeeklyWindow toWire(const domain::WeeklyWindow& window) {
    v1::WeeklyWindow out;
    for (unsigned day = 0; day < 7; ++day) {
        if (((static_cast<unsigned>(window.days) >> day) & 1U) != 0) out.add_days(day + 1);
    }
    out.set_from_minute(static_cast<std::uint32_t>(window.from.count()));
    out.set_to_minute(static_cast<std::uint32_t>(window.to.count()));
    return out;
}

}  // namespace

v1::DateRange toWire(const domain::DateRange& range) {
    v1::DateRange out;
    out.set_first(domain::formatDate(range.first));
    out.set_last(domain::formatDate(range.last));
    return out;
}

absl::StatusOr<domain::DateRange> fromWire(const v1::DateRange& range) {
    domain::DateRange out;
    IFRIT_ASSIGN_OR_RETURN(out.first, domain::parseDate(range.first()));
    IFRIT_ASSIGN_OR_RETURN(out.last, domain::parseDate(range.last()));
    return out;
}

v1::ChangeWindows toWire(const domain::ChangeWindows& windows) {
    v1::ChangeWindows out;
    out.set_time_zone(windows.timeZone);
    for (const domain::WeeklyWindow& window : windows.weekly)
        *out.add_weekly() = toWire(window);
    for (const domain::DateRange& range : windows.blackouts)
        *out.add_blackouts() = toWire(range);
    return out;
}

absl::StatusOr<domain::ChangeWindows> fromWire(const v1::ChangeWindows& windows) {
    domain::ChangeWindows out;
    IFRIT_RETURN_IF_ERROR(checkCount("weekly windows",
                                     static_cast<std::size_t>(windows.weekly_size()),
                                     domain::kMaxWeeklyWindows));
    IFRIT_RETURN_IF_ERROR(checkCount("blackout dates",
                                     static_cast<std::size_t>(windows.blackouts_size()),
                                     domain::kMaxBlackouts));
    out.timeZone = windows.time_zone();
    for (const v1::WeeklyWindow& wire : windows.weekly()) {
        IFRIT_ASSIGN_OR_RETURN(const domain::WeeklyWindow window, fromWire(wire));
        out.weekly.push_back(window);
    }
    for (const v1::DateRange& wire : windows.blackouts()) {
        IFRIT_ASSIGN_OR_RETURN(const domain::DateRange range, fromWire(wire));
        out.blackouts.push_back(range);
    }
    IFRIT_RETURN_IF_ERROR(domain::checkWindows(out));
    return out;
}

}  // namespace ifrit::codec
