// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/release/change_time.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::release;

namespace {

/// "2026-03-08T06:59:00Z"
base::WallTime utc(const QString& text) {
    return base::fromUnixMillis(QDateTime::fromString(text, Qt::ISODate).toMSecsSinceEpoch());
}
QString text(const std::optional<base::WallTime>& at) {
    if (!at) return QStringLiteral("never");
    return QDateTime::fromMSecsSinceEpoch(base::toUnixMillis(*at), Qt::UTC).toString(Qt::ISODate);
}

domain::ChangeWindows windowsOf(const QString& zone, const QString& weekly,
                                const QString& blackouts) {
    domain::ChangeWindows out;
    out.timeZone = zone.toStdString();
    for (const QString& one : weekly.split(QLatin1Char(';'), Qt::SkipEmptyParts))
        out.weekly.push_back(domain::parseWeeklyWindow(one.toStdString()).value());
    for (const QString& one : blackouts.split(QLatin1Char(';'), Qt::SkipEmptyParts))
        out.blackouts.push_back(domain::parseDateRange(one.toStdString()).value());
    return out;
}

}  // namespace

class TestChangeTime : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensAndCloses_data() {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("weekly");
        QTest::addColumn<QString>("blackouts");
        QTest::addColumn<QString>("now");
        QTest::addColumn<bool>("open");
        QTest::addColumn<QString>("next");
        const auto row = [](const char* name, const char* zone, const char* weekly,
                            const char* blackouts, const char* now, bool open, const char* next) {
            QTest::newRow(name) << QString::fromLatin1(zone) << QString::fromLatin1(weekly)
                                << QString::fromLatin1(blackouts) << QString::fromLatin1(now)
                                << open << QString::fromLatin1(next);
        };
        row("no window", "", "", "", "2026-11-25T03:00:00Z", true, "never");
        // 2026-11-25 is a Wednesday.
        row("office hours", "", "Mon-Fri 09:00-17:00", "", "2026-11-25T10:00:00Z", true,
            "2026-11-25T17:00:00Z");
        row("to the minute before", "", "Mon-Fri 09:00-17:00", "", "2026-11-25T08:59:59Z", false,
            "2026-11-25T09:00:00Z");
        row("from the minute on", "", "Mon-Fri 09:00-17:00", "", "2026-11-25T09:00:00Z", true,
            "2026-11-25T17:00:00Z");
        row("not at its end", "", "Mon-Fri 09:00-17:00", "", "2026-11-25T17:00:00Z", false,
            "2026-11-26T09:00:00Z");
        row("over the weekend", "", "Mon-Fri 09:00-17:00", "", "2026-11-27T18:00:00Z", false,
            "2026-11-30T09:00:00Z");
        row("over midnight, before", "", "Sat 22:00-02:00", "", "2026-11-28T23:00:00Z", true,
            "2026-11-29T02:00:00Z");
        row("over midnight, after", "", "Sat 22:00-02:00", "", "2026-11-29T01:59:00Z", true,
            "2026-11-29T02:00:00Z");
        row("the next night is another day's", "", "Sat 22:00-02:00", "", "2026-11-29T23:00:00Z",
            false, "2026-12-05T22:00:00Z");
        row("windows that touch", "", "Wed 09:00-12:00;Wed 12:00-14:00", "", "2026-11-25T10:00:00Z",
            true, "2026-11-25T14:00:00Z");
        row("all day, every day", "", "daily 00:00-24:00", "", "2026-11-25T10:00:00Z", true,
            "never");
        // Shanghai is 8 h ahead and has no daylight saving.
        row("another zone", "Asia/Shanghai", "Mon-Fri 09:00-17:00", "", "2026-11-25T02:00:00Z",
            true, "2026-11-25T09:00:00Z");
        row("another zone, another day", "Asia/Shanghai", "Thu 00:00-01:00", "",
            "2026-11-25T15:59:00Z", false, "2026-11-25T16:00:00Z");
        row("blackout day", "", "", "2026-11-25", "2026-11-25T10:00:00Z", false,
            "2026-11-26T00:00:00Z");
        row("blackout is of the zone's days", "Asia/Shanghai", "", "2026-11-26",
            "2026-11-25T16:00:00Z", false, "2026-11-26T16:00:00Z");
        row("before a blackout", "", "", "2026-12-24..2027-01-02", "2026-12-23T10:00:00Z", true,
            "2026-12-24T00:00:00Z");
        row("blackout and window", "", "Mon-Fri 09:00-17:00", "2026-12-24..2027-01-02",
            "2026-12-24T10:00:00Z", false, "2027-01-04T09:00:00Z");
        row("blackout ends a night's window", "", "Wed 22:00-04:00", "2026-11-26",
            "2026-11-25T23:00:00Z", true, "2026-11-26T00:00:00Z");
        row("blackout over 400 days", "", "", "2026-01-01..2029-01-01", "2026-11-25T10:00:00Z",
            false, "never");
        row("unknown zone never opens", "Mars/Olympus", "daily 00:00-24:00", "",
            "2026-11-25T10:00:00Z", false, "never");
        // New York: 2026-03-08 02:00 EST is 03:00 EDT (07:00 UTC).
        row("gap swallows the window", "America/New_York", "Sun 02:00-03:00", "",
            "2026-03-08T06:30:00Z", false, "2026-03-15T06:00:00Z");
        row("gap cuts the window's end", "America/New_York", "Sun 01:30-02:30", "",
            "2026-03-08T06:45:00Z", true, "2026-03-08T07:00:00Z");
        row("gap cuts the window's begin", "America/New_York", "Sun 02:30-04:00", "",
            "2026-03-08T06:45:00Z", false, "2026-03-08T07:00:00Z");
        row("gap shortens the window", "America/New_York", "Sun 01:00-05:00", "",
            "2026-03-08T06:30:00Z", true, "2026-03-08T09:00:00Z");
        row("gap on the day before", "America/New_York", "Mon 02:00-03:00", "",
            "2026-03-08T12:00:00Z", false, "2026-03-09T06:00:00Z");
        // 2026-11-01 02:00 EDT is 01:00 EST (06:00 UTC): 01:00 to 02:00 comes twice.
        row("overlap, first time", "America/New_York", "Sun 01:00-01:30", "",
            "2026-11-01T05:10:00Z", true, "2026-11-01T05:30:00Z");
        row("overlap, between", "America/New_York", "Sun 01:00-01:30", "", "2026-11-01T05:40:00Z",
            false, "2026-11-01T06:00:00Z");
        row("overlap, second time", "America/New_York", "Sun 01:00-01:30", "",
            "2026-11-01T06:10:00Z", true, "2026-11-01T06:30:00Z");
        row("overlap, after", "America/New_York", "Sun 01:00-01:30", "", "2026-11-01T06:30:00Z",
            false, "2026-11-08T06:00:00Z");
        row("overlap within is longer", "America/New_York", "Sun 00:30-03:00", "",
            "2026-11-01T05:00:00Z", true, "2026-11-01T08:00:00Z");
        row("overlap reopens what ended in it", "America/New_York", "Sun 00:30-01:15", "",
            "2026-11-01T05:20:00Z", false, "2026-11-01T06:00:00Z");
        // Lord Howe shifts by half an hour: 2026-10-04 02:00 +10:30 is 02:30 +11:00 (15:30 UTC).
        row("half an hour's gap", "Australia/Lord_Howe", "Sun 02:00-03:00", "",
            "2026-10-03T15:00:00Z", false, "2026-10-03T15:30:00Z");
        row("half an hour's gap, its end", "Australia/Lord_Howe", "Sun 02:00-03:00", "",
            "2026-10-03T15:30:00Z", true, "2026-10-03T16:00:00Z");
    }
    void opensAndCloses() {
        QFETCH(const QString, zone);
        QFETCH(const QString, weekly);
        QFETCH(const QString, blackouts);
        QFETCH(const QString, now);
        QFETCH(const bool, open);
        QFETCH(const QString, next);
        const domain::ChangeWindows windows = windowsOf(zone, weekly, blackouts);
        const ChangeTime time = changeTimeAt(windows, {}, utc(now));
        QCOMPARE(time.open, open);
        QCOMPARE(isChangeOpen(windows, {}, utc(now)), open);
        QCOMPARE(text(open ? time.closes : time.opens), next);
        // As the cluster's it says the same.
        QCOMPARE(text(open ? changeTimeAt({}, windows, utc(now)).closes
                           : changeTimeAt({}, windows, utc(now)).opens),
                 next);
    }

    /// The next change is where a walk minute by minute finds it, in zones with and without shifts.
    void nextIsTheFirst_data() {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("from");
        for (const char* zone : {"UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
                                 "Pacific/Apia", "Africa/Casablanca"}) {
            for (const char* from :
                 {"2026-03-06T00:00:00Z", "2026-10-02T00:00:00Z", "2026-10-30T00:00:00Z"})
                QTest::addRow("%s %s", zone, from)
                    << QString::fromLatin1(zone) << QString::fromLatin1(from);
        }
    }
    void nextIsTheFirst() {
        QFETCH(const QString, zone);
        QFETCH(const QString, from);
        const auto own = windowsOf(
            zone, QStringLiteral("Sat,Sun 00:45-02:15;Mon-Wed 22:30-01:45;Fri 12:00-12:01"), {});
        const auto cluster =
            windowsOf(QStringLiteral("Asia/Shanghai"), {}, QStringLiteral("2026-03-09;2026-10-31"));
        base::WallTime now = utc(from);
        const base::WallTime end = now + std::chrono::hours(5 * 24);
        int changes = 0;
        while (now < end) {
            const ChangeTime time = changeTimeAt(own, cluster, now);
            const auto said = time.open ? time.closes : time.opens;
            QVERIFY(said.has_value());
            base::WallTime walked = now;
            while (isChangeOpen(own, cluster, walked) == time.open)
                walked += std::chrono::minutes(1);
            QCOMPARE(text(said), text(walked));
            now = *said;
            ++changes;
        }
        QVERIFY(changes > 3);
    }

    /// A machine that is refused asks again, and each list of releases asks for each of them: what
    /// that costs goes with how often something changes, not with how many days nothing does.
    void closedDaysAreLeaptOver_data() {
        QTest::addColumn<QString>("weekly");
        QTest::addColumn<QString>("blackouts");
        QTest::addColumn<QString>("next");
        QTest::addColumn<int>("most");
        QStringList saturdays;
        for (QDate day(2026, 11, 28); day < QDate(2028, 6, 1); day = day.addDays(7))
            saturdays += day.toString(Qt::ISODate);
        QTest::newRow("one blackout") << ""
                                      << "2026-11-25..2027-11-24"
                                      << "2027-11-25T05:00:00Z" << 8;
        QTest::newRow("for ever") << ""
                                  << "2026-01-01..2099-12-31"
                                  << "never" << 8;
        QTest::newRow("a window within") << "Mon-Fri 09:00-17:00"
                                         << "2026-11-25..2027-11-24"
                                         << "2027-11-25T14:00:00Z" << 10;
        QTest::newRow("each of its days") << "Sat 09:00-17:00" << saturdays.join(QLatin1Char(';'))
                                          << "never" << 6 * static_cast<int>(saturdays.size());
    }
    void closedDaysAreLeaptOver() {
        QFETCH(const QString, weekly);
        QFETCH(const QString, blackouts);
        QFETCH(const QString, next);
        QFETCH(const int, most);
        const auto windows = windowsOf(QStringLiteral("America/New_York"), weekly, blackouts);
        const base::WallTime now = utc(QStringLiteral("2026-11-25T10:00:00Z"));
        const ChangeTime time = changeTimeAt(windows, {}, now);
        QVERIFY(!time.open);
        QCOMPARE(text(time.opens), next);
        QVERIFY2(time.looks <= static_cast<std::size_t>(most),
                 qPrintable(QString::number(time.looks)));
    }
    void openDaysAreLeaptOver() {
        const auto blackout = windowsOf({}, {}, QStringLiteral("2027-11-24"));
        const base::WallTime now = utc(QStringLiteral("2026-11-25T10:00:00Z"));
        const ChangeTime time = changeTimeAt({}, blackout, now);
        QCOMPARE(text(time.closes), QStringLiteral("2027-11-24T00:00:00Z"));
        QVERIFY2(time.looks <= 4, qPrintable(QString::number(time.looks)));
    }
    /// Windows of two clocks that meet when one of them was shifted, and at no other time.
    void twoClocksMeetOnceOneIsShifted() {
        const auto own =
            windowsOf(QStringLiteral("America/New_York"), QStringLiteral("daily 09:00-10:00"), {});
        const auto cluster = windowsOf({}, QStringLiteral("daily 13:00-14:00"), {});
        const base::WallTime now = utc(QStringLiteral("2026-11-25T10:00:00Z"));
        const ChangeTime time = changeTimeAt(own, cluster, now);
        // From 2027-03-14 on New York is 4 h behind.
        QCOMPARE(text(time.opens), QStringLiteral("2027-03-14T13:00:00Z"));
        QVERIFY2(time.looks <= 40, qPrintable(QString::number(time.looks)));
    }

    void workGoesOnlyOnWhileOpen_data() {
        QTest::addColumn<QString>("weekly");
        QTest::addColumn<int>("hours");
        QTest::addColumn<QString>("end");
        QTest::newRow("within") << "Wed 09:00-17:00" << 3 << "2026-11-25T13:00:00Z";
        QTest::newRow("to its end") << "Wed 09:00-17:00" << 7 << "2026-11-25T17:00:00Z";
        QTest::newRow("next week") << "Wed 09:00-17:00" << 8 << "2026-12-02T10:00:00Z";
        QTest::newRow("no window") << "" << 8 << "2026-11-25T18:00:00Z";
        QTest::newRow("begins later") << "Thu 09:00-17:00" << 1 << "2026-11-26T10:00:00Z";
    }
    void workGoesOnlyOnWhileOpen() {
        QFETCH(const QString, weekly);
        QFETCH(const int, hours);
        QFETCH(const QString, end);
        QCOMPARE(
            text(endOfWork(windowsOf({}, weekly, {}), {},
                           utc(QStringLiteral("2026-11-25T10:00:00Z")), std::chrono::hours(hours))),
            end);
    }

    void aFreezeComesFirst() {
        const auto windows = windowsOf({}, QStringLiteral("Mon 09:00-17:00"), {});
        const base::WallTime wednesday = utc(QStringLiteral("2026-11-25T10:00:00Z"));
        const domain::FreezeMark freeze{"f", "ada", "it burns", {}, {}, {}, {}};
        Conditions conditions;
        const ChangeBar closed = changeBarOf(windows, conditions, wednesday);
        QCOMPARE(closed.reason, std::string(kOutsideWindow));
        QCOMPARE(text(closed.opens), QStringLiteral("2026-11-30T09:00:00Z"));
        QVERIFY2(closed.message.find("2026-11-30 09:00 UTC") != std::string::npos,
                 closed.message.c_str());
        QVERIFY(!changeBarOf(windows, conditions, wednesday, Bound::FreezeOnly).closed());
        conditions.freeze = &freeze;
        const ChangeBar frozen = changeBarOf(windows, conditions, wednesday, Bound::FreezeOnly);
        QCOMPARE(frozen.reason, std::string(kFrozen));
        QVERIFY2(frozen.message.find("ada froze the cluster: it burns") != std::string::npos,
                 frozen.message.c_str());
    }

    void zonesAreKnownByName() {
        QVERIFY(checkTimeZone("").ok());
        QVERIFY(checkTimeZone("Asia/Shanghai").ok());
        QCOMPARE(base::errorInfo(checkTimeZone("Mars/Olympus")).reason, std::string("TIME_ZONE"));
    }
};

QTEST_GUILESS_MAIN(TestChangeTime)
#include "tst_change_time.moc"
