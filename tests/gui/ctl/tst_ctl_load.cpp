// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "gui/ctl/text.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using tests::Ctl;
using tests::has;
namespace services = gui::services;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

services::LoadSample sample(std::int64_t second, std::uint64_t polls, int p50, int p99) {
    return {base::fromUnixMillis(1'700'000'000'000 + 1'000 * second),
            milliseconds(10'000),
            polls,
            1,
            3,
            microseconds(p50),
            microseconds(p99)};
}

/// The one that leads, one that does not answer, one that has just begun.
services::MasterLoads threeMasters() {
    return {{"a:7443",
             "0.2.0",
             true,
             false,
             {sample(0, 100, 20, 90), sample(10, 10, 40, 1'500), sample(20, 0, 0, 0)}},
            {"b:7443", "0.2.0", false, true, {}},
            {"c:7443", "0.1.0", false, false, {}}};
}

}  // namespace

class TestCtlLoad : public QObject {
    Q_OBJECT

    tests::Outcome run(std::vector<std::string> more = {}) {
        Ctl ctl;
        ctl.sessions.session.loads = threeMasters();
        std::vector<std::string> line = {"cluster", "load"};
        line.insert(line.end(), more.begin(), more.end());
        tests::Outcome out = ctl.run(line);
        m_calls = ctl.sessions.session.calls;
        return out;
    }
    std::vector<std::string> m_calls;

private Q_SLOTS:
    void eachFormat_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("golden");
        QTest::newRow("table") << QStringLiteral("table")
                               << QStringLiteral(
                                      "MASTER  LEADS  POLLS/S  P50    P99     SHED  OTHER CALLS\n"
                                      "a:7443  yes    3.7      20 us  1.5 ms  3     9\n"
                                      "b:7443  no     -        -      -       -     -\n"
                                      "c:7443  no     -        -      -       -     -\n");
        QTest::newRow("csv")
            << QStringLiteral("csv")
            << QStringLiteral(
                   "master,leads,polls/s,p50,p99,shed,other_calls,polls,over,version\r\n"
                   "a:7443,yes,3.7,20,1500,3,9,110,30000,0.2.0\r\n"
                   "b:7443,no,,,,,,,,0.2.0\r\n"
                   "c:7443,no,,,,,,,,0.1.0\r\n");
        QTest::newRow("name") << QStringLiteral("name")
                              << QStringLiteral("a:7443\nb:7443\nc:7443\n");
    }
    void eachFormat() {
        QFETCH(QString, format);
        QFETCH(QString, golden);
        const tests::Outcome outcome = run({"-o", format.toStdString()});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(QString::fromStdString(outcome.out), golden);
        QCOMPARE(outcome.err, std::string("b:7443 does not answer the other masters\n"
                                          "c:7443 has no sample of that time\n"));
    }

    void jsonHasTheSamplesToo() {
        const tests::Outcome outcome = run({"-o", "jsonl"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(has(outcome.out,
                     "{\"address\":\"a:7443\",\"server_version\":\"0.2.0\",\"leads\":"
                     "true,\"unreachable\":false,\"span_ms\":30000,\"polls\":110,"),
                 outcome.out.c_str());
        QVERIFY2(has(outcome.out,
                     "\"poll_p50_us\":20,\"poll_p99_us\":1500,\"other_calls\":9,"
                     "\"samples\":[{\"at_ms\":1700000000000,"),
                 outcome.out.c_str());
        // Nothing is not none.
        QVERIFY2(has(outcome.out,
                     "\"unreachable\":true,\"span_ms\":0,\"polls\":0,"
                     "\"polls_per_second\":0,\"shed\":0,\"poll_p50_us\":null,"),
                 outcome.out.c_str());
    }

    void theLastMinuteUnlessItIsSaid() {
        (void)run();
        QCOMPARE(m_calls, std::vector<std::string>{"listMasterLoads 60000"});
        (void)run({"--since", "1h"});
        QCOMPARE(m_calls, std::vector<std::string>{"listMasterLoads 3600000"});
    }

    void noMoreIsAskedForThanMastersKeep() {
        for (const char* since : {"0s", "61m", "2h"}) {
            const tests::Outcome outcome = run({"--since", since});
            QVERIFY2(outcome.code == 2 && has(outcome.err, "--since"), outcome.err.c_str());
        }
        QVERIFY(m_calls.empty());
    }

    void anOldMasterCannotTell() {
        Ctl ctl;
        ctl.sessions.session.failure = absl::UnimplementedError("");
        const tests::Outcome outcome = ctl.run({"cluster", "load"});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(has(outcome.err, "older than ifritctl"), outcome.err.c_str());
        QVERIFY(outcome.out.empty());
    }

    void samplesAreTakenTogether_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<double>("perSecond");
        QTest::addColumn<int>("p50");
        QTest::addColumn<int>("p99");
        QTest::newRow("none") << 0 << 0.0 << -1 << -1;
        QTest::newRow("quiet") << 1 << 0.0 << -1 << -1;
        QTest::newRow("the busy one decides the median") << 2 << 5.5 << 20 << 1'500;
        QTest::newRow("two alike: the lower median") << 3 << 1.0 << 20 << 90;
    }
    void samplesAreTakenTogether() {
        QFETCH(int, which);
        QFETCH(double, perSecond);
        QFETCH(int, p50);
        QFETCH(int, p99);
        const std::vector<std::vector<services::LoadSample>> all = {
            {},
            {sample(0, 0, 0, 0)},
            {sample(0, 10, 40, 1'500), sample(10, 100, 20, 90)},
            {sample(0, 10, 40, 50), sample(10, 10, 20, 90)}};
        const auto sum = services::summaryOf(all[static_cast<std::size_t>(which)]);
        QCOMPARE(sum.pollsPerSecond, perSecond);
        QCOMPARE(int(sum.pollP50.value_or(microseconds(-1)).count()), p50);
        QCOMPARE(int(sum.pollP99.value_or(microseconds(-1)).count()), p99);
    }

    void shortTimesAreWorded_data() {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64(0) << QStringLiteral("0 us");
        QTest::newRow("us") << qint64(999) << QStringLiteral("999 us");
        QTest::newRow("ms") << qint64(1'250) << QStringLiteral("1.2 ms");
        QTest::newRow("many ms") << qint64(12'400) << QStringLiteral("12 ms");
        QTest::newRow("s") << qint64(1'500'000) << QStringLiteral("1.5 s");
    }
    void shortTimesAreWorded() {
        QFETCH(qint64, micros);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(gui::ctl::humanMicros(microseconds(micros))), text);
    }
};

QTEST_GUILESS_MAIN(TestCtlLoad)
#include "tst_ctl_load.moc"
