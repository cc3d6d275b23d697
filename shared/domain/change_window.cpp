// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/change_window.h"

#include <array>
#include <charconv>
#include <optional>

#include "shared/base/status.h"

namespace ifrit::domain {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::uint8_t kAllDays = 0x7f;
constexpr std::chrono::minutes kDay{24 * 60};

absl::Status badWindow(std::string_view text) {
    return base::invalidArgument("WINDOW_INVALID", text,
                                 "'{}' is no window; write it as \"Mon-Fri 09:00-17:00\", "
                                 "\"Sat,Sun 22:00-02:00\" or \"daily 00:00-24:00\"",
                                 text);
}

absl::Status badDate(std::string_view text) {
    return base::invalidArgument("WINDOW_INVALID", text,
                                 "'{}' is no date; write it as \"2026-12-24\" or "
                                 "\"2026-12-24..2027-01-02\"",
                                 text);
}

std::optional<int> number(std::string_view digits, std::size_t length) {
    int value = 0;
    if (digits.size() != length || digits.find_first_not_of("0123456789") != digits.npos) return {};
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<int> dayOf(std::string_view name) {
    for (std::size_t i = 0; i < kDays.size(); ++i) {
        if (kDays[i] == name) return static_cast<int>(i);
    }
    return std::nullopt;
}

/// "Mon", or "Fri-Mon", which goes over the end of the week.
std::optional<std::uint8_t> daysOf(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = dayOf(text.substr(0, dash));
    const auto last = dash == text.npos ? first : dayOf(text.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    std::uint8_t out = 0;
    for (int day = *first;; day = (day + 1) % 7) {
        out = static_cast<std::uint8_t>(out | (1U << static_cast<unsigned>(day)));
        if (day == *last) return out;
    }
}

std::optional<std::uint8_t> allDaysOf(std::string_view text) {
    if (text == "daily") return kAllDays;
    std::uint8_t out = 0;
    for (;;) {
        const std::size_t comma = text.find(',');
        const auto days = daysOf(text.substr(0, comma));
        if (!days) return std::nullopt;
        out = static_cast<std::uint8_t>(out | *days);
        if (comma == text.npos) return out;
        text.remove_prefix(comma + 1);
    }
}

std::optional<std::chrono::minutes> timeOfDay(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = number(text.substr(0, 2), 2);
    const auto minutes = number(text.substr(3), 2);
    if (!hours || !minutes || *minutes > 59) return std::nullopt;
    const std::chrono::minutes out{*hours * 60 + *minutes};
    if (out > kDay) return std::nullopt;
    return out;
}

std::string formatTime(std::chrono::minutes time) {
    return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

bool has(std::uint8_t days, unsigned day) {
    return ((static_cast<unsigned>(days) >> day) & 1U) != 0;
}

}  // namespace

absl::StatusOr<WeeklyWindow> parseWeeklyWindow(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == text.npos) return badWindow(text);
    const std::string_view times = text.substr(space + 1);
    const auto days = allDaysOf(text.substr(0, space));
    if (!days || times.size() != 11 || times[5] != '-') return badWindow(text);
    const auto from = timeOfDay(times.substr(0, 5));
    const auto to = timeOfDay(times.substr(6));
    if (!from || !to) return badWindow(text);
    const WeeklyWindow out{*days, *from, *to};
    const absl::Status valid = checkWindows({{}, {out}, {}});
    if (!valid.ok()) return badWindow(text);
    return out;
}

std::string formatWeeklyWindow(const WeeklyWindow& window) {
    std::string days;
    if (window.days == kAllDays) days = "daily";
    for (unsigned i = 0; i < 7 && window.days != kAllDays; ++i) {
        if (!has(window.days, i)) continue;
        unsigned last = i;
        while (last < 6 && has(window.days, last + 1))
            ++last;
        if (!days.empty()) days += ',';
        days += kDays[i];
        if (last > i) days += fmt::format("-{}", kDays[last]);
        i = last;
    }
    return fmt::format("{} {}-{}", days, formatTime(window.from), formatTime(window.to));
}

absl::StatusOr<std::chrono::year_month_day> parseDate(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return badDate(text);
    const auto year = number(text.substr(0, 4), 4);
    const auto month = number(text.substr(5, 2), 2);
    const auto day = number(text.substr(8), 2);
    if (!year || !month || !day) return badDate(text);
    const std::chrono::year_month_day out{std::chrono::year(*year),
                                          std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*day))};
    if (!out.ok()) return badDate(text);
    return out;
}

std::string formatDate(const std::chrono::year_month_day& day) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

absl::StatusOr<DateRange> parseDateRange(std::string_view text) {
    const std::size_t dots = text.find("..");
    const auto first = parseDate(text.substr(0, dots));
    const auto last = dots == text.npos ? first : parseDate(text.substr(dots + 2));
    if (!first.ok() || !last.ok()) return badDate(text);
    if (*last < *first) {
        return base::invalidArgument("BLACKOUT_REVERSED", text,
                                     "the end of '{}' is before its start; write \"{}..{}\"", text,
                                     formatDate(*last), formatDate(*first));
    }
    return DateRange{*first, *last};
}

std::string formatDateRange(const DateRange& range) {
    if (range.first == range.last) return formatDate(range.first);
    return fmt::format("{}..{}", formatDate(range.first), formatDate(range.last));
}

absl::Status checkWindows(const ChangeWindows& windows) {
    const auto invalid = [](const std::string& why) {
        return base::invalidArgument("WINDOW_INVALID", "windows", "{}", why);
    };
    if (windows.weekly.size() > kMaxWeeklyWindows)
        return invalid(
            fmt::format("{} weekly windows, at most {}", windows.weekly.size(), kMaxWeeklyWindows));
    if (windows.blackouts.size() > kMaxBlackouts)
        return invalid(
            fmt::format("{} blackout dates, at most {}", windows.blackouts.size(), kMaxBlackouts));
    for (const WeeklyWindow& window : windows.weekly) {
        if (window.days == 0 || window.days > kAllDays)
            return invalid("a weekly window needs a day");
        if (window.from.count() < 0 || window.from >= kDay || window.to.count() < 0 ||
            window.to > kDay || window.from == window.to)
            return invalid("a weekly window goes from a time of the day to another one");
    }
    for (const DateRange& range : windows.blackouts) {
        if (!range.first.ok() || !range.last.ok() || range.last < range.first)
            return invalid("a blackout goes from a date to the same or a later one");
    }
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    const std::string& zone = windows.timeZone;
    if (zone.size() > kMaxTimeZoneBytes || zone.find_first_not_of(kLetters) != zone.npos ||
        (!zone.empty() && (zone.front() == '/' || zone.back() == '/')))
        return invalid(fmt::format("'{}' is no time zone; write it as Asia/Shanghai or UTC", zone));
    return absl::OkStatus();
}

}  // namespace ifrit::domain
