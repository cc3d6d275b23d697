// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/domain/release_reach.h"

using namespace ifrit::domain;

namespace {

StageCounts stage(StageKind kind, std::uint32_t batch, std::uint32_t targeted,
                  std::map<Outcome, std::uint32_t> outcomes, bool opened) {
    StageCounts out;
    out.kind = kind;
    out.batch = batch;
    out.targeted = targeted;
    out.outcomes = std::move(outcomes);
    if (opened) out.opened = ifrit::base::fromUnixMillis(1);
    return out;
}

/// Gray is over, with one that failed and one that was taken out of the cluster; batch 3 opens
/// next.
std::vector<StageCounts> afterGray() {
    return {stage(StageKind::Gray, 0, 4,
                  {{Outcome::Ok, 1},
                   {Outcome::Already, 1},
                   {Outcome::Reverted, 1},
                   {Outcome::Skipped, 1}},
                  true),
            stage(StageKind::Batch, 3, 5, {{Outcome::Pending, 4}, {Outcome::Skipped, 1}}, false),
            stage(StageKind::Batch, 1, 7, {{Outcome::Pending, 7}}, false),
            // As a master that counts no Pending tells it.
            stage(StageKind::Full, 0, 14, {}, false)};
}

}  // namespace

class TestReleaseReach : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachVerbReachesWhatItChanges_data() {
        QTest::addColumn<int>("verb");
        QTest::addColumn<qulonglong>("expected");
        const auto row = [](const char* name, ReleaseVerb verb, qulonglong expected) {
            QTest::newRow(name) << static_cast<int>(verb) << expected;
        };
        row("verify: the next stage, without who is out", ReleaseVerb::Verify, 4);
        row("promote: the same", ReleaseVerb::Promote, 4);
        row("promote all: what is not open", ReleaseVerb::PromoteAll, 4 + 7 + 14);
        row("retry: what failed", ReleaseVerb::RetryFailed, 1);
        row("rollback: what was opened", ReleaseVerb::Rollback, 4);
        row("abort: all", ReleaseVerb::Abort, 30);
        row("pause: all", ReleaseVerb::Pause, 30);
        row("start: the plan's to say", ReleaseVerb::Start, 0);
    }
    void eachVerbReachesWhatItChanges() {
        QFETCH(const int, verb);
        QFETCH(const qulonglong, expected);
        QCOMPARE(qulonglong{reachedBy(static_cast<ReleaseVerb>(verb), afterGray(), {})}, expected);
    }
    void ofOneStage() {
        const auto stages = afterGray();
        QCOMPARE(reachedIn(ReleaseVerb::Promote, stages[1]), std::uint64_t{4});
        QCOMPARE(reachedIn(ReleaseVerb::RetryFailed, stages[0]), std::uint64_t{1});
        QCOMPARE(reachedIn(ReleaseVerb::Rollback, stages[0]), std::uint64_t{4});
        QCOMPARE(reachedIn(ReleaseVerb::Rollback, stages[1]), std::uint64_t{0});
        QCOMPARE(reachedIn(ReleaseVerb::Abort, stages[1]), std::uint64_t{5});
    }

    void anEmptyBatchThatGoesOnByItselfOpensTheNextToo() {
        auto stages = afterGray();
        stages[1] = stage(StageKind::Batch, 3, 0, {}, false);
        QCOMPARE(reachedBy(ReleaseVerb::Promote, stages, {}), std::uint64_t{7});
        BatchPlan byHand;
        byHand.advance = BatchAdvance::Promote;
        QCOMPARE(reachedBy(ReleaseVerb::Promote, stages, byHand), std::uint64_t{0});
        using Opened = std::vector<std::size_t>;
        QCOMPARE(openedBy(ReleaseVerb::Verify, stages, {}), (Opened{1, 2}));
        QCOMPARE(openedBy(ReleaseVerb::Promote, stages, byHand), Opened{1});
        QCOMPARE(openedBy(ReleaseVerb::PromoteAll, stages, byHand), (Opened{1, 2, 3}));
        QCOMPARE(openedBy(ReleaseVerb::Rollback, stages, {}), Opened{});
    }

    void whatGoesOnByItselfLeavesAnEmergencysNumber() {
        auto stages = afterGray();
        stages[1].opened = ifrit::base::fromUnixMillis(2);
        const auto back = reachedBy(ReleaseVerb::Rollback, stages, {});
        const auto end = reachedBy(ReleaseVerb::Abort, stages, {});
        QCOMPARE(back, std::uint64_t{9});
        stages[1].outcomes = {{Outcome::Ok, 3}, {Outcome::Failed, 1}, {Outcome::Skipped, 1}};
        QCOMPARE(reachedBy(ReleaseVerb::Rollback, stages, {}), back);
        QCOMPARE(reachedBy(ReleaseVerb::Abort, stages, {}), end);
    }

    void nothingIsLeftBehindTheLastStage() {
        auto stages = afterGray();
        for (auto& stage : stages)
            stage.opened = ifrit::base::fromUnixMillis(1);
        QCOMPARE(reachedBy(ReleaseVerb::Promote, stages, {}), std::uint64_t{0});
        QCOMPARE(reachedBy(ReleaseVerb::PromoteAll, stages, {}), std::uint64_t{0});
        QCOMPARE(reachedBy(ReleaseVerb::Rollback, stages, {}), std::uint64_t{30});
        QCOMPARE(reachedBy(ReleaseVerb::Verify, {}, {}), std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestReleaseReach)
#include "tst_release_reach.moc"
