// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimeZone>
#include <QVariant>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/clock.h"

namespace ifrit::gui::models {

/// A whole number, groups of three parted by thin spaces.
QString grouped(qint64 number);
/// Whether a person typed that number: plain, or its groups parted by spaces or commas.
bool isTyped(const QString& text, qint64 number);
/// Parts of one sentence, as its language sets them apart. Names keep their comma.
QString inARow(const QStringList& parts);
/// The number by which tr() chooses between singular and plural; the text shows grouped().
int pluralOf(std::uint64_t number);
/// "99.31 %"; "-" where the whole is 0. Never rounds up to 100 or down to 0.
QString percent(double part, double whole);
/// "0.24 %", "12.5 %" of a core: what agents take is mostly under one, and 17 % more of it is not
/// seen in tenths.
QString coreShare(double percent);
/// "18.2 MiB".
QString bytes(std::uint64_t count);
/// "0", "0.3", "12.5", "1 702": of what happens in a second.
QString rate(double perSecond);
/// "0", "850 µs", "1.2 ms", "12 ms", "1.5 s".
QString shortTime(double microseconds);
/// The first 12 digits of a digest, and an ellipsis.
QString shortDigest(const std::string& digest);
QString toText(std::string_view text);
/// "2026-11-23T03:21:07.250Z": what a program reads of a time. Invalid for none and for the epoch.
QVariant timeValue(const std::optional<base::WallTime>& time);

/// Times as people read them, all in one zone that is chosen while the program runs. GUI thread.
class TimeText : public QObject {
    Q_OBJECT
public:
    enum class Zone { Local, Utc };
    explicit TimeText(const base::Clock& clock, QObject* parent = nullptr);

    void choose(Zone zone);
    Zone zone() const { return m_zone; }
    /// "UTC+08:00": the offset is always said.
    QString zoneText() const;
    base::WallTime now() const { return m_clock.now(); }

    /// "11:21:07 +08:00" today, "22 Nov 11:21 +08:00" this year, else with the year. Empty for the
    /// epoch.
    QString at(base::WallTime time) const;
    QString at(const std::optional<base::WallTime>& time) const;
    /// "2026-11-23 11:21:07 +08:00": in full, for the audit.
    QString full(base::WallTime time) const;
    /// "00:12", "03:44:10", "2 d 4 h" since then.
    QString since(base::WallTime time) const;
    /// "00:12", "03:44:10", "2 d 4 h": of a clock that runs, or has run.
    static QString duration(std::chrono::milliseconds length);
    /// "2 s", "10 min", "1 h 30 min", "2 d": of a time that is set, in a sentence.
    static QString length(std::chrono::milliseconds length);

Q_SIGNALS:
    void changed();

private:
    QTimeZone timeZone() const;
    QString offsetAt(base::WallTime time) const;
    const base::Clock& m_clock;
    Zone m_zone = Zone::Local;
};

}  // namespace ifrit::gui::models
