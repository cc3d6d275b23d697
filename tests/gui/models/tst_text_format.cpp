// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/models/identifier_text.h"
#include "gui/models/text_format.h"
#include "tests/gui/support/fixed_clock.h"
#include "tests/gui/support/in_other_words.h"

using namespace ifrit;
using namespace gui::models;

class TestTextFormat : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { qputenv("TZ", "Asia/Shanghai"); }
    void groupsWithThinSpaces();
    void percentsNeverRoundToAllOrNothing();
    void sharesOfACore();
    void bytesAndDigests();
    void identifiers_data();
    void identifiers();
    void ratesAndShortTimes();
    void timesSayTheirZone();
    void durations();
};

void TestTextFormat::groupsWithThinSpaces() {
    QCOMPARE(grouped(0), QStringLiteral("0"));
    QCOMPARE(grouped(999), QStringLiteral("999"));
    QCOMPARE(grouped(48'721), QStringLiteral("48\u2009721"));
    QCOMPARE(grouped(-1'234'567), QStringLiteral("\u22121\u2009234\u2009567"));
}

void TestTextFormat::percentsNeverRoundToAllOrNothing() {
    QCOMPARE(percent(1, 0), QStringLiteral("–"));
    QCOMPARE(percent(0, 10), QStringLiteral("0 %"));
    QCOMPARE(percent(10, 10), QStringLiteral("100 %"));
    QCOMPARE(percent(999'999, 1'000'000), QStringLiteral("99.99 %"));
    QCOMPARE(percent(1, 1'000'000), QStringLiteral("0.01 %"));
    QCOMPARE(percent(1, 2), QStringLiteral("50.0 %"));
    // Shares of a whole add up to it.
    QCOMPARE(percent(1, 3), QStringLiteral("33.3 %"));
    QCOMPARE(percent(2, 3), QStringLiteral("66.7 %"));
}

void TestTextFormat::sharesOfACore() {
    QCOMPARE(coreShare(0.243), QStringLiteral("0.24 %"));
    QCOMPARE(coreShare(9.99), QStringLiteral("9.99 %"));
    QCOMPARE(coreShare(9.999), QStringLiteral("10.0 %"));
    QCOMPARE(coreShare(112.34), QStringLiteral("112.3 %"));
}

void TestTextFormat::bytesAndDigests() {
    QCOMPARE(bytes(512), QStringLiteral("512\u2009B"));
    QCOMPARE(bytes(19'084'083), QStringLiteral("18.2\u2009MiB"));
    QCOMPARE(shortDigest("0123456789abcdef"), QStringLiteral("0123456789ab…"));
    QCOMPARE(shortDigest(""), QString());
}

void TestTextFormat::identifiers_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* text, bool expected) {
        QTest::newRow(text) << QString::fromUtf8(text) << expected;
    };
    row("3f2504e0-4f89-11d3-9a0c-0305e82c3301", true);
    row("0123456789ab…", true);
    row("9f3c1e77a0d24b55", true);
    row("AB:CD:EF:01:23:45:67:89", true);
    row("10.0.0.7", true);
    row("127.0.0.1:7443", true);
    row("[::1]:7443", true);
    row("127.0.0.1:7443, 127.0.0.2:7443", true);
    row("", false);
    row("–", false);
    row("1.5.0", false);
    row("2026", false);
    row("11:21:07 +08:00", false);
    row("node-exporter", false);
    row("10.0.0.7 since yesterday", false);
    row("192 machines", false);
}

void TestTextFormat::identifiers() {
    QFETCH(const QString, text);
    QFETCH(const bool, expected);
    QCOMPARE(isIdentifier(text), expected);
}

void TestTextFormat::ratesAndShortTimes() {
    QCOMPARE(rate(0), QStringLiteral("0"));
    QCOMPARE(rate(0.34), QStringLiteral("0.3"));
    QCOMPARE(rate(2), QStringLiteral("2"));
    QCOMPARE(rate(99.94), QStringLiteral("99.9"));
    QCOMPARE(rate(99.96), QStringLiteral("100"));
    QCOMPARE(rate(3'333.3), QStringLiteral("3\u2009333"));
    QCOMPARE(shortTime(0), QStringLiteral("0"));
    QCOMPARE(shortTime(850), QStringLiteral("850\u2009µs"));
    QCOMPARE(shortTime(999.6), QStringLiteral("1\u2009ms"));
    QCOMPARE(shortTime(1'230), QStringLiteral("1.2\u2009ms"));
    QCOMPARE(shortTime(12'400), QStringLiteral("12\u2009ms"));
    QCOMPARE(shortTime(1'500'000), QStringLiteral("1.5\u2009s"));
    QCOMPARE(shortTime(30'000'000), QStringLiteral("30\u2009s"));
    // Beside lengths that are said in the reader's language.
    const tests::InOtherWords other;
    for (const double time : {850.0, 12'400.0, 1'500'000.0})
        QVERIFY(!shortTime(time).contains(QLatin1Char('s')));
}

void TestTextFormat::timesSayTheirZone() {
    const tests::FixedClock clock(1'795'400'000'000);  // 2026-11-23 04:53:20 UTC
    TimeText times(clock);
    QCOMPARE(times.zoneText(), QStringLiteral("UTC+08:00"));
    QCOMPARE(times.at(clock.now()), QStringLiteral("10:13:20 +08:00"));
    QCOMPARE(times.at(base::WallTime{}), QString());
    QSignalSpy changed(&times, &TimeText::changed);
    times.choose(TimeText::Zone::Utc);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(times.zoneText(), QStringLiteral("UTC+00:00"));
    QCOMPARE(times.at(clock.now()), QStringLiteral("02:13:20 +00:00"));
    QVERIFY(times.at(clock.now() - std::chrono::hours(48)).endsWith(QStringLiteral(" +00:00")));
    QCOMPARE(times.full(clock.now()), QStringLiteral("2026-11-23 02:13:20 +00:00"));
    QCOMPARE(times.since(clock.now() - std::chrono::seconds(12)), QStringLiteral("00:12"));
    // A machine whose clock is ahead was seen now, not in the future.
    QCOMPARE(times.since(clock.now() + std::chrono::seconds(12)), QStringLiteral("00:00"));
}

void TestTextFormat::durations() {
    using namespace std::chrono_literals;
    QCOMPARE(TimeText::duration(44s + 3min), QStringLiteral("03:44"));
    QCOMPARE(TimeText::duration(3h + 44min + 10s), QStringLiteral("03:44:10"));
    QCOMPARE(TimeText::duration(52h), QStringLiteral("2 d 4 h"));
    QCOMPARE(TimeText::length(0s), QStringLiteral("0 s"));
    QCOMPARE(TimeText::length(1'500ms), QStringLiteral("1500 ms"));
    QCOMPARE(TimeText::length(2s), QStringLiteral("2 s"));
    QCOMPARE(TimeText::length(90s), QStringLiteral("1 min 30 s"));
    QCOMPARE(TimeText::length(10min), QStringLiteral("10 min"));
    QCOMPARE(TimeText::length(1h), QStringLiteral("1 h"));
    QCOMPARE(TimeText::length(1h + 5s), QStringLiteral("1 h"));
    QCOMPARE(TimeText::length(26h + 10min), QStringLiteral("1 d 2 h"));
    QCOMPARE(TimeText::length(72h), QStringLiteral("3 d"));
}

QTEST_GUILESS_MAIN(TestTextFormat)
#include "tst_text_format.moc"
