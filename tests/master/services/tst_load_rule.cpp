// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <array>

#include "master/services/load_rule.h"

using namespace ifrit;
using namespace ifrit::master::services;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

using Counts = std::vector<std::uint64_t>;
Q_DECLARE_METATYPE(Counts)

namespace {

constexpr std::array<nanoseconds, 3> kBounds{
    {microseconds(10), microseconds(100), milliseconds(1)}};

CallTotals totalsOf(std::uint64_t polls, std::uint64_t shed, std::uint64_t other, Counts counts) {
    return {polls, shed, other, kBounds, std::move(counts)};
}

}  // namespace

class LoadRuleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aQuantileIsInterpolatedInItsBucket_data() {
        QTest::addColumn<Counts>("counts");
        QTest::addColumn<double>("share");
        QTest::addColumn<int>("expected");  // ns
        QTest::newRow("nothing was counted") << Counts{0, 0, 0, 0} << 0.5 << 0;
        QTest::newRow("the middle of the first bucket") << Counts{4, 0, 0, 0} << 0.5 << 5'000;
        QTest::newRow("the end of the first bucket") << Counts{1, 1, 0, 0} << 0.5 << 10'000;
        QTest::newRow("within the second") << Counts{0, 10, 0, 0} << 0.5 << 55'000;
        QTest::newRow("empty buckets are stepped over") << Counts{0, 0, 2, 0} << 0.5 << 550'000;
        QTest::newRow("one slow of a hundred is the tail's end")
            << Counts{99, 0, 1, 0} << 0.99 << 10'000;
        QTest::newRow("two slow of a hundred are the tail")
            << Counts{98, 0, 2, 0} << 0.99 << 550'000;
        QTest::newRow("above all bounds: the last one") << Counts{0, 0, 0, 5} << 0.5 << 1'000'000;
        QTest::newRow("the tail above all bounds") << Counts{10, 0, 0, 10} << 0.99 << 1'000'000;
    }
    void aQuantileIsInterpolatedInItsBucket() {
        QFETCH(Counts, counts);
        QFETCH(double, share);
        QFETCH(int, expected);
        QCOMPARE(int(durationQuantile(kBounds, counts, share).count()), expected);
    }

    void aSampleIsTheDifferenceOfTwoLooks() {
        const auto at = base::fromUnixMillis(1'700'000'000'000);
        const CallTotals before = totalsOf(1'000, 7, 50, {900, 90, 10, 0});
        const CallTotals after = totalsOf(1'300, 9, 54, {1'000, 190, 110, 0});
        const LoadSample sample = loadBetween(before, after, milliseconds(10'050), at);
        QCOMPARE(sample.at, at);
        QCOMPARE(sample.span, milliseconds(10'050));
        QCOMPARE(sample.polls, std::uint64_t(300));
        QCOMPARE(sample.shed, std::uint64_t(2));
        QCOMPARE(sample.otherCalls, std::uint64_t(4));
        // 100 in each of three buckets, whatever was in them before.
        QCOMPARE(sample.pollP50, nanoseconds(55'000));
        QCOMPARE(sample.pollP99, nanoseconds(973'000));
    }

    void aQuietSpanHasNoTimes() {
        const CallTotals same = totalsOf(1'000, 7, 50, {900, 90, 10, 0});
        const LoadSample sample = loadBetween(same, same, milliseconds(10'000), {});
        QCOMPARE(sample.polls, std::uint64_t(0));
        QCOMPARE(sample.pollP50, nanoseconds(0));
        QCOMPARE(sample.pollP99, nanoseconds(0));
    }
};

QTEST_APPLESS_MAIN(LoadRuleTest)
#include "tst_load_rule.moc"
