// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/text.h"

#include <fmt/format.h>

#include <QDateTime>
#include <array>
#include <vector>

#include "shared/base/duration.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

/// What base::parseDuration() counts without an overflow.
constexpr std::chrono::hours kLongestWritten(24 * 365 * 1'000);

using std::chrono::milliseconds;

bool isWide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
           (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
           (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
           (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
           (c >= 0x20000 && c <= 0x3fffd);
}

/// What a terminal does not show but does: control characters (C0, DEL, C1), and those that turn
/// the order of what follows (Unicode TR 36, bidirectional text spoofing).
bool isObeyed(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

QDateTime toQt(base::WallTime time, Qt::TimeSpec spec) {
    return QDateTime::fromMSecsSinceEpoch(base::toUnixMillis(time), spec);
}

}  // namespace

std::string localTime(base::WallTime time) {
    if (base::toUnixMillis(time) == 0) return "-";
    const QDateTime local = toQt(time, Qt::LocalTime);
    // Qt writes an offset only for times that carry one.
    return local.toOffsetFromUtc(local.offsetFromUtc()).toString(Qt::ISODate).toStdString();
}

std::string utcTime(base::WallTime time) {
    return toQt(time, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

std::string humanBytes(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kNames = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    if (bytes < 1024) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kNames.size()) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{:.1f} {}", value, kNames[unit]);
}

std::string humanDuration(milliseconds duration) {
    return base::sayDuration(duration);
}

std::string plainMillis(milliseconds duration) {
    return std::to_string(duration.count());
}

std::string humanMicros(std::chrono::microseconds time) {
    const auto micros = static_cast<double>(time.count());
    if (micros < 1e3) return fmt::format("{} us", time.count());
    if (micros < 1e4) return fmt::format("{:.1f} ms", micros / 1e3);
    if (micros < 1e6) return fmt::format("{:.0f} ms", micros / 1e3);
    return fmt::format("{:.1f} s", micros / 1e6);
}

absl::StatusOr<milliseconds> parseDuration(std::string_view option, std::string_view text,
                                           std::chrono::hours most) {
    const absl::StatusOr<milliseconds> parsed = base::parseDuration(text, most);
    if (parsed.ok()) return *parsed;
    // It is one, and is not told that it is none.
    if (base::parseDuration(text, kLongestWritten).ok()) {
        return base::invalidArgument("USAGE", text, "{}: {} is more than {}d", option, text,
                                     most / std::chrono::hours(24));
    }
    return base::invalidArgument(
        "USAGE", text, "{}: '{}' is not a duration; write 90s, 10m, 2h or 1d, at most {}d", option,
        text, most / std::chrono::hours(24));
}

absl::StatusOr<base::WallTime> parseTime(std::string_view option, std::string_view text) {
    const QString input = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    const QDateTime time = QDateTime::fromString(input, Qt::ISODateWithMs);
    if (!time.isValid()) {
        return base::invalidArgument(
            "USAGE", text, "{}: '{}' is not a time; write 2026-01-31 or 2026-01-31T18:00:00+08:00",
            option, text);
    }
    return base::fromUnixMillis(time.toMSecsSinceEpoch());
}

absl::StatusOr<base::WallTime> parseUntil(std::string_view option, std::string_view text) {
    const QString input = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    const QDate day = QDate::fromString(input, Qt::ISODate);
    // A longer text has a time of day.
    constexpr std::size_t kDateLength = 10;
    if (text.size() != kDateLength || !day.isValid()) return parseTime(option, text);
    return base::fromUnixMillis(day.addDays(1).startOfDay().toMSecsSinceEpoch());
}

std::string joinLabels(const std::map<std::string, std::string>& labels) {
    std::vector<std::string> parts;
    for (const auto& [key, value] : labels)
        parts.push_back(key + "=" + value);
    return fmt::format("{}", fmt::join(parts, ","));
}

std::string orDash(std::string_view text) {
    return text.empty() ? "-" : std::string(text);
}

std::size_t displayWidth(std::string_view text) {
    std::size_t width = 0;
    const QString unicode = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    for (const char32_t c : unicode.toUcs4())
        width += isWide(c) ? 2 : 1;
    return width;
}

std::string printable(std::string_view text) {
    std::u32string out =
        QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toStdU32String();
    for (char32_t& c : out) {
        if (isObeyed(c)) c = c == U'\n' || c == U'\t' ? U' ' : U'?';
    }
    return QString::fromStdU32String(out).toStdString();
}

}  // namespace ifrit::gui::ctl
