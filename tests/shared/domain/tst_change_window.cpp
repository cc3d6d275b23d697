// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/domain/change_window.h"

using namespace ifrit::domain;

class TestChangeWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void windowsAreReadAndWritten_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("written");
        QTest::newRow("weekdays") << "Mon-Fri 09:00-17:00"
                                  << "Mon-Fri 09:00-17:00";
        QTest::newRow("over midnight") << "Sat,Sun 22:00-02:00"
                                       << "Sat-Sun 22:00-02:00";
        QTest::newRow("over the week's end") << "Fri-Mon 01:00-02:00"
                                             << "Mon,Fri-Sun 01:00-02:00";
        QTest::newRow("all") << "Mon-Sun 00:00-24:00"
                             << "daily 00:00-24:00";
        QTest::newRow("one") << "Wed 12:30-12:31"
                             << "Wed 12:30-12:31";
        QTest::newRow("no days") << "09:00-17:00"
                                 << "";
        QTest::newRow("no such day") << "Mon-Foo 09:00-17:00"
                                     << "";
        QTest::newRow("no time") << "Mon 9-17"
                                 << "";
        QTest::newRow("minute 60") << "Mon 09:60-17:00"
                                   << "";
        QTest::newRow("hour 25") << "Mon 09:00-25:00"
                                 << "";
        QTest::newRow("after midnight from") << "Mon 24:00-02:00"
                                             << "";
        QTest::newRow("no length") << "Mon 09:00-09:00"
                                   << "";
        QTest::newRow("blank") << ""
                               << "";
        QTest::newRow("trailing") << "Mon 09:00-10:00 "
                                  << "";
    }
    void windowsAreReadAndWritten() {
        QFETCH(const QString, text);
        QFETCH(const QString, written);
        const auto window = parseWeeklyWindow(text.toStdString());
        QCOMPARE(window.ok(), !written.isEmpty());
        if (!window.ok()) {
            QCOMPARE(ifrit::base::errorInfo(window.status()).reason, std::string("WINDOW_INVALID"));
            return;
        }
        QCOMPARE(formatWeeklyWindow(*window), written.toStdString());
        QCOMPARE(parseWeeklyWindow(written.toStdString()).value(), *window);
    }

    void datesAreReadAndWritten_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("good");
        QTest::newRow("day") << "2026-10-01" << true;
        QTest::newRow("range") << "2026-12-24..2027-01-02" << true;
        QTest::newRow("leap day") << "2028-02-29" << true;
        QTest::newRow("no leap day") << "2027-02-29" << false;
        QTest::newRow("backwards") << "2027-01-02..2026-12-24" << false;
        QTest::newRow("month 13") << "2026-13-01" << false;
        QTest::newRow("short") << "2026-1-1" << false;
        QTest::newRow("half") << "2026-12-24.." << false;
    }
    void datesAreReadAndWritten() {
        QFETCH(const QString, text);
        QFETCH(const bool, good);
        const auto range = parseDateRange(text.toStdString());
        QCOMPARE(range.ok(), good);
        if (range.ok()) QCOMPARE(formatDateRange(*range), text.toStdString());
        // It is two good dates, and the way round is what is wrong.
        const bool isReversed = text.startsWith(QStringLiteral("2027-01-02.."));
        if (isReversed)
            QVERIFY(ifrit::base::messageOf(range.status()).find("is before its start") !=
                    std::string::npos);
    }

    void zonesHaveTheFormOfOne() {
        for (const char* zone :
             {"", "UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8"})
            QVERIFY2(checkWindows({zone, {}, {}}).ok(), zone);
        for (const char* zone : {"/etc/passwd", "Asia Shanghai", "../x", "Asia/"})
            QVERIFY2(!checkWindows({zone, {}, {}}).ok(), zone);
    }
};

QTEST_GUILESS_MAIN(TestChangeWindow)
#include "tst_change_window.moc"
