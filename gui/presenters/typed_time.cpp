// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/typed_time.h"

#include <QDateTime>
#include <QTimeZone>

namespace ifrit::gui::presenters {

std::optional<base::WallTime> typedTime(const QString& text, models::TimeText::Zone zone,
                                        DayEdge edge) {
    const QTimeZone clock =
        zone == models::TimeText::Zone::Utc ? QTimeZone::utc() : QTimeZone::systemTimeZone();
    const auto timeOf = [](const QDateTime& time) {
        return base::fromUnixMillis(time.toMSecsSinceEpoch());
    };
    QString written = text.trimmed();
    if (const QDate day = QDate::fromString(written, Qt::ISODate);
        day.isValid() && written.size() == 10) {
        return timeOf((edge == DayEdge::End ? day.addDays(1) : day).startOfDay(clock));
    }
    if (written.size() > 10 && written[10] == QLatin1Char(' ')) written[10] = QLatin1Char('T');
    QDateTime time = QDateTime::fromString(written, Qt::ISODateWithMs);
    if (!time.isValid()) return std::nullopt;
    if (time.timeSpec() == Qt::LocalTime) time = QDateTime(time.date(), time.time(), clock);
    return timeOf(time);
}

}  // namespace ifrit::gui::presenters
