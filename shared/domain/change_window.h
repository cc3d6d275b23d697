// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ifrit::domain {

/// Hours of a week, by the clock of a time zone.
struct WeeklyWindow {
    std::uint8_t days = 0;         ///< bit 0: Monday, bit 6: Sunday; at least one
    std::chrono::minutes from{0};  ///< of the local day, 0 to 23:59
    std::chrono::minutes to{0};    ///< up to 24:00; at or before `from`: of the next day
    bool operator==(const WeeklyWindow&) const = default;
};

/// Days, both included.
struct DateRange {
    std::chrono::year_month_day first{};
    std::chrono::year_month_day last{};
    bool operator==(const DateRange&) const = default;
};

/// When change is allowed: inside of a weekly window (all the time where there is none), and on no
/// blackout date.
struct ChangeWindows {
    std::string timeZone;  ///< IANA name; empty: UTC
    std::vector<WeeklyWindow> weekly;
    std::vector<DateRange> blackouts;
    bool empty() const { return weekly.empty() && blackouts.empty(); }
    bool operator==(const ChangeWindows&) const = default;
};

inline constexpr std::size_t kMaxWeeklyWindows = 32;
inline constexpr std::size_t kMaxBlackouts = 128;
inline constexpr std::size_t kMaxTimeZoneBytes = 64;

// The one spelling of these in files, on command lines and in forms. Errors are INVALID_ARGUMENT
// (WINDOW_INVALID) with a sentence that shows the right form.

/// "Mon-Fri 09:00-17:00", "Sat,Sun 22:00-02:00" (to the next day), "daily 00:00-24:00".
absl::StatusOr<WeeklyWindow> parseWeeklyWindow(std::string_view text);
std::string formatWeeklyWindow(const WeeklyWindow& window);
/// "2026-12-24..2027-01-02", or one day: "2026-10-01".
absl::StatusOr<DateRange> parseDateRange(std::string_view text);
std::string formatDateRange(const DateRange& range);
/// "2026-10-01"
absl::StatusOr<std::chrono::year_month_day> parseDate(std::string_view text);
std::string formatDate(const std::chrono::year_month_day& day);

/// Limits of counts and values, and that the zone's name has the form of one. Whether the zone
/// exists is known where it is used (master/release/change_time.h).
absl::Status checkWindows(const ChangeWindows& windows);

}  // namespace ifrit::domain
