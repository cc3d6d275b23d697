// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/services/unsettled_releases.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

constexpr std::chrono::seconds kHearIn{90};

base::WallTime second(int number) {
    return base::fromUnixMillis(1'700'000'000'000 + number * 1'000);
}

/// What the release is given at that second: an outage's seconds and the clock's; -1: neither.
struct GivenTime {
    int outage = -1;
    int step = 0;
    bool operator==(const GivenTime& other) const {
        return outage == other.outage && step == other.step;
    }
};

int inSeconds(std::chrono::milliseconds span) {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(span).count());
}

GivenTime timeOf(const UnsettledReleases& releases, int now) {
    const auto event = releases.timeEvent("r1", second(now), kHearIn);
    if (!event) return {};
    if (const auto* step = std::get_if<release::ClockSet>(&*event))
        return {-1, inSeconds(step->by)};
    const auto& outage = std::get<release::StoodStill>(*event);
    return {inSeconds(outage.by), inSeconds(outage.clockSet)};
}

}  // namespace

class TestUnsettledReleases : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsGivenWhereNothingWasNoted() {
        UnsettledReleases releases;
        QVERIFY(!releases.timeEvent("r1", second(0), kHearIn));
        releases.notCommitted("r1", 1, second(0));
        releases.found("r1", 1);
        QVERIFY(!releases.timeEvent("r1", second(0), kHearIn));
    }

    void theEarliestOutageCountsUntilItIsCommitted() {
        UnsettledReleases releases;
        releases.noteOutage("r1", second(10));
        releases.noteOutage("r1", second(20));
        QVERIFY(timeOf(releases, 30) == (GivenTime{20, 0}));
        releases.committed("r1");
        QVERIFY(timeOf(releases, 30) == GivenTime{});
        releases.noteOutage("r1", second(40));
        QVERIFY(timeOf(releases, 41) == (GivenTime{1, 0}));
    }

    void anOutageIsAsLongAsItWasHoweverTheClockIsSet() {
        UnsettledReleases releases;
        releases.noteOutage("r1", second(10));
        releases.noteClockStep({"r1"}, std::chrono::seconds(3'600));
        QVERIFY(timeOf(releases, 3'630) == (GivenTime{20, 3'600}));
        releases.noteClockStep({"r1"}, std::chrono::seconds(-7'200));
        QVERIFY(timeOf(releases, -3'560) == (GivenTime{30, -3'600}));
    }

    void aStepIsOfThoseThatRan() {
        UnsettledReleases releases;
        releases.noteClockStep({"r2"}, std::chrono::seconds(60));
        QVERIFY(timeOf(releases, 60) == GivenTime{});
        releases.noteClockStep({"r1", "r2"}, std::chrono::seconds(60));
        QVERIFY(timeOf(releases, 120) == (GivenTime{-1, 60}));
        releases.noteClockStep({"r1", "r2"}, std::chrono::seconds(-60));
        QVERIFY(timeOf(releases, 60) == GivenTime{});
    }

    void aCommitThatFailedHoldsNothing() {
        UnsettledReleases releases;
        releases.noteOutage("r1", second(10));
        releases.noteClockStep({"r1"}, std::chrono::seconds(100));
        releases.notCommitted("r1", 8, second(120));
        releases.found("r1", 7);
        QVERIFY(timeOf(releases, 130) == (GivenTime{20, 100}));
        // It is told of once.
        releases.found("r1", 8);
        QVERIFY(timeOf(releases, 130) == (GivenTime{20, 100}));
    }

    void aCommitWhoseAnswerWasLostHoldsAllUntilThen() {
        UnsettledReleases releases;
        releases.noteOutage("r1", second(10));
        releases.noteClockStep({"r1"}, std::chrono::seconds(100));
        releases.notCommitted("r1", 8, second(120));
        // Before anybody sees that it was done.
        releases.noteClockStep({"r1"}, std::chrono::seconds(1'000));
        releases.found("r1", 8);
        QVERIFY(timeOf(releases, 1'150) == (GivenTime{30, 1'000}));
    }

    void anEndedReleaseHasNoTime() {
        UnsettledReleases releases;
        releases.doubt("r1");
        releases.noteOutage("r1", second(10));
        releases.settle("r1", true);
        QVERIFY(!releases.isUnsure("r1"));
        QVERIFY(timeOf(releases, 11) == (GivenTime{1, 0}));
        releases.settle("r1", false);
        QVERIFY(timeOf(releases, 11) == GivenTime{});
    }

    void whatIsGoneLeavesNothing() {
        UnsettledReleases releases;
        releases.doubt("r1");
        releases.doubt("r2");
        releases.noteOutage("r1", second(10));
        releases.forget("r1");
        QCOMPARE(releases.unsure(), std::set<std::string>{"r2"});
        QVERIFY(timeOf(releases, 11) == GivenTime{});
        releases.clear();
        QVERIFY(releases.unsure().empty());
    }
};

QTEST_APPLESS_MAIN(TestUnsettledReleases)
#include "tst_unsettled_releases.moc"
