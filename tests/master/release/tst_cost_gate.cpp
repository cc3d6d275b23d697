// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/release/cost_gate.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

constexpr std::uint64_t kMiB = 1U << 20U;

domain::AgentReport costing(domain::AgentReport report, double cpu, std::uint64_t mib) {
    report.sample = {cpu, mib * kMiB};
    return report;
}

/// `count` gray machines that cost 1 % and 20 to 29 MiB before.
ReleaseFixture measured(int count) {
    ReleaseFixture f(count, count + 2);
    for (int i = 0; i < count; ++i)
        f.input.machines[static_cast<std::size_t>(i)].sample = {
            1.0, (20 + static_cast<std::uint64_t>(i) % 10) * kMiB};
    f.verb(ReleaseVerb::Start, 0).value();
    return f;
}

}  // namespace

class TestCostGate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLeakHalts() {
        ReleaseFixture f = measured(6);
        for (int i = 0; i < 6; ++i)
            f.report("m" + std::to_string(i), costing(healthyNew(), 1.0, 22), 5);
        f.tick(10);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        for (int i = 0; i < 6; ++i)
            f.report("m" + std::to_string(i),
                     costing(healthyNew(), 1.0, 80 + static_cast<std::uint64_t>(i)), 20);
        f.tick(30);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        QVERIFY2(f.model.release.haltReason.find("memory of 6 machines of the gray stage rose") !=
                     std::string::npos,
                 f.model.release.haltReason.c_str());
        // A person who accepts it is not halted again by the same machines.
        QVERIFY(!isCostAccepted(f.model, 0));
        f.verb(ReleaseVerb::Resume, 40).value();
        QVERIFY(isCostAccepted(f.model, 0));
        f.tick(100);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
    }

    void moreProcessorHalts() {
        ReleaseFixture f = measured(5);
        for (int i = 0; i < 5; ++i)
            f.report("m" + std::to_string(i), costing(healthyNew(), 9.0 + i, 24), 5);
        f.tick(10);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        QVERIFY(f.model.release.haltReason.find("CPU") != std::string::npos);
    }

    void notHalted_data() {
        QTest::addColumn<int>("machines");
        QTest::addColumn<int>("mib");
        QTest::addColumn<bool>("enabled");
        QTest::newRow("too few machines") << 4 << 500 << true;
        QTest::newRow("a rise below the absolute least") << 8 << 38 << true;
        QTest::newRow("less than before") << 8 << 5 << true;
        QTest::newRow("switched off") << 8 << 500 << false;
    }
    void notHalted() {
        QFETCH(int, machines);
        QFETCH(int, mib);
        QFETCH(bool, enabled);
        ReleaseFixture f = measured(machines);
        f.model.release.spec.gates.cost.enabled = enabled;
        for (int i = 0; i < machines; ++i)
            f.report("m" + std::to_string(i),
                     costing(healthyNew(), 1.0, static_cast<std::uint64_t>(mib)), 5);
        f.tick(30);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
    }

    void aStageHasLimitsOfItsOwn_data() {
        QTest::addColumn<bool>("everywhere");
        QTest::addColumn<int>("gray");
        QTest::addColumn<bool>("halts");
        QTest::newRow("looser") << true << 300 << false;
        QTest::newRow("stricter") << true << 20 << true;
        QTest::newRow("alone") << false << 50 << true;
        QTest::newRow("none in this one") << true << -1 << false;
    }
    void aStageHasLimitsOfItsOwn() {
        QFETCH(bool, everywhere);
        QFETCH(int, gray);
        QFETCH(bool, halts);
        ReleaseFixture f = measured(6);
        auto& gates = f.model.release.spec.gates;
        gates.cost.enabled = everywhere;
        domain::CostLimits own;
        own.enabled = gray >= 0;
        own.percent = static_cast<std::uint32_t>(std::max(gray, 0));
        own.rssBytes = kMiB;
        gates.stageCosts = {{domain::StageKind::Gray, own}};
        // By 50 % and more, or where that is to pass by 30 %.
        const std::uint64_t mib = gray == 20 ? 27 : 60;
        for (int i = 0; i < 6; ++i)
            f.report("m" + std::to_string(i),
                     costing(healthyNew(), 1.0, mib + static_cast<std::uint64_t>(i)), 5);
        f.tick(30);
        QCOMPARE(f.model.release.state, halts ? ReleaseState::Halted : ReleaseState::Running);
    }

    /// Batches too small for a sample of their own are judged together.
    void smallStagesAreJudgedTogether() {
        StagedFixture f(14);
        for (auto& machine : f.input.machines)
            machine.sample = {1.0, 20 * kMiB};
        f.model.release.spec.batches.interval = std::chrono::seconds(0);
        f.verb(ReleaseVerb::Start, 0).value();
        int second = 0;
        while (f.model.release.state == ReleaseState::Running && second < 2'000) {
            second += 100;
            const auto stage = f.model.release.stages.at(f.model.stageIndex);
            std::uint64_t mib = 100;
            for (const std::string& uuid : f.machinesOf({stage.kind, stage.batch}))
                f.report(uuid, costing(healthyNew(), 1.0, mib++), second);
            f.tick(second + 90);
            (void)f.verb(ReleaseVerb::Verify, second + 91);
        }
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        QVERIFY2(f.model.release.haltReason.find("of the open stages") != std::string::npos,
                 f.model.release.haltReason.c_str());
        QVERIFY(!f.model.fullOpened);
    }
};

QTEST_GUILESS_MAIN(TestCostGate)
#include "tst_cost_gate.moc"
