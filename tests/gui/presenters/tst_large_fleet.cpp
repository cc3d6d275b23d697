// SPDX-License-Identifier: GPL-3.0-or-later
// A million machines, as the stream of a master brings them. How long the window stands still is
// asked by what one piece of work allocates, and by who does it: neither depends on the machine.
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

#include <array>
#include <string>
#include <vector>

#include "gui/models/selection_keeper.h"
#include "gui/models/status_words.h"
#include "gui/presenters/machines_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/held_worker.h"
#include "tests/gui/support/machine_fleet.h"
#include "tests/support/allocations.h"

using namespace ifrit;
namespace services = gui::services;
using domain::MachineState;
using gui::models::MachineColumn;
using tests::Allocations;

namespace {

constexpr std::uint32_t kMachines = 1'000'000;
constexpr std::uint32_t kPart = 5'000;  ///< rows of one message
/// One column of numbers of the whole fleet: what a piece of the GUI thread's work never comes to.
constexpr std::size_t kColumnBytes = std::size_t{kMachines} * sizeof(std::uint32_t);
constexpr std::size_t kHandful = 64 * 1024;

}  // namespace

class TestLargeFleet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyMachineIsCounted();
    void theOrderIsOfTheWholeFleet();
    void aReportTouchesOneRow();
    void aFilterFindsThemAll();
    void allThatIsChosenStaysSo();
    void thoseThatGoAreTakenOutOnce();

private:
    void note(const services::MachinesUpdate& part);
    /// What waits for the worker is done, and then what is left for the GUI thread.
    void order();
    std::uint32_t rowsShown() { return static_cast<std::uint32_t>(m_presenter.model().rowCount()); }
    const gui::models::FleetColumns& columns() const { return m_fixture.feed.store().columns(); }

    tests::HubFixture m_fixture;
    tests::HeldWorker m_worker;
    gui::presenters::MachinesPresenter m_presenter{m_fixture.hub, m_fixture.feed, m_worker};
    tests::MachineFleet m_fleet{kMachines, base::toUnixMillis(m_fixture.clock.now())};
    std::uint32_t machinesIn(MachineState state) const {
        return m_states[static_cast<std::size_t>(state)];
    }
    // As they came, whatever became of them here.
    std::vector<std::string> m_texts{std::string()};
    std::array<std::uint32_t, 32> m_states{};
    std::array<std::uint32_t, 32> m_pins{};  ///< by the text's number
    std::uint32_t m_failedOnArm = 0;
};

void TestLargeFleet::note(const services::MachinesUpdate& part) {
    // Those that machines share come with the first.
    if (m_texts.size() == 1)
        m_texts.insert(m_texts.end(), part.newStrings.begin(), part.newStrings.end());
    const services::MachineColumns& rows = part.upserts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ++m_states[static_cast<std::size_t>(rows.state[i])];
        ++m_pins[rows.pin[i]];
        if (rows.state[i] == MachineState::Failed && m_texts[rows.machineType[i]] == "ARM64")
            ++m_failedOnArm;
    }
}

void TestLargeFleet::order() {
    QCOMPARE(m_worker.pending(), std::size_t{1});
    QVERIFY(m_presenter.model().ordering());
    m_worker.work();
    const Allocations taken;
    m_worker.finish();
    QVERIFY2(taken.bytes() < kHandful, qPrintable(QString::number(taken.bytes())));
    QVERIFY(!m_presenter.model().ordering());
}

void TestLargeFleet::initTestCase() {
    m_fixture.connect({});
    auto& model = m_presenter.model();
    model.sort(static_cast<int>(MachineColumn::State));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    const auto& store = m_fixture.feed.store();
    std::size_t most = 0;
    for (std::uint32_t first = 0; first < kMachines; first += kPart) {
        const services::MachinesUpdate part = m_fleet.snapshotPart(first, kPart);
        note(part);
        const Allocations piece;
        m_fixture.master.fleet.machineWatch.tell(part);
        // With the first one room is made for all: nothing stands there yet that would move.
        if (first > 0) most = std::max(most, piece.bytes());
        const bool whole = first + kPart == kMachines;
        QCOMPARE(store.loaded(), whole);
        if (!whole) QCOMPARE(store.gathered(), std::uint64_t{first} + kPart);
    }
    QVERIFY2(most < kColumnBytes, qPrintable(QString::number(most)));
    QCOMPARE(store.size(), kMachines);
    // Nothing was shown of half a fleet, and of the whole one nothing before it is in order: the
    // one reset says that the rows of before, of which there were none, have gone.
    QCOMPARE(resets.size(), 1);
    QCOMPARE(inserts.size(), 0);
    QCOMPARE(rowsShown(), 0U);
    order();
    QCOMPARE(resets.size(), 2);
    QCOMPARE(rowsShown(), kMachines);
    QVERIFY(m_presenter.countLine().endsWith(
        QStringLiteral("%1 in all").arg(gui::models::grouped(kMachines))));
}

void TestLargeFleet::everyMachineIsCounted() {
    const auto facets = m_presenter.facets();
    const auto machinesOf = [&facets](const QString& term) {
        for (const auto& facet : facets) {
            if (facet.term == term) return facet.machines;
        }
        return qint64{-1};
    };
    QCOMPARE(machinesOf(QStringLiteral("state:failed,reverted")),
             qint64{machinesIn(MachineState::Failed)});
    QCOMPARE(machinesOf(QStringLiteral("state:silent")), qint64{machinesIn(MachineState::Silent)});
    QCOMPARE(machinesOf(QStringLiteral("state:watching,degraded")),
             qint64{machinesIn(MachineState::Watching)});
    std::uint32_t inPins = 0;
    for (std::size_t pin = 0; pin < m_pins.size(); ++pin) {
        if (m_pins[pin] == 0) continue;
        QCOMPARE(machinesOf(QStringLiteral("pin:") + QString::fromStdString(m_texts[pin])),
                 qint64{m_pins[pin]});
        inPins += m_pins[pin];
    }
    QCOMPARE(inPins, kMachines);
}

void TestLargeFleet::theOrderIsOfTheWholeFleet() {
    const auto& model = m_presenter.model();
    const auto severityOf = [this](std::uint32_t at) {
        return gui::models::severityOf(columns().state[at], columns().offline[at] != 0);
    };
    std::uint32_t before = model.storeRow(0);
    for (int row = 1; row < model.rowCount(); ++row) {
        const std::uint32_t at = model.storeRow(row);
        const int more = severityOf(at) - severityOf(before);
        const bool ordered = more > 0 || (more == 0 && columns().uuid[before] < columns().uuid[at]);
        if (!ordered) QFAIL(qPrintable(QStringLiteral("row %1 is out of order").arg(row)));
        before = at;
    }
    const int last = model.rowCount() - 1;
    QCOMPARE(model.rowOfUuid(model.uuidAt(last)), last);
}

void TestLargeFleet::aReportTouchesOneRow() {
    auto& model = m_presenter.model();
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    const services::MachinesUpdate report = m_fleet.delta(1);
    const auto* before = &columns();
    const Allocations piece;
    m_fixture.master.fleet.machineWatch.tell(report);
    QVERIFY2(piece.bytes() < kHandful, qPrintable(QString::number(piece.bytes())));
    // The one copy of the fleet is written where it stands.
    QCOMPARE(&columns(), before);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(resets.size(), 0);
    const int row = model.rowOfUuid(QString::fromStdString(report.upserts.uuid[0]));
    QCOMPARE(changed.first().at(0).toModelIndex().row(), row);
    QCOMPARE(changed.first().at(1).toModelIndex().row(), row);
    QCOMPARE(columns().state[model.storeRow(row)], report.upserts.state[0]);
}

void TestLargeFleet::aFilterFindsThemAll() {
    auto& model = m_presenter.model();
    QItemSelectionModel selection(&model);
    new gui::models::SelectionKeeper(&selection,
                                     [&](const QString& key) { return model.rowOfUuid(key); });
    // One that stays, and one that is filtered out.
    int stays = 0;
    while (columns().state[model.storeRow(stays)] != MachineState::Failed ||
           columns().text(columns().machineType[model.storeRow(stays)]) != "ARM64")
        ++stays;
    int goes = 0;
    while (columns().state[model.storeRow(goes)] == MachineState::Failed)
        ++goes;
    const QString kept = model.uuidAt(stays);
    const auto rows = QItemSelectionModel::Select | QItemSelectionModel::Rows;
    selection.select(model.index(goes, 0), rows);
    selection.setCurrentIndex(model.index(stays, 0), rows);

    const Allocations asked;
    m_presenter.setFilter(QStringLiteral("state:failed type:ARM64"));
    QVERIFY(asked.bytes() < kHandful);
    QCOMPARE(rowsShown(), kMachines);  // until the others are known
    order();
    QVERIFY(m_failedOnArm > 0);
    QCOMPARE(rowsShown(), m_failedOnArm);
    for (int row = 0; row < model.rowCount(); ++row) {
        const std::uint32_t at = model.storeRow(row);
        QCOMPARE(columns().state[at], MachineState::Failed);
        QVERIFY(columns().text(columns().machineType[at]) == "ARM64");
        QVERIFY(row == 0 || columns().uuid[model.storeRow(row - 1)] < columns().uuid[at]);
    }
    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(selection.currentIndex().data(gui::models::KeyRole).toString(), kept);
    QCOMPARE(selection.selectedRows().first().row(), selection.currentIndex().row());
}

// By a key each they would be read twice, and the window would stand still meanwhile.
void TestLargeFleet::allThatIsChosenStaysSo() {
    auto& model = m_presenter.model();
    m_presenter.setFilter({});
    order();
    QCOMPARE(rowsShown(), kMachines);
    QItemSelectionModel selection(&model);
    new gui::models::SelectionKeeper(&selection,
                                     [&](const QString& key) { return model.rowOfUuid(key); });
    const int last = model.columnCount() - 1;
    const auto rows = [&selection] {
        std::uint32_t out = 0;
        for (const auto& range : selection.selection())
            out += static_cast<std::uint32_t>(range.height());
        return out;
    };
    const auto orderBy = [&](Qt::SortOrder how) {
        model.sort(static_cast<int>(MachineColumn::Uuid), how);
        order();
    };
    selection.select({model.index(0, 0), model.index(model.rowCount() - 1, last)},
                     QItemSelectionModel::Select);
    orderBy(Qt::DescendingOrder);
    QCOMPARE(rows(), kMachines);
    QCOMPARE(selection.selection().size(), 1);
    // More than is remembered one by one, and not all: none.
    selection.select({model.index(0, 0), model.index(0, last)}, QItemSelectionModel::Deselect);
    orderBy(Qt::AscendingOrder);
    QCOMPARE(rows(), 0U);
    // All of a filter are not all of the next one.
    selection.select({model.index(0, 0), model.index(model.rowCount() - 1, last)},
                     QItemSelectionModel::Select);
    m_presenter.setFilter(QStringLiteral("state:failed type:ARM64"));
    order();
    QCOMPARE(rows(), 0U);
}

// The places of a million were reckoned anew for each of the 32.
void TestLargeFleet::thoseThatGoAreTakenOutOnce() {
    auto& model = m_presenter.model();
    const auto before = rowsShown();
    constexpr int kGone = 32;
    const int apart = static_cast<int>(before) / (kGone + 1);
    services::MachinesUpdate update = m_fleet.delta(0);
    for (int i = 1; i <= kGone; ++i)
        update.removedUuids.push_back(model.uuidAt(i * apart).toStdString());
    const QString first = model.uuidAt(0);
    const QString last = model.uuidAt(model.rowCount() - 1);
    QSignalSpy removals(&model, &QAbstractItemModel::rowsRemoved);
    const Allocations piece;
    m_fixture.master.fleet.machineWatch.tell(update);
    QVERIFY2(piece.bytes() < 3 * kColumnBytes, qPrintable(QString::number(piece.bytes())));
    QCOMPARE(removals.size(), kGone);
    QCOMPARE(rowsShown(), before - kGone);
    QCOMPARE(model.rowOfUuid(first), 0);
    QCOMPARE(model.rowOfUuid(last), model.rowCount() - 1);
    for (const std::string& uuid : update.removedUuids)
        QCOMPARE(model.rowOfUuid(QString::fromStdString(uuid)), -1);
}

QTEST_GUILESS_MAIN(TestLargeFleet)
#include "tst_large_fleet.moc"
