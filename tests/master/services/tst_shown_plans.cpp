// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/services/shown_plans.h"

using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

release::Plan plan(const std::string& id, int machines) {
    release::Plan out;
    out.id = id;
    for (int i = 0; i < machines; ++i) {
        release::MachineProgress machine;
        machine.uuid = QString::number(i).rightJustified(36, u'0').toStdString();
        machine.machineType = "LINUX";
        machine.fromVersion = "1";
        out.start.machines.push_back(machine);
    }
    return out;
}

release::PlanOutline outline(const std::string& id, int machines = 1) {
    return release::PlanOutline(plan(id, machines));
}

}  // namespace

class TestShownPlans : public QObject {
    Q_OBJECT

    const release::Plan m_now = plan("now", 3);

    bool knows(const ShownPlans& plans, const std::string& release, const std::string& id) const {
        return plans.difference(release, id, m_now).has_value();
    }

private Q_SLOTS:
    void itSaysWhatChangedSinceAPlanOfThatDraft() {
        ShownPlans plans;
        plans.put("r1", outline("a"));
        QCOMPARE(plans.difference("r1", "a", m_now).value().size(), std::size_t{1});
        QVERIFY(!knows(plans, "r1", "b"));
        QVERIFY(!knows(plans, "r2", "a"));
    }

    void ofOneDraftTheOldestGoes() {
        ShownPlans plans;
        plans.put("other", outline("z"));
        for (const char* id : {"a", "b", "c", "d"})
            plans.put("r1", outline(id));
        // Shown again: it is not the oldest any more.
        const std::size_t bytes = plans.bytes();
        plans.put("r1", outline("a"));
        QCOMPARE(plans.bytes(), bytes);
        plans.put("r1", outline("e"));
        QCOMPARE(plans.bytes(), bytes);
        QVERIFY(!knows(plans, "r1", "b"));
        for (const char* id : {"a", "c", "d", "e"})
            QVERIFY(knows(plans, "r1", id));
        QVERIFY(knows(plans, "other", "z"));
    }

    // Whoever may look makes plans of as many drafts as there are.
    void whatAllTakeIsBoundedAndTheOldestGoFirst() {
        const std::size_t one = outline("a", 1'000).bytes();
        ShownPlans plans(3 * one);
        for (int i = 0; i < 50; ++i)
            plans.put("r" + std::to_string(i), outline("p", 1'000));
        QCOMPARE(plans.bytes(), 3 * one);
        QVERIFY(!knows(plans, "r46", "p"));
        for (const char* release : {"r47", "r48", "r49"})
            QVERIFY(knows(plans, release, "p"));
        // One that is larger than all together may be.
        plans.put("large", outline("p", 10'000));
        QVERIFY(knows(plans, "large", "p"));
        QVERIFY(!knows(plans, "r49", "p"));
    }

    void aMachineTakesLittle() {
        constexpr int kMachines = 100'000;
        QVERIFY(outline("a", kMachines).bytes() < std::size_t{50} * kMachines);
        QVERIFY(7 * outline("a", kMachines).bytes() < ShownPlans::kBytesKept);
    }

    void forgottenOnesTakeNothing() {
        ShownPlans plans;
        plans.put("r1", outline("a"));
        plans.put("r2", outline("b"));
        plans.put("r1", outline("c"));
        plans.forget("r1");
        QVERIFY(!knows(plans, "r1", "a") && !knows(plans, "r1", "c") && knows(plans, "r2", "b"));
        QCOMPARE(plans.bytes(), outline("b").bytes());
        plans.clear();
        QVERIFY(!knows(plans, "r2", "b"));
        QCOMPARE(plans.bytes(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestShownPlans)
#include "tst_shown_plans.moc"
