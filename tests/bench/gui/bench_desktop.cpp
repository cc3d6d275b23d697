// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop with a fleet of a million machines, offscreen, beside a bare QTableView over an array
// of numbers in the same run. Prints JSON lines; exit 1 when a goal is missed.
//
//     bench_desktop [MACHINES]
#include <QAbstractTableModel>
#include <QApplication>
#include <QHeaderView>
#include <QScrollBar>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "gui/app/desktop.h"
#include "gui/app/keychain.h"
#include "gui/app/main_window.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/machine_map.h"
#include "tests/bench/gui/bench_figures.h"
#include "tests/bench/gui/view_figures.h"
#include "tests/gui/support/fake_session.h"
#include "tests/gui/support/machine_fleet.h"

namespace {

using namespace ifrit;
using bench::Figures;
namespace services = gui::services;

constexpr std::uint32_t kPart = 5'000;  // rows of one message of the stream
constexpr int kRepaints = 60;
constexpr int kUpdateSeconds = 10;
constexpr int kDeliveries = 10;   // a second, as the stream has them
constexpr int kUpdates = 20'000;  // a second

/// What a table costs at the least.
class Numbers : public QAbstractTableModel {
public:
    Numbers(int rows, int columns) : m_columns(columns), m_values(static_cast<std::size_t>(rows)) {
        for (std::size_t i = 0; i < m_values.size(); ++i)
            m_values[i] = static_cast<int>(i * 2'654'435'761U % 1'000'000'007U);
    }
    int rowCount(const QModelIndex& parent) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_values.size());
    }
    int columnCount(const QModelIndex& parent) const override {
        return parent.isValid() ? 0 : m_columns;
    }
    QVariant data(const QModelIndex& index, int role) const override {
        if (role != Qt::DisplayRole) return {};
        return m_values[static_cast<std::size_t>(index.row())] + index.column();
    }

private:
    int m_columns;
    std::vector<int> m_values;
};

/// The first time that a window is painted.
class FirstPaint : public QObject {
public:
    bool eventFilter(QObject*, QEvent* event) override {
        m_seen = m_seen || event->type() == QEvent::Paint;
        return false;
    }
    bool seen() const { return m_seen; }

private:
    bool m_seen = false;
};

class DesktopBench {
public:
    DesktopBench(QApplication& application, std::uint32_t machines, const QElapsedTimer& started);
    bool run();

private:
    void firstWindow(const QElapsedTimer& started);
    bool load();
    void repaintTable();
    bool order(const char* name, const std::function<void()>& begin);
    bool sortAndFilter();
    void repaintMap();
    void updates(const char* name);
    gui::models::MachineTableModel& model() { return m_desktop.machines.model(); }
    std::vector<double> scrolledRepaints(QTableView& table) const;

    std::uint32_t m_machines;
    Figures m_figures;
    QTemporaryDir m_directory;
    QSettings m_settings;
    base::SystemClock m_clock;
    tests::FakeMaster m_master;
    tests::FakeSessionFactory m_factory;
    gui::models::PoolWorker m_worker;
    gui::app::MemorySecrets m_secrets;
    gui::widgets::Theme m_theme;
    gui::app::Desktop m_desktop;
    gui::app::MainWindow m_window;
    tests::MachineFleet m_fleet;
};

DesktopBench::DesktopBench(QApplication& application, std::uint32_t machines,
                           const QElapsedTimer& started)
    : m_machines(machines),
      m_settings(m_directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat),
      m_factory(m_master),
      m_theme(application),
      m_desktop({m_factory, m_clock, m_worker, m_settings, m_secrets}),
      m_window(m_desktop, m_theme),
      m_fleet(machines, base::toUnixMillis(m_clock.now())) {
    firstWindow(started);
}

void DesktopBench::firstWindow(const QElapsedTimer& started) {
    FirstPaint paint;
    m_window.installEventFilter(&paint);
    m_window.resize(1440, 900);
    m_window.show();
    bench::waitFor([&] { return paint.seen(); });
    m_figures.atMost("desktop_first_window", static_cast<double>(started.nsecsElapsed()) / 1e9, 1,
                     "s");
    m_window.removeEventFilter(&paint);
}

bool DesktopBench::load() {
    services::ConnectionProfile profile;
    profile.bundle.cluster = "bench";
    m_desktop.hub.open(profile);
    m_master.connection.tell(services::LinkState::Connected);
    m_window.showPage(QStringLiteral("machines"));
    QElapsedTimer timer;
    timer.start();
    bench::Heartbeat heartbeat;
    for (std::uint32_t first = 0; first < m_machines; first += kPart) {
        m_master.fleet.machineWatch.tell(m_fleet.snapshotPart(first, kPart));
        QCoreApplication::processEvents();
    }
    const bool ready = bench::waitFor(
        [&] { return !model().ordering() && model().rowCount() == static_cast<int>(m_machines); });
    m_figures.tell("desktop_model_ready", static_cast<double>(timer.nsecsElapsed()) / 1e9, "s");
    bench::turnFor(500);
    m_figures.atMost("desktop_model_ready_blocked", heartbeat.longestMs(), 50, "ms");
    return ready;
}

std::vector<double> DesktopBench::scrolledRepaints(QTableView& table) const {
    QScrollBar* bar = table.verticalScrollBar();
    return bench::timesOf(kRepaints, [&](int round) {
        bar->setValue(static_cast<int>((round * 7'919LL * 1'013) % std::max(1, bar->maximum())));
        table.viewport()->repaint();
    });
}

void DesktopBench::repaintTable() {
    auto* table = m_window.findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    // As many columns as the other shows, as wide and as high.
    int columns = 0;
    for (int column = 0; column < model().columnCount({}); ++column)
        columns += table->isColumnHidden(column) ? 0 : 1;
    Numbers numbers(static_cast<int>(m_machines), columns);
    QTableView bare;
    bare.setModel(&numbers);
    bare.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    bare.verticalHeader()->setDefaultSectionSize(table->verticalHeader()->defaultSectionSize());
    bare.verticalHeader()->hide();
    bare.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    for (int column = 0; column < columns; ++column)
        bare.setColumnWidth(column, table->viewport()->width() / columns);
    bare.resize(table->size());
    bare.show();
    bench::turnFor(200);
    // In turns, so that a busy moment of the machine meets both.
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int round = 0; round < 5; ++round) {
        for (const double time : scrolledRepaints(*table))
            ours.push_back(time);
        for (const double time : scrolledRepaints(bare))
            theirs.push_back(time);
    }
    std::sort(ours.begin(), ours.end());
    std::sort(theirs.begin(), theirs.end());
    m_figures.tell("bare_table_repaint", bench::medianOf(theirs), "ms");
    m_figures.tell("desktop_table_repaint", bench::medianOf(ours), "ms");
    m_figures.atMost("desktop_table_beside_bare", bench::medianOf(ours) / bench::medianOf(theirs),
                     2, "times");
    const auto page = bench::timesOf(kRepaints, [&](int) { m_window.page()->repaint(); });
    m_figures.atMost("desktop_page_repaint", bench::medianOf(page), 8, "ms");
}

bool DesktopBench::order(const char* name, const std::function<void()>& begin) {
    bench::turnFor(300);
    bench::Heartbeat heartbeat;
    QCoreApplication::processEvents();
    QElapsedTimer timer;
    timer.start();
    begin();
    if (!bench::waitFor([this] { return !model().ordering(); })) return false;
    const double took = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    // What follows from the new order: facets, first repaint.
    bench::turnFor(800);
    m_figures.atMost(std::string("desktop_") + name, took, 500, "ms");
    m_figures.atMost(std::string("desktop_") + name + "_blocked", heartbeat.longestMs(), 50, "ms");
    return true;
}

bool DesktopBench::sortAndFilter() {
    using gui::models::MachineColumn;
    const auto sortBy = [this](MachineColumn column) {
        model().sort(static_cast<int>(column), Qt::DescendingOrder);
    };
    const auto filter = [this](const char* text) {
        m_desktop.machines.setFilter(QString::fromLatin1(text));
    };
    return order("sort_state", [&] { sortBy(MachineColumn::State); }) &&
           order("sort_uuid", [&] { sortBy(MachineColumn::Uuid); }) &&
           order("sort_address", [&] { sortBy(MachineColumn::Address); }) &&
           order("sort_agents", [&] { sortBy(MachineColumn::Agents); }) &&
           order("sort_rss", [&] { sortBy(MachineColumn::Rss); }) &&
           order("filter_state", [&] { filter("state:failed type:ARM64"); }) &&
           order("filter_version", [&] { filter("version<1.6 pin:acme"); }) &&
           order("filter_word", [&] { filter("web-0001"); }) &&
           order("filter_none", [&] { filter(""); });
}

void DesktopBench::repaintMap() {
    m_window.showPage(QStringLiteral("map"));
    bench::turnFor(500);
    auto* map = m_window.findChild<gui::widgets::MachineMap*>();
    const auto repaints = bench::timesOf(kRepaints, [&](int) { map->repaint(); });
    m_figures.atMost("desktop_map_repaint", bench::medianOf(repaints), 10, "ms");
    using gui::presenters::MapColor;
    using gui::presenters::MapGroupBy;
    gui::presenters::MapPresenter& presenter = m_desktop.map;
    double longest = 0;
    for (const MapColor color :
         {MapColor::Version, MapColor::Age, MapColor::Batch, MapColor::State}) {
        for (const MapGroupBy by : {MapGroupBy::Pin, MapGroupBy::Nothing, MapGroupBy::Batch}) {
            // Each is a choice of its own, with the event loop in between.
            const auto group = bench::timesOf(1, [&](int) { presenter.setGroupBy(by); });
            const auto paint = bench::timesOf(1, [&](int) { presenter.setColor(color); });
            longest = std::max({longest, group.back(), paint.back()});
        }
    }
    m_figures.atMost("desktop_map_regroup", longest, 50, "ms");
}

void DesktopBench::updates(const char* name) {
    // Made before: what is measured is what the desktop does with them.
    std::vector<services::MachinesUpdate> made;
    for (int i = 0; i < kUpdateSeconds * kDeliveries; ++i)
        made.push_back(m_fleet.delta(kUpdates / kDeliveries));
    bench::turnFor(500);
    std::size_t next = 0;
    QTimer deliveries;
    deliveries.setTimerType(Qt::PreciseTimer);
    QObject::connect(&deliveries, &QTimer::timeout, [&] {
        if (next < made.size()) m_master.fleet.machineWatch.tell(made[next++]);
    });
    bench::Heartbeat heartbeat;
    const double before = bench::cpuSeconds();
    QElapsedTimer timer;
    timer.start();
    deliveries.start(1'000 / kDeliveries);
    while (next < made.size())
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    const double share =
        100 * (bench::cpuSeconds() - before) / (static_cast<double>(timer.nsecsElapsed()) / 1e9);
    m_figures.atMost(std::string("desktop_updates_") + name, share, 25, "% of a core");
    m_figures.atMost(std::string("desktop_updates_") + name + "_blocked", heartbeat.longestMs(), 50,
                     "ms");
}

bool DesktopBench::run() {
    if (!load()) {
        std::fprintf(stderr, "bench_desktop: the model never had all machines\n");
        return false;
    }
    m_figures.atMost("desktop_rss", bench::residentMegabytes(), 400, "MB");
    repaintTable();
    if (!sortAndFilter()) {
        std::fprintf(stderr, "bench_desktop: ordering did not end\n");
        return false;
    }
    bench::searchPalette(m_figures, m_desktop);
    updates("machines");
    repaintMap();
    bench::repaintRing(m_figures, m_theme);
    updates("map");
    m_figures.atMost("desktop_rss_at_the_end", bench::residentMegabytes(), 400, "MB");
    m_figures.tell("desktop_rss_most", bench::mostResidentMegabytes(), "MB");
    // A second fleet, which the figures above must not hold.
    bench::countFacets(m_figures, m_machines);
    return m_figures.allMet();
}

}  // namespace

int main(int argc, char** argv) {
    QElapsedTimer started;
    started.start();
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const long machines = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1'000'000;
    if (machines < 1 || machines > 5'000'000) {
        std::fprintf(stderr, "bench_desktop: MACHINES takes 1 to 5000000\n");
        return 2;
    }
    QApplication application(argc, argv);
    DesktopBench bench(application, static_cast<std::uint32_t>(machines), started);
    return bench.run() ? 0 : 1;
}
