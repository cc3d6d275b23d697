// SPDX-License-Identifier: GPL-3.0-or-later
// 20,000 machines report in one second, in the ten messages that a stream has in it.
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <set>

#include "gui/presenters/event_log.h"
#include "gui/presenters/machines_presenter.h"
#include "gui/presenters/map_presenter.h"
#include "gui/presenters/release_notices.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"
#include "tests/gui/support/held_worker.h"
#include "tests/gui/support/spin.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::presenters;
using gui::models::MachineColumn;
using gui::models::MachineTableModel;
using tests::ScriptMachine;
using tests::spinUntil;

namespace {

constexpr std::size_t kUpdates = 20'000;
constexpr std::size_t kMessages = 10;
constexpr std::size_t kEach = kUpdates / kMessages;
/// What FleetFeed and EventLog promise: ten repaints a second.
constexpr qint64 kRepaintEveryMs = 100;

/// So many in a time, one of them at once. A clock that runs later than the timers only allows
/// more.
qint64 repaintsIn(const QElapsedTimer& time) {
    return 1 + (time.elapsed() + kRepaintEveryMs) / kRepaintEveryMs;
}

}  // namespace

class TestUpdateFlood : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void everyReportArrivesInFewSignals();
    void whatComesWhileRowsAreOrderedWaitsInItsTurn();
    void machinesThatComeAndGoAreNeitherLostNorDoubled();
    void eventsAreShownTogetherAndReadOnce();

private:
    /// Message `index` of a round: each of its machines says the round's batch and its own memory.
    services::MachinesUpdate message(std::size_t index, std::uint32_t round);
    void report(std::size_t index, std::uint32_t round) {
        m_fixture->master.fleet.machineWatch.tell(message(index, round));
    }
    /// Every machine is as it said last, and is in the table once.
    void verifyRound(std::uint32_t round) const;
    const gui::models::FleetColumns& columns() const { return m_fixture->feed.store().columns(); }
    MachineTableModel& model() const { return m_machines->model(); }

    std::unique_ptr<tests::HubFixture> m_fixture;
    std::unique_ptr<tests::HeldWorker> m_worker;
    std::unique_ptr<MachinesPresenter> m_machines;
    std::unique_ptr<MapPresenter> m_map;
    tests::FleetScript m_script;
    std::vector<ScriptMachine> m_all;
    std::uint64_t m_generation = 1;
};

void TestUpdateFlood::init() {
    m_fixture = std::make_unique<tests::HubFixture>();
    m_worker = std::make_unique<tests::HeldWorker>();
    m_machines = std::make_unique<MachinesPresenter>(m_fixture->hub, m_fixture->feed, *m_worker);
    m_map = std::make_unique<MapPresenter>(m_fixture->hub, m_fixture->feed, nullptr);
    m_fixture->connect({});
    m_generation = 1;
    // One more than is ordered at once: the worker does it.
    m_all = tests::plainMachines(kUpdates + 1);
    for (ScriptMachine& machine : m_all)
        machine.agents = {{.name = "logd", .running = "1.0", .desired = "1.0"}};
    m_fixture->master.fleet.machineWatch.tell(m_script.snapshot(m_all, m_generation));
    m_worker->finish();
    QCOMPARE(model().rowCount(), static_cast<int>(m_all.size()));
}

void TestUpdateFlood::cleanup() {
    m_map.reset();
    m_machines.reset();
    m_worker.reset();
    m_fixture.reset();
}

services::MachinesUpdate TestUpdateFlood::message(std::size_t index, std::uint32_t round) {
    const auto first = m_all.begin() + static_cast<std::ptrdiff_t>(index * kEach);
    std::vector<ScriptMachine> reports(first, first + kEach);
    for (std::size_t i = 0; i < reports.size(); ++i) {
        reports[i].batch = round;
        reports[i].agents[0].rssBytes = round * kUpdates + index * kEach + i;
    }
    return m_script.delta(reports, {}, ++m_generation);
}

void TestUpdateFlood::verifyRound(std::uint32_t round) const {
    for (std::size_t i = 0; i < kUpdates; ++i) {
        const auto row = m_fixture->feed.store().rowOf(m_all[i].uuid);
        QVERIFY(row.has_value());
        QCOMPARE(columns().batch[*row], round);
        QCOMPARE(columns().agentsOf(*row)[0].rssBytes, std::uint64_t{round * kUpdates + i});
    }
    std::set<std::uint32_t> shown;
    for (int row = 0; row < model().rowCount(); ++row)
        shown.insert(model().storeRow(row));
    QCOMPARE(shown.size(), m_all.size());
    QCOMPARE(m_fixture->feed.store().generation(), m_generation);
}

void TestUpdateFlood::everyReportArrivesInFewSignals() {
    // Figures of the snapshot are not of the flood.
    QSignalSpy figures(&m_fixture->feed, &FleetFeed::figuresChanged);
    QVERIFY(spinUntil([&] { return figures.size() == 1; }));
    figures.clear();
    QSignalSpy cells(&model(), &QAbstractItemModel::dataChanged);
    QSignalSpy resets(&model(), &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model(), &QAbstractItemModel::rowsInserted);
    QSignalSpy order(&model(), &MachineTableModel::orderChanged);
    QSignalSpy map(m_map.get(), &MapPresenter::changed);
    QElapsedTimer time;
    time.start();
    // What a second brings, at once: the window has its event loop in between.
    for (std::size_t index = 0; index < kMessages; ++index) {
        report(index, 1);
        QCoreApplication::processEvents();
    }
    QVERIFY(spinUntil([&] { return figures.size() >= 1; }));
    QVERIFY2(figures.size() <= repaintsIn(time), qPrintable(QString::number(figures.size())));
    QVERIFY2(map.size() <= repaintsIn(time), qPrintable(QString::number(map.size())));
    QVERIFY(cells.size() <= static_cast<qsizetype>(kMessages) + time.elapsed() / 1'000 + 1);
    QCOMPARE(resets.size() + inserted.size(), 0);
    // Sorted by uuid no report moves a row.
    QCOMPARE(order.size(), 0);
    verifyRound(1);
}

void TestUpdateFlood::whatComesWhileRowsAreOrderedWaitsInItsTurn() {
    model().sort(static_cast<int>(MachineColumn::Rss));
    QVERIFY(model().ordering());
    const auto* held = &columns();
    // The second report of each machine is the one that counts.
    for (const std::uint32_t round : {1U, 2U}) {
        for (std::size_t index = 0; index < kMessages; ++index)
            report(index, round);
    }
    // To write them now would copy the fleet, for each of them.
    QCOMPARE(&columns(), held);
    QCOMPARE(m_fixture->feed.store().generation(), std::uint64_t{1});
    m_worker->finish();
    QVERIFY(spinUntil([&] { return m_fixture->feed.store().generation() == m_generation; }));
    QCOMPARE(&columns(), held);
    verifyRound(2);
    QVERIFY(model().orderOutOfDate());
}

void TestUpdateFlood::machinesThatComeAndGoAreNeitherLostNorDoubled() {
    constexpr std::size_t kGo = 2'000;
    std::vector<std::string> gone;
    std::vector<ScriptMachine> fresh;
    for (std::size_t i = 0; i < kGo; ++i) {
        gone.push_back(m_all[i * kMessages].uuid);
        fresh.push_back(m_all[i * kMessages]);
        fresh.back().uuid = "new-" + std::to_string(i);
    }
    QSignalSpy resets(&model(), &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model(), &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model(), &QAbstractItemModel::rowsRemoved);
    for (std::size_t index = 0; index < kMessages; ++index)
        report(index, 1);
    m_fixture->master.fleet.machineWatch.tell(m_script.delta(fresh, gone, ++m_generation));
    QCOMPARE(model().rowCount(), static_cast<int>(m_all.size()));
    QCOMPARE(resets.size(), 1);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size(), 0);
    // One that left comes back, as after a restart.
    m_fixture->master.fleet.machineWatch.tell(m_script.delta({m_all[0]}, {}, ++m_generation));
    QCOMPARE(model().rowCount(), static_cast<int>(m_all.size()) + 1);
    std::set<QString> shown;
    for (int row = 0; row < model().rowCount(); ++row)
        shown.insert(model().uuidAt(row));
    QCOMPARE(shown.size(), m_all.size() + 1);
    QVERIFY(shown.count(QString::fromStdString(m_all[0].uuid)) == 1);
    QVERIFY(m_fixture->feed.store().isConsistent());
}

// The whole list of events was made anew for each of them.
void TestUpdateFlood::eventsAreShownTogetherAndReadOnce() {
    using ChangeKind = services::ClusterEvent::Kind;
    ReleasesPresenter releases(m_fixture->hub, m_fixture->feed);
    ReleaseWatch watch(m_fixture->hub, releases);
    EventLog log(m_fixture->hub, m_fixture->feed, watch);
    QSignalSpy shown(&log, &EventLog::changed);
    QElapsedTimer time;
    time.start();
    for (std::size_t i = 0; i < kUpdates; ++i) {
        m_fixture->master.events.tell(ChangeKind::ReleaseChanged);
        m_fixture->master.events.tell(ChangeKind::PackageChanged, std::to_string(i) + "-digest");
    }
    const auto newest = [&log] { return log.model().index(0, 3).data().toString(); };
    QVERIFY(spinUntil([&] { return newest().contains(QStringLiteral("19999-")); }));
    QVERIFY2(shown.size() <= repaintsIn(time), qPrintable(QString::number(shown.size())));
    QCOMPARE(log.model().rowCount(), static_cast<int>(EventLog::kMost));
    const auto& rows = log.model().records();
    for (std::size_t i = 1; i < rows.size(); ++i)
        QCOMPARE(rows[i].id + 1, rows[i - 1].id);
    // The list is read, and while that is on its way not again.
    auto& lists = m_fixture->master.releases.listCalls;
    QVERIFY(spinUntil([&] { return lists.made() > 0; }));
    QCOMPARE(lists.made(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestUpdateFlood)
#include "tst_update_flood.moc"
