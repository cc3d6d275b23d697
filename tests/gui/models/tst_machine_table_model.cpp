// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

#include "gui/models/machine_table_model.h"
#include "gui/models/selection_keeper.h"
#include "gui/models/status_words.h"
#include "gui/models/table_role.h"
#include "tests/gui/support/fixed_clock.h"
#include "tests/gui/support/fleet_script.h"
#include "tests/gui/support/held_worker.h"
#include "tests/gui/support/in_other_words.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::models;
using domain::MachineState;
using tests::ScriptMachine;

class TestMachineTableModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void showsWhatTheStoreHolds();
    void saysWhyAnAgentFailedInTheReadersLanguage();
    void updatesChangeCellsAndNotTheOrder();
    void onlyAnotherStateMakesTheOrderOfStatesOld();
    void aFilterMakesNoOrderOld();
    void newAndLostMachines();
    void manyLostMachinesAtOnce();
    void aFewLostMachinesAreThoseThatGo();
    void filterHides();
    void selectionSurvivesAResort();
    void selectionSurvivesANewSnapshot();
    void largeFleetIsOrderedByTheWorker();
    void whatLeftWhileOrderingStaysAway();
    void reportsWhileOrderingLeaveTheOrderGood();
    void whatMovesWhileOrderingMakesTheOrderOld();

private:
    void apply(const services::MachinesUpdate& update) {
        if (m_store->replacesRows(update)) m_model->forgetRows();
        m_model->storeChanged(m_store->apply(update));
    }
    QStringList shown() const {
        QStringList out;
        for (int row = 0; row < m_model->rowCount(); ++row)
            out << m_model->uuidAt(row);
        return out;
    }
    tests::FixedClock m_clock;
    std::unique_ptr<tests::HeldWorker> m_worker;
    std::unique_ptr<TimeText> m_times;
    std::unique_ptr<FleetStore> m_store;
    std::unique_ptr<MachineTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    tests::FleetScript m_script;
};

void TestMachineTableModel::init() {
    m_worker = std::make_unique<tests::HeldWorker>();
    m_times = std::make_unique<TimeText>(m_clock);
    m_store = std::make_unique<FleetStore>();
    m_model = std::make_unique<MachineTableModel>(*m_store, *m_times, *m_worker);
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto machines = tests::plainMachines(3);
    machines[0].batch = 3;
    machines[1].batch = 1;
    machines[2].batch = 2;
    apply(m_script.snapshot(machines));
}

void TestMachineTableModel::cleanup() {
    m_tester.reset();
    m_model.reset();
}

void TestMachineTableModel::showsWhatTheStoreHolds() {
    ScriptMachine machine;
    machine.uuid = "i-00001";
    machine.state = MachineState::Failed;
    machine.agents = {{.name = "logd",
                       .running = "1.5.0",
                       .desired = "1.6.1",
                       .state = MachineState::Failed,
                       .step = "watching",
                       .error = "probe refused"}};
    apply(m_script.delta({machine}));
    const auto cell = [&](MachineColumn column) {
        return m_model->index(1, static_cast<int>(column)).data().toString();
    };
    QCOMPARE(cell(MachineColumn::Uuid), QStringLiteral("i-00001"));
    QCOMPARE(cell(MachineColumn::State), QStringLiteral("failed"));
    QCOMPARE(cell(MachineColumn::Agents), QStringLiteral("logd 1.5.0 → 1.6.1"));
    QCOMPARE(cell(MachineColumn::Now), QStringLiteral("probe refused"));
    QCOMPARE(m_model->index(1, 0).data(StatusKindRole).toInt(), static_cast<int>(StatusKind::Fail));
    QCOMPARE(m_model->index(1, 0).data(KeyRole).toString(), QStringLiteral("i-00001"));
    machine.offline = true;
    apply(m_script.delta({machine}));
    QCOMPARE(cell(MachineColumn::State), QStringLiteral("silent"));
    QVERIFY2(cell(MachineColumn::Rss).isEmpty(), "an old figure must not look like one of now");
    // In files as ifritctl has it.
    const QModelIndex state = m_model->index(1, static_cast<int>(MachineColumn::State));
    QCOMPARE(state.data(ExportRole).toString(), QStringLiteral("silent"));
    auto notJudgedYet = m_script.delta({machine});
    notJudgedYet.upserts.state = {MachineState::Failed};
    apply(notJudgedYet);
    QCOMPARE(state.data(ExportRole).toString(), QStringLiteral("offline"));
}

// The step beside it was said in it, the error was not.
void TestMachineTableModel::saysWhyAnAgentFailedInTheReadersLanguage() {
    std::vector<ScriptMachine> machines = tests::plainMachines(1);
    machines[0].agents = {{.name = "logd", .error = "in probation killed by signal 9 (SIGKILL)"}};
    apply(m_script.snapshot(machines));
    const auto now = [this] {
        return m_model->index(0, static_cast<int>(MachineColumn::Now)).data().toString();
    };
    QCOMPARE(now(), QStringLiteral("in probation killed by signal 9 (SIGKILL)"));
    const tests::InOtherWords other;
    QVERIFY2(!now().contains(QStringLiteral("killed")), qPrintable(now()));
}

void TestMachineTableModel::updatesChangeCellsAndNotTheOrder() {
    m_model->sort(static_cast<int>(MachineColumn::Batch));
    const QStringList before = {QStringLiteral("i-00001"), QStringLiteral("i-00002"),
                                QStringLiteral("i-00000")};
    QCOMPARE(shown(), before);
    QVERIFY(!m_model->orderOutOfDate());
    ScriptMachine machine;
    machine.uuid = "i-00001";
    machine.batch = 9;
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    QSignalSpy order(m_model.get(), &MachineTableModel::orderChanged);
    apply(m_script.delta({machine}));
    QCOMPARE(shown(), before);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(order.size(), 1);
    QVERIFY(m_model->orderOutOfDate());
    m_model->resort();
    QCOMPARE(shown(), (QStringList{QStringLiteral("i-00002"), QStringLiteral("i-00000"),
                                   QStringLiteral("i-00001")}));
    QVERIFY(!m_model->orderOutOfDate());
}

// Sorted by state the badge stood there from the first report on, whatever the report said.
void TestMachineTableModel::onlyAnotherStateMakesTheOrderOfStatesOld() {
    m_model->sort(static_cast<int>(MachineColumn::State));
    const QStringList before = shown();
    ScriptMachine machine;
    machine.uuid = before[1].toStdString();
    machine.state = domain::MachineState::Healthy;
    apply(m_script.delta({machine}));
    m_model->resort();
    const QStringList healthyLast = shown();
    machine.batch = 7;
    apply(m_script.delta({machine}));
    QVERIFY(!m_model->orderOutOfDate());
    machine.state = domain::MachineState::Failed;
    apply(m_script.delta({machine}));
    QCOMPARE(shown(), healthyLast);
    QVERIFY(m_model->orderOutOfDate());
    m_model->resort();
    QCOMPARE(shown().first(), before[1]);
}

// Under any filter the badge stood there from the first report on.
void TestMachineTableModel::aFilterMakesNoOrderOld() {
    m_model->setFilter(filter::MachineFilter::parse("-batch:77").filter);
    m_model->sort(static_cast<int>(MachineColumn::State));
    ScriptMachine machine;
    machine.uuid = shown()[1].toStdString();
    machine.state = domain::MachineState::Healthy;
    apply(m_script.delta({machine}));
    m_model->resort();
    machine.batch = 7;
    apply(m_script.delta({machine}));
    QVERIFY(!m_model->orderOutOfDate());
    machine.batch = 77;
    apply(m_script.delta({machine}));
    QVERIFY(m_model->orderOutOfDate());
}

void TestMachineTableModel::newAndLostMachines() {
    ScriptMachine added;
    added.uuid = "a-first-by-name";
    apply(m_script.delta({added}, {"i-00001"}));
    QCOMPARE(shown(), (QStringList{QStringLiteral("i-00000"), QStringLiteral("i-00002"),
                                   QStringLiteral("a-first-by-name")}));
    QVERIFY(m_model->orderOutOfDate());
    QCOMPARE(m_model->rowOfUuid(QStringLiteral("i-00001")), -1);
    QCOMPARE(m_model->rowOfUuid(QStringLiteral("i-00002")), 1);
    m_model->resort();
    QCOMPARE(shown().first(), QStringLiteral("a-first-by-name"));
}

void TestMachineTableModel::manyLostMachinesAtOnce() {
    apply(m_script.snapshot(tests::plainMachines(200)));
    std::vector<std::string> gone;
    for (const auto& machine : tests::plainMachines(150))
        gone.push_back(machine.uuid);
    apply(m_script.delta({}, gone));
    QCOMPARE(m_model->rowCount(), 50);
    QCOMPARE(m_model->uuidAt(0), QStringLiteral("i-00150"));
    QCOMPARE(m_model->rowOfUuid(QStringLiteral("i-00199")), 49);
}

// One row of another machine fewer, and one of a machine that is not there any more.
void TestMachineTableModel::aFewLostMachinesAreThoseThatGo() {
    apply(m_script.snapshot(tests::plainMachines(40)));
    m_model->sort(static_cast<int>(MachineColumn::Uuid), Qt::DescendingOrder);
    QStringList left = shown();
    std::vector<std::string> gone;
    for (const int place : {30, 4, 17, 5}) {
        gone.push_back(left[place].toStdString());
        left[place].clear();
    }
    left.removeAll(QString());
    // Whoever asks while they go gets the place of then.
    int asked = 0;
    connect(m_model.get(), &QAbstractItemModel::rowsRemoved, this, [&] {
        const int last = m_model->rowCount() - 1;
        asked += m_model->rowOfUuid(QStringLiteral("i-00000")) == last ? 1 : 0;
    });
    apply(m_script.delta({}, gone));
    QCOMPARE(shown(), left);
    QCOMPARE(asked, 4);
}

void TestMachineTableModel::filterHides() {
    m_model->setFilter(filter::MachineFilter::parse("batch:1..2").filter);
    QCOMPARE(shown(), (QStringList{QStringLiteral("i-00001"), QStringLiteral("i-00002")}));
    ScriptMachine outside;
    outside.uuid = "i-00007";
    outside.batch = 5;
    apply(m_script.delta({outside}));
    QCOMPARE(m_model->rowCount(), 2);
    m_model->setFilter({});
    QCOMPARE(m_model->rowCount(), 4);
}

void TestMachineTableModel::selectionSurvivesAResort() {
    QItemSelectionModel selection(m_model.get());
    new SelectionKeeper(&selection, [&](const QString& key) { return m_model->rowOfUuid(key); });
    selection.setCurrentIndex(m_model->index(0, 0),
                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_model->sort(static_cast<int>(MachineColumn::Batch));
    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(selection.selectedRows().first().row(), 2);
    QCOMPARE(m_model->uuidAt(selection.currentIndex().row()), QStringLiteral("i-00000"));
}

void TestMachineTableModel::selectionSurvivesANewSnapshot() {
    QItemSelectionModel selection(m_model.get());
    new SelectionKeeper(&selection, [&](const QString& key) { return m_model->rowOfUuid(key); });
    selection.setCurrentIndex(m_model->index(2, 0),
                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    auto machines = tests::plainMachines(5);
    machines.erase(machines.begin());
    apply(m_script.snapshot(machines, 5));
    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(m_model->uuidAt(selection.selectedRows().first().row()), QStringLiteral("i-00002"));
}

void TestMachineTableModel::largeFleetIsOrderedByTheWorker() {
    apply(m_script.snapshot(tests::plainMachines(20'001)));
    QVERIFY(m_model->ordering());
    QCOMPARE(m_model->rowCount(), 0);
    // The order of an older wish comes later, and is dropped.
    m_model->sort(static_cast<int>(MachineColumn::Uuid), Qt::DescendingOrder);
    QCOMPARE(m_worker->pending(), std::size_t{2});
    m_worker->finish(1);
    QVERIFY(!m_model->ordering());
    QCOMPARE(m_model->uuidAt(0), QStringLiteral("i-20000"));
    m_worker->finish(0);
    QCOMPARE(m_model->uuidAt(0), QStringLiteral("i-20000"));
    QCOMPARE(m_model->rowCount(), 20'001);
}

void TestMachineTableModel::whatLeftWhileOrderingStaysAway() {
    apply(m_script.snapshot(tests::plainMachines(20'001)));
    apply(m_script.delta({}, {"i-00000"}));
    m_worker->finish();
    QCOMPARE(m_model->rowCount(), 20'000);
    QCOMPARE(m_model->uuidAt(0), QStringLiteral("i-00001"));
    QVERIFY(!m_model->orderOutOfDate());
}

// Machines report all the time: each order came in as an old one, and sorting again did not help.
void TestMachineTableModel::reportsWhileOrderingLeaveTheOrderGood() {
    const auto machines = tests::plainMachines(20'001);
    apply(m_script.snapshot(machines));
    m_model->sort(static_cast<int>(MachineColumn::State));
    m_worker->finish(1);
    m_worker->finish(0);
    QVERIFY(!m_model->orderOutOfDate());
    m_model->resort();
    QVERIFY(m_model->ordering());
    ScriptMachine report = machines[7];
    report.batch = 5;
    apply(m_script.delta({report}));
    m_worker->finish();
    QVERIFY(!m_model->ordering());
    QVERIFY(!m_model->orderOutOfDate());
}

void TestMachineTableModel::whatMovesWhileOrderingMakesTheOrderOld() {
    const auto machines = tests::plainMachines(20'001);
    apply(m_script.snapshot(machines));
    m_model->sort(static_cast<int>(MachineColumn::State));
    ScriptMachine failed = machines[7];
    failed.state = MachineState::Failed;
    apply(m_script.delta({failed}));
    m_worker->finish(1);
    m_worker->finish(0);
    QVERIFY(m_model->orderOutOfDate());
    m_model->resort();
    m_worker->finish();
    QVERIFY(!m_model->orderOutOfDate());
    QCOMPARE(m_model->uuidAt(0), QStringLiteral("i-00007"));
    // Who came meanwhile is not in the order at all.
    m_model->resort();
    ScriptMachine added;
    added.uuid = "a-first-by-name";
    apply(m_script.delta({added}));
    apply(m_script.delta({added}));
    m_worker->finish();
    QVERIFY(m_model->orderOutOfDate());
}

QTEST_GUILESS_MAIN(TestMachineTableModel)
#include "tst_machine_table_model.moc"
