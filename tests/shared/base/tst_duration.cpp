// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/duration.h"

namespace ifrit::base {

class TestDuration : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void parses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("millis");
        QTest::newRow("ms") << QByteArray("500ms") << qint64(500);
        QTest::newRow("s") << QByteArray("10s") << qint64(10'000);
        QTest::newRow("m") << QByteArray("5m") << qint64(300'000);
        QTest::newRow("h") << QByteArray("2h") << qint64(7'200'000);
        QTest::newRow("d") << QByteArray("30d") << qint64(30LL * 86'400'000);
        QTest::newRow("zero") << QByteArray("0ms") << qint64(0);
        for (const char* bad :
             {"", "s", "10", "-1s", "1.5s", "10 s", "31d", "10sec", "99999999999999999999s"}) {
            QTest::addRow("bad '%s'", bad) << QByteArray(bad) << qint64(-1);
        }
    }
    void parses() {
        QFETCH(QByteArray, text);
        QFETCH(qint64, millis);
        const auto parsed = parseDuration(text.toStdString());
        QCOMPARE(parsed.ok(), millis >= 0);
        if (!parsed.ok()) return;
        QCOMPARE(static_cast<qint64>(parsed->count()), millis);
        QVERIFY(*parseDuration(formatDuration(*parsed)) == *parsed);
    }
};

}  // namespace ifrit::base

QTEST_GUILESS_MAIN(ifrit::base::TestDuration)
#include "tst_duration.moc"
