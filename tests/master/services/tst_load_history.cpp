// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <array>

#include "master/services/load_history.h"

using namespace ifrit;
using namespace ifrit::master::services;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::array<std::chrono::nanoseconds, 1> kBounds{{std::chrono::milliseconds(1)}};

/// A master that polls so often as it is told to.
class GrowingCounts final : public CallCounts {
public:
    CallTotals totals() const override { return {polls, 0, 0, kBounds, {polls, 0}}; }
    std::uint64_t polls = 1'000;
};

}  // namespace

class LoadHistoryTest : public QObject {
    Q_OBJECT

    static base::SteadyTime steady(milliseconds t) { return base::SteadyTime(t); }
    static base::WallTime wall(milliseconds t) { return base::WallTime(t); }

private Q_SLOTS:
    void aSampleIsTakenEachIntervalAndSaysHowLongItWas() {
        LoadHistory history(seconds(10));
        GrowingCounts counts;
        history.tick(counts, steady(seconds(0)), wall(seconds(100)));
        counts.polls += 40;
        history.tick(counts, steady(milliseconds(9'999)), wall(milliseconds(109'999)));
        QVERIFY(history.samples({}, wall(seconds(110))).empty());
        history.tick(counts, steady(seconds(10)), wall(seconds(110)));
        // The thread was held up: one long span, nothing is lost or made up.
        counts.polls += 60;
        history.tick(counts, steady(seconds(35)), wall(seconds(135)));
        const auto samples = history.samples({}, wall(seconds(135)));
        QCOMPARE(samples.size(), std::size_t(2));
        QCOMPARE(samples[0].polls, std::uint64_t(40));
        QCOMPARE(samples[0].span, milliseconds(10'000));
        QCOMPARE(samples[0].at, wall(seconds(110)));
        QCOMPARE(samples[1].polls, std::uint64_t(60));
        QCOMPARE(samples[1].span, milliseconds(25'000));
    }

    void whatWasCountedBeforeTheFirstLookIsNoLoad() {
        LoadHistory history(seconds(10));
        GrowingCounts counts;
        history.tick(counts, steady(seconds(0)), wall(seconds(0)));
        history.tick(counts, steady(seconds(10)), wall(seconds(10)));
        QCOMPARE(history.samples({}, wall(seconds(10))).at(0).polls, std::uint64_t(0));
    }

    void anHourIsKept() {
        LoadHistory history(seconds(10));
        GrowingCounts counts;
        constexpr int kLooks = 400;
        for (int i = 0; i <= kLooks; ++i)
            history.tick(counts, steady(seconds(10 * i)), wall(seconds(10 * i)));
        const auto samples = history.samples({}, wall(seconds(10 * kLooks)));
        QCOMPARE(samples.size(), LoadHistory::kMost);
        QCOMPARE(samples.back().at, wall(seconds(10 * kLooks)));
        QCOMPARE(samples.back().at - samples.front().at, milliseconds(seconds(3'590)));
    }

    void onlyTheLastMinuteIsToldWhereThatIsAsked() {
        LoadHistory history(seconds(10));
        GrowingCounts counts;
        for (int i = 0; i <= 20; ++i)
            history.tick(counts, steady(seconds(10 * i)), wall(seconds(10 * i)));
        const auto samples = history.samples(seconds(60), wall(seconds(205)));
        QCOMPARE(samples.size(), std::size_t(6));
        QCOMPARE(samples.front().at, wall(seconds(150)));
    }
};

QTEST_APPLESS_MAIN(LoadHistoryTest)
#include "tst_load_history.moc"
