// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "shared/base/clock.h"
#include "shared/base/duration.h"
#include "shared/base/wording.h"

namespace ifrit::gui::ctl {

/// RFC 3339 in local time with its offset, seconds; "-" for the epoch (none).
std::string localTime(base::WallTime time);
/// RFC 3339 in UTC with milliseconds.
std::string utcTime(base::WallTime time);
/// "512 B", "3.4 MiB".
std::string humanBytes(std::uint64_t bytes);
/// base::sayDuration().
std::string humanDuration(std::chrono::milliseconds duration);
/// Milliseconds, for CSV.
std::string plainMillis(std::chrono::milliseconds duration);
/// "850 us", "1.2 ms", "12 ms", "1.5 s".
std::string humanMicros(std::chrono::microseconds time);
/// "500ms", "90s", "10m", "2h", "1d", not more than `most`. INVALID_ARGUMENT (USAGE) else, which
/// names the `option`.
absl::StatusOr<std::chrono::milliseconds> parseDuration(
    std::string_view option, std::string_view text, std::chrono::hours most = base::kMostDuration);
/// RFC 3339 text, or a date: where that day begins. INVALID_ARGUMENT (USAGE) else.
absl::StatusOr<base::WallTime> parseTime(std::string_view option, std::string_view text);
/// The same for the end of a span: a date is in it, up to where the next day begins.
absl::StatusOr<base::WallTime> parseUntil(std::string_view option, std::string_view text);
using base::countOf;
/// "k=v,k=v".
std::string joinLabels(const std::map<std::string, std::string>& labels);
/// `text`, or "-" where it is empty: a gap in a table reads like a defect.
std::string orDash(std::string_view text);
/// Columns that a terminal needs for UTF-8 text; East Asian wide characters count two.
std::size_t displayWidth(std::string_view text);
/// Control characters and those that turn the reading order as '?', bytes that are no UTF-8 as
/// U+FFFD: what a machine or a package says must not steer the terminal.
std::string printable(std::string_view text);

}  // namespace ifrit::gui::ctl
