// SPDX-License-Identifier: Apache-2.0
#include "master/services/event_times.h"

#include <QTest>

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

class TestEventTimes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void farTimesAreTold_data() {
        QTest::addColumn<qint64>("behindMs");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("shown");
        const QString received = QStringLiteral("received 2023-11-14 22:13:20 UTC");
        const qint64 far = std::chrono::milliseconds(kFarApart).count();
        const auto done = QStringLiteral("done");
        QTest::newRow("at once") << qint64{0} << done << done;
        QTest::newRow("after a poll") << qint64{30'000} << done << done;
        QTest::newRow("as late as may be") << far << done << done;
        QTest::newRow("later") << far + 1 << done << QStringLiteral("done (%1)").arg(received);
        QTest::newRow("as far ahead as may be") << -far << done << done;
        QTest::newRow("further ahead")
            << -far - 1 << done << QStringLiteral("done (%1)").arg(received);
        QTest::newRow("years back, without words")
            << qint64{1'000'000'000'000} << QString() << received;
    }
    void farTimesAreTold() {
        QFETCH(const qint64, behindMs);
        QFETCH(const QString, message);
        QFETCH(const QString, shown);
        StoredEvent event;
        event.received = base::fromUnixMillis(1'700'000'000'000);
        event.event = {"installed", "logd", "1", message.toStdString(),
                       *event.received - std::chrono::milliseconds(behindMs)};
        const domain::MachineEvent out = shownEvent(event);
        QCOMPARE(QString::fromStdString(out.message), shown);
        // The machine's own time stays, and all else.
        domain::MachineEvent same = out;
        same.message = event.event.message;
        QVERIFY(same == event.event);
    }

    void anEventOfBeforeTimesWereKeptIsShownAsItIs() {
        StoredEvent event;
        event.event = {"installed", "logd", "1", "done", base::fromUnixMillis(0)};
        QVERIFY(shownEvent(event) == event.event);
    }
};

QTEST_GUILESS_MAIN(TestEventTimes)
#include "tst_event_times.moc"
