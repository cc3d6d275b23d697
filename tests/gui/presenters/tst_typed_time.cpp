// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDateTime>
#include <QTest>

#include "gui/presenters/typed_time.h"

using namespace ifrit;
using gui::models::TimeText;
using gui::presenters::DayEdge;
using gui::presenters::typedTime;

class TestTypedTime : public QObject {
    Q_OBJECT
public:
    // Where the machine's clock is UTC, the two would be one. Before Qt reads it.
    static void initMain() { qputenv("TZ", "Asia/Shanghai"); }
private Q_SLOTS:
    void readsWhatPeopleWrite_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("edge");
        QTest::addColumn<QString>("utc");
        const auto row = [](const char* text, DayEdge edge, const char* utc) {
            QTest::addRow("%s, %d", text, static_cast<int>(edge))
                << QString::fromUtf8(text) << static_cast<int>(edge) << QString::fromUtf8(utc);
        };
        row("2026-01-31", DayEdge::Begin, "2026-01-31T00:00:00Z");
        row("2026-01-31", DayEdge::End, "2026-02-01T00:00:00Z");
        row(" 2026-01-31 18:00 ", DayEdge::End, "2026-01-31T18:00:00Z");
        row("2026-01-31T18:00:05", DayEdge::Begin, "2026-01-31T18:00:05Z");
        row("2026-01-31T18:00:00+08:00", DayEdge::Begin, "2026-01-31T10:00:00Z");
        row("2026-01-31 18:00:00Z", DayEdge::Begin, "2026-01-31T18:00:00Z");
        for (const char* bad : {"", "yesterday", "2026-02-30", "2026-01-31 25:00", "18:00"})
            row(bad, DayEdge::Begin, "");
    }
    void readsWhatPeopleWrite() {
        QFETCH(const QString, text);
        QFETCH(const int, edge);
        QFETCH(const QString, utc);
        const auto found = typedTime(text, TimeText::Zone::Utc, static_cast<DayEdge>(edge));
        QCOMPARE(found.has_value(), !utc.isEmpty());
        if (!found) return;
        QCOMPARE(base::toUnixMillis(*found),
                 QDateTime::fromString(utc, Qt::ISODate).toMSecsSinceEpoch());
    }
    void withoutAnOffsetItIsTheTimeThatTheWindowShows() {
        const QString text = QStringLiteral("2026-07-01 18:00");
        const QDateTime local =
            QDateTime::fromString(QStringLiteral("2026-07-01T10:00:00Z"), Qt::ISODate);
        QCOMPARE(base::toUnixMillis(*typedTime(text, TimeText::Zone::Local, DayEdge::Begin)),
                 local.toMSecsSinceEpoch());
    }
};

QTEST_GUILESS_MAIN(TestTypedTime)
#include "tst_typed_time.moc"
