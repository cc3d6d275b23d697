// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <algorithm>

#include "shared/domain/cost_rule.h"

using namespace ifrit::domain;
using Kind = CostVerdict::Kind;

namespace {

constexpr double kMiB = 1 << 20;

/// Each machine had 100 MiB and 1 % of a core; now it has so much.
StageCosts stageAt(StageKind kind, int machines, double mib, bool accepted = false,
                   double cpu = 1) {
    StageCosts out{kind, accepted, {}};
    for (int i = 0; i < machines; ++i)
        out.samples.add((100 + 0.01 * i) * kMiB, (mib + 0.01 * i) * kMiB, 1, cpu + 0.001 * i);
    return out;
}

CostLimits limitsOf(std::uint32_t percent, bool enabled = true) {
    CostLimits out;
    out.percent = percent;
    out.enabled = enabled;
    return out;
}

struct Said {
    Kind kind;
    int stage;  ///< -1: several; -2: no group
};

Said said(const GatePolicy& policy, std::vector<StageCosts> open, CostMeasure measure) {
    const auto groups = costGroups(policy, std::move(open));
    const CostVerdict verdict = costVerdict(groups, measure);
    if (!verdict.group) return {verdict.kind, -2};
    const auto& stage = groups[*verdict.group].stage;
    return {verdict.kind, stage ? int(*stage) : -1};
}

}  // namespace

Q_DECLARE_METATYPE(ifrit::domain::GatePolicy)
Q_DECLARE_METATYPE(std::vector<ifrit::domain::StageCosts>)
Q_DECLARE_METATYPE(ifrit::domain::CostVerdict::Kind)

class TestCostRule : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void verdict_data() {
        QTest::addColumn<GatePolicy>("policy");
        QTest::addColumn<std::vector<StageCosts>>("open");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<int>("stage");
        using Stages = std::vector<StageCosts>;
        const GatePolicy usual;
        const auto row = [](const char* name, const GatePolicy& policy, const Stages& open,
                            Kind kind,
                            int stage) { QTest::newRow(name) << policy << open << kind << stage; };
        const auto gray = [](int machines, double mib, bool accepted = false) {
            return stageAt(StageKind::Gray, machines, mib, accepted);
        };
        const auto full = [](int machines, double mib) {
            return stageAt(StageKind::Full, machines, mib);
        };
        row("nothing", usual, {}, Kind::Off, -2);
        row("no samples", usual, {gray(0, 0)}, Kind::Off, -2);
        row("below it", usual, {gray(6, 110)}, Kind::Passes, 0);
        row("above it", usual, {gray(6, 200)}, Kind::Halts, 0);
        row("too few", usual, {gray(4, 200)}, Kind::TooFew, 0);
        row("too few each, enough together", usual, {gray(3, 200), full(3, 200)}, Kind::Halts, -1);
        row("too few each and together", usual, {gray(2, 200), full(2, 200)}, Kind::TooFew, -1);
        // Together they would pass.
        row("one stage by itself", usual, {gray(6, 200), full(60, 100)}, Kind::Halts, 0);
        row("another one", usual, {gray(60, 100), full(6, 200)}, Kind::Halts, 1);
        row("accepted", usual, {gray(6, 200, true)}, Kind::Accepted, 0);
        row("accepted, and the next one is below", usual, {gray(6, 200, true), full(6, 110)},
            Kind::Accepted, 0);
        row("accepted, and the next one is above", usual, {gray(6, 200, true), full(6, 200)},
            Kind::Halts, 1);
        // What was accepted is not taken together with what came after it.
        row("accepted, and few after it", usual, {gray(60, 200, true), full(3, 200)},
            Kind::Accepted, 0);
        const auto pilot = stageAt(StageKind::Pilot, 3, 200, true);
        row("accepted together", usual, {gray(3, 200, true), pilot}, Kind::Accepted, -1);
        row("accepted together, and few after it", usual, {gray(3, 200, true), pilot, full(3, 200)},
            Kind::Accepted, -1);
        GatePolicy own;
        own.stageCosts = {{StageKind::Gray, limitsOf(300)}};
        row("looser limits of its own", own, {gray(6, 200)}, Kind::Passes, 0);
        row("left out of the others", own, {gray(60, 200), full(60, 110)}, Kind::Passes, -2);
        row("and the others by theirs", own, {gray(6, 200), full(6, 200)}, Kind::Halts, 1);
        own.stageCosts = {{StageKind::Gray, limitsOf(20)}};
        row("stricter ones", own, {gray(6, 130), full(60, 110)}, Kind::Halts, 0);
        own.stageCosts = {{StageKind::Gray, limitsOf(0, false)}};
        row("none in this stage", own, {gray(6, 200)}, Kind::Off, -2);
        row("none in this stage, few in the other", own, {gray(6, 200), full(4, 200)}, Kind::TooFew,
            1);
        GatePolicy off;
        off.cost.enabled = false;
        row("off", off, {gray(6, 200), full(6, 200)}, Kind::Off, -2);
        GatePolicy more;
        more.cost.minSample = 9;
        row("a larger sample is asked for", more, {gray(8, 200)}, Kind::TooFew, 0);
        GatePolicy less;
        less.cost.minSample = 1;
        row("a smaller one says nothing", less, {gray(4, 200)}, Kind::TooFew, 0);
    }
    void verdict() {
        QFETCH(const GatePolicy, policy);
        QFETCH(const std::vector<StageCosts>, open);
        QFETCH(const Kind, kind);
        QFETCH(const int, stage);
        const Said memory = said(policy, open, CostMeasure::Memory);
        QCOMPARE(memory.kind, kind);
        QCOMPARE(memory.stage, stage);
        // The processor's share did not rise: it halts nothing, whatever the memory does.
        const Said processor = said(policy, open, CostMeasure::Cpu);
        QVERIFY(processor.kind != Kind::Halts && processor.kind != Kind::Accepted);
    }

    void theProcessorIsJudgedByItsOwnLeast() {
        const GatePolicy policy;  // 2 % of a core
        const auto of = [&](double cpu) {
            return said(policy, {stageAt(StageKind::Gray, 6, 100, false, cpu)}, CostMeasure::Cpu)
                .kind;
        };
        QCOMPARE(of(2.5), Kind::Passes);
        QCOMPARE(of(4), Kind::Halts);
    }
};

QTEST_GUILESS_MAIN(TestCostRule)
#include "tst_cost_rule.moc"
