// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/text_format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ifrit::gui::models {
namespace {

constexpr QChar kThinSpace(0x2009);

QDateTime dateTime(base::WallTime time, const QTimeZone& zone) {
    return QDateTime::fromMSecsSinceEpoch(base::toUnixMillis(time), zone);
}

}  // namespace

QString grouped(qint64 number) {
    QString text = QString::number(std::abs(number));
    for (qsizetype at = text.size() - 3; at > 0; at -= 3)
        text.insert(at, kThinSpace);
    return number < 0 ? QChar(0x2212) + text : text;
}

bool isTyped(const QString& text, qint64 number) {
    static const QRegularExpression form(QStringLiteral("^\\d+$|^\\d{1,3}(?:[ ,]\\d{3})+$"));
    // Full-width digits and commas, as Chinese input has them, and thin spaces become plain ones.
    QString plain = text.normalized(QString::NormalizationForm_KC).trimmed();
    if (!form.match(plain).hasMatch()) return false;
    plain.removeIf([](QChar c) { return !c.isDigit(); });
    return plain == QString::number(number);
}

QString inARow(const QStringList& parts) {
    QString out;
    for (const QString& part : parts)
        out = out.isEmpty() ? part
                            : QCoreApplication::translate("ifrit::gui::models", "%1, %2",
                                                          "parts of one sentence")
                                  .arg(out, part);
    return out;
}

int pluralOf(std::uint64_t number) {
    return static_cast<int>(std::min<std::uint64_t>(number, std::numeric_limits<int>::max()));
}

QString percent(double part, double whole) {
    if (whole <= 0) return QStringLiteral("–");
    double value = 100.0 * part / whole;
    const bool all = part >= whole;
    if (all) return QStringLiteral("100 %");
    if (part <= 0) return QStringLiteral("0 %");
    // One machine of a million that fails must not read as 100 %.
    value = std::clamp(value, 0.01, 99.99);
    const int digits = value > 99 || value < 1 ? 2 : 1;
    return QString::number(value, 'f', digits) + QStringLiteral(" %");
}

QString coreShare(double percent) {
    constexpr double kTenthsFrom = 9.995;
    return QString::number(percent, 'f', percent < kTenthsFrom ? 2 : 1) + QStringLiteral(" %");
}

QString bytes(std::uint64_t count) {
    static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(count);
    int unit = 0;
    while (value >= 1024 && unit < 4) {
        value /= 1024;
        ++unit;
    }
    return QString::number(value, 'f', unit == 0 || value >= 100 ? 0 : 1) + kThinSpace +
           QLatin1String(kUnits[unit]);
}

QString rate(double perSecond) {
    constexpr double kWholeFrom = 100;
    const double tenths = std::round(perSecond * 10) / 10;
    if (tenths >= kWholeFrom || tenths == std::floor(tenths)) return grouped(std::llround(tenths));
    return QString::number(tenths, 'f', 1);
}

QString shortTime(double microseconds) {
    if (microseconds <= 0) return QStringLiteral("0");
    double value = microseconds;
    int unit = 0;
    while (value >= 999.5 && unit < 2) {
        value /= 1'000;
        ++unit;
    }
    const bool whole = unit == 0 || value >= 9.95 || std::abs(value - std::round(value)) < 0.05;
    const QString text = unit == 0   ? TimeText::tr("%1 µs")
                         : unit == 1 ? TimeText::tr("%1 ms")
                                     : TimeText::tr("%1 s");
    return QString(text)
        .replace(QLatin1Char(' '), kThinSpace)
        .arg(QString::number(value, 'f', whole ? 0 : 1));
}

QString shortDigest(const std::string& digest) {
    if (digest.empty()) return {};
    return toText(digest).left(12) + QChar(0x2026);
}

QString toText(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QVariant timeValue(const std::optional<base::WallTime>& time) {
    if (!time || base::toUnixMillis(*time) == 0) return {};
    return QDateTime::fromMSecsSinceEpoch(base::toUnixMillis(*time), Qt::UTC)
        .toString(Qt::ISODateWithMs);
}

TimeText::TimeText(const base::Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {}

void TimeText::choose(Zone zone) {
    if (zone == m_zone) return;
    m_zone = zone;
    Q_EMIT changed();
}

QTimeZone TimeText::timeZone() const {
    return m_zone == Zone::Utc ? QTimeZone::utc() : QTimeZone::systemTimeZone();
}

QString TimeText::zoneText() const {
    return offsetAt(now());
}

QString TimeText::offsetAt(base::WallTime time) const {
    const int seconds = timeZone().offsetFromUtc(dateTime(time, QTimeZone::utc()));
    return QStringLiteral("UTC%1%2:%3")
        .arg(seconds < 0 ? QChar(0x2212) : QLatin1Char('+'))
        .arg(std::abs(seconds) / 3600, 2, 10, QLatin1Char('0'))
        .arg(std::abs(seconds) / 60 % 60, 2, 10, QLatin1Char('0'));
}

QString TimeText::at(base::WallTime time) const {
    if (base::toUnixMillis(time) == 0) return {};
    const QDateTime then = dateTime(time, timeZone());
    const QDateTime today = dateTime(now(), timeZone());
    const bool thisYear = then.date().year() == today.date().year();
    const QString form = then.date() == today.date() ? QStringLiteral("HH:mm:ss")
                         : thisYear                  ? tr("d MMM HH:mm")
                                                     : tr("d MMM yyyy HH:mm");
    // The offset of that moment, not of now: summer time is told as it was.
    return QLocale().toString(then, form) + QLatin1Char(' ') + offsetAt(time).mid(3);
}

QString TimeText::at(const std::optional<base::WallTime>& time) const {
    return time ? at(*time) : QString();
}

QString TimeText::full(base::WallTime time) const {
    if (base::toUnixMillis(time) == 0) return {};
    return dateTime(time, timeZone()).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss ")) +
           offsetAt(time).mid(3);
}

QString TimeText::since(base::WallTime time) const {
    if (base::toUnixMillis(time) == 0) return {};
    return duration(std::max(now() - time, std::chrono::milliseconds(0)));
}

QString TimeText::duration(std::chrono::milliseconds length) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(length).count();
    const auto two = [](std::int64_t value) {
        return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0'));
    };
    if (seconds < 3'600) return two(seconds / 60) + QLatin1Char(':') + two(seconds % 60);
    if (seconds < 86'400) {
        return two(seconds / 3'600) + QLatin1Char(':') + two(seconds / 60 % 60) + QLatin1Char(':') +
               two(seconds % 60);
    }
    return tr("%1 d %2 h").arg(seconds / 86'400).arg(seconds / 3'600 % 24);
}

QString TimeText::length(std::chrono::milliseconds length) {
    if (length.count() % 1'000 != 0 && length.count() < 10'000)
        return tr("%1 ms").arg(length.count());
    qint64 left = length.count() / 1'000;
    struct Unit {
        qint64 seconds;
        QString (*text)(qint64);
    };
    const Unit units[] = {{86'400, [](qint64 n) { return tr("%1 d").arg(n); }},
                          {3'600, [](qint64 n) { return tr("%1 h").arg(n); }},
                          {60, [](qint64 n) { return tr("%1 min").arg(n); }},
                          {1, [](qint64 n) { return tr("%1 s").arg(n); }}};
    // Two units say enough: nobody counts the seconds of an hour.
    QStringList parts;
    for (const Unit& unit : units) {
        if (left >= unit.seconds) parts << unit.text(left / unit.seconds);
        if (parts.size() == 2 || (!parts.isEmpty() && left % unit.seconds == 0)) break;
        if (!parts.isEmpty() && left / unit.seconds == 0) break;
        left %= unit.seconds;
    }
    return parts.isEmpty() ? tr("%1 s").arg(0) : parts.join(QLatin1Char(' '));
}

}  // namespace ifrit::gui::models
