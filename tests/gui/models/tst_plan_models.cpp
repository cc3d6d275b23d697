// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QTest>

#include "gui/models/plan_models.h"
#include "gui/models/text_format.h"

using namespace ifrit;
using namespace std::chrono_literals;
using gui::models::PlanObjectionModel;
using gui::models::PlanStageModel;
using gui::services::ReleasePlan;

class TestPlanModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStageIsARow();
    void whatIsPassedByTakesNoTime();
    void conflictsComeBeforeRefusals();

private:
    static ReleasePlan::Stage gray() {
        ReleasePlan::Stage out;
        out.kind = domain::StageKind::Gray;
        out.machines = {{"CONTAINER", 1}, {"LINUX", 2}};
        out.fromVersions = {{"", 1}, {"1.5.0", 2}};
        out.changing = 3;
        out.bytes = 3 << 20;
        out.silent = 1;
        out.expectedDuration = 690s;
        return out;
    }
    /// A row, by the keys of its columns.
    static QMap<QByteArray, QString> row(const QAbstractItemModel& model, int row) {
        QMap<QByteArray, QString> out;
        for (int column = 0; column < model.columnCount(); ++column)
            out[model.headerData(column, Qt::Horizontal, gui::models::ExportKeyRole)
                    .toString()
                    .toLatin1()] = model.index(row, column).data().toString();
        return out;
    }
};

void TestPlanModels::aStageIsARow() {
    ReleasePlan plan;
    plan.stages = {gray()};
    plan.machinesTotal = 12;
    PlanStageModel model;
    const QAbstractItemModelTester tester(&model);
    model.setRecords(gui::models::stagesOf(plan));
    const auto said = row(model, 0);
    QCOMPARE(said["stage"], QStringLiteral("Gray"));
    QCOMPARE(said["machines"], QStringLiteral("3"));
    QCOMPARE(said["share"], gui::models::percent(3, 12));
    QCOMPARE(said["by_type"], QStringLiteral("1 CONTAINER, 2 LINUX"));
    QCOMPARE(said["now"], QStringLiteral("not installed on 1, 1.5.0 on 2"));
    QCOMPARE(said["changing"], QStringLiteral("3"));
    QCOMPARE(said["silent"], QStringLiteral("1"));
    QCOMPARE(said["download_bytes"], gui::models::bytes(3 << 20));
    QCOMPARE(said["expected_ms"], QStringLiteral("11 min 30 s"));
}

// One without machines may soak all the same.
void TestPlanModels::whatIsPassedByTakesNoTime() {
    ReleasePlan plan;
    plan.stages = {gray(), {}, {}};
    plan.stages[2].expectedDuration = 50s;
    plan.machinesTotal = 3;
    PlanStageModel model;
    model.setRecords(gui::models::stagesOf(plan));
    const auto said = row(model, 1);
    QCOMPARE(said["machines"], QStringLiteral("0"));
    QCOMPARE(said["expected_ms"], QStringLiteral("–"));
    QCOMPARE(row(model, 2)["expected_ms"], QStringLiteral("50 s"));
}

void TestPlanModels::conflictsComeBeforeRefusals() {
    ReleasePlan plan;
    plan.refusals = {{"m-1", "TOO_OLD", "too old"}};
    plan.conflicts = {"release 11 moves logd"};
    PlanObjectionModel model;
    const QAbstractItemModelTester tester(&model);
    model.setRecords(gui::models::objectionsTo(plan));
    QCOMPARE(model.rowCount({}), 2);
    const auto conflict = row(model, 0);
    QCOMPARE(conflict["kind"], QStringLiteral("conflict"));
    QCOMPARE(conflict["why"], QStringLiteral("release 11 moves logd"));
    const auto refused = row(model, 1);
    QCOMPARE(refused["kind"], QStringLiteral("left out"));
    QCOMPARE(refused["uuid"], QStringLiteral("m-1"));
    QCOMPARE(refused["why"], QStringLiteral("too old"));
    QCOMPARE(refused["reason"], QStringLiteral("TOO_OLD"));
}

QTEST_GUILESS_MAIN(TestPlanModels)
#include "tst_plan_models.moc"
