// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/text_format.h"
#include "gui/presenters/plan_facts.h"

using namespace ifrit;
using gui::presenters::PlanFacts;
using gui::services::ReleasePlan;

namespace {

QString valueOf(const QList<QPair<QString, QString>>& facts, const char* label) {
    for (const auto& [key, value] : facts)
        if (key == QLatin1String(label)) return value;
    return {};
}

}  // namespace

class TestPlanFacts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whoIsSilentIsToldBesideWhoChanges();
    void anApprovalThatEndedIsTold();
};

void TestPlanFacts::whoIsSilentIsToldBesideWhoChanges() {
    ReleasePlan plan;
    plan.machinesTotal = 12;
    plan.changing = 12;
    plan.stages.emplace_back();
    plan.stages[0].machines = {{"LINUX", 12}};
    plan.stages[0].changing = 12;
    QVERIFY(valueOf(PlanFacts::totals(plan), "Silent").isEmpty());
    QVERIFY(valueOf(PlanFacts::totals(plan), "Change").isEmpty());
    plan.silent = 4;
    plan.silentBytes = 4 << 20;
    plan.stages[0].silent = 4;
    const auto facts = PlanFacts::of(plan);
    QCOMPARE(valueOf(facts, "Change"), QStringLiteral("12"));
    QVERIFY2(
        valueOf(facts, "Silent")
            .startsWith(QStringLiteral("4 of these, with %1").arg(gui::models::bytes(4 << 20))),
        qPrintable(valueOf(facts, "Silent")));
    QVERIFY2(facts.front().second.contains(QStringLiteral("12 change · 4 of these silent")),
             qPrintable(facts.front().second));
}

void TestPlanFacts::anApprovalThatEndedIsTold() {
    ReleasePlan plan;
    plan.approvalRequired = true;
    QCOMPARE(valueOf(PlanFacts::totals(plan), "Approved by"), QStringLiteral("nobody yet"));
    plan.endedApproval = domain::Approval{"bob", {}, "plan-8", {}};
    QCOMPARE(valueOf(PlanFacts::totals(plan), "Approved by"),
             QStringLiteral("nobody yet; what bob approved no longer holds"));
}

QTEST_GUILESS_MAIN(TestPlanFacts)
#include "tst_plan_facts.moc"
