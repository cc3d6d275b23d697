// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <algorithm>

#include "gui/pages/machines/machine_detail_view.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/releases/release_page.h"
#include "gui/pages/ring/ring_panel.h"
#include "gui/widgets/chart_view.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/hash_ring_view.h"
#include "gui/widgets/state_view.h"
#include "shared/base/status.h"
#include "tests/gui/pages/gallery_pictures.h"
#include "tests/gui/pages/open_other.h"
#include "tests/gui/pages/other_clusters.h"
#include "tests/gui/pages/refusals.h"

using namespace ifrit;
using gui::models::ViewNotice;
using gui::models::ViewState;
using tests::inEachLook;
using tests::keep;
using tests::Language;
using tests::WindowFixture;

/// Draws every page in every state it can be in, light and dark, in English and in Chinese, and
/// keeps the pictures.
class TestGallery : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pages_data();
    void pages();
    void states_data();
    void states();
    void painted_data();
    void painted();

private:
    static ViewNotice noticeOf(const gui::app::Desktop& desktop, const QString& page);
    /// The page shows its state as the state wants it.
    /// A label says it, perhaps among other things.
    static bool tells(const QWidget& widget, const QString& text);
    void checkNotice(const gui::app::MainWindow& window, const ViewNotice& notice);
    /// Opens the view that a row of painted() is about.
    static void openPainted(WindowFixture& fixture, const QString& view);
    /// A tab of a machine's details, after some reports.
    static void openMachine(WindowFixture& fixture, int tab);
    /// A page with everything that it can show.
    static void showFull(WindowFixture& fixture, const QString& page);
    /// The line, or what comes over it, as the state wants it; pages that can lose something have
    /// had it.
    static void bring(WindowFixture& fixture, const QString& state, const QStringList& pages);
    static void showIn(WindowFixture& fixture, const QString& page, const QString& state);
};

bool TestGallery::tells(const QWidget& widget, const QString& text) {
    const auto labels = widget.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisible() && label->text().contains(text);
    });
}

void TestGallery::initTestCase() {
    QVERIFY(!tests::openGallery().isEmpty());
}

ViewNotice TestGallery::noticeOf(const gui::app::Desktop& desktop, const QString& page) {
    if (page == QLatin1String("connections")) return desktop.connections.notice();
    if (page == QLatin1String("map")) return desktop.map.notice();
    if (page == QLatin1String("machines")) return desktop.machines.notice();
    if (page == QLatin1String("packages")) return desktop.packages.notice();
    if (page == QLatin1String("releases")) return desktop.releases.notice();
    if (page == QLatin1String("campaigns")) return desktop.campaigns.notice();
    if (page == QLatin1String("audit")) return desktop.audit.notice();
    if (page == QLatin1String("settings")) return {ViewState::Ready, {}, {}, {}, -1};
    if (page == QLatin1String("access")) return desktop.access.notice();
    return desktop.release.notice();
}

void TestGallery::checkNotice(const gui::app::MainWindow& window, const ViewNotice& notice) {
    const gui::pages::Page* page = window.page();
    const auto* state = page->findChild<gui::widgets::StateView*>();
    const auto* line = page->findChild<gui::widgets::NoticeLine*>();
    QVERIFY(state && line);
    const bool content = gui::models::keepsContent(notice.state);
    QCOMPARE(state->isVisible(), !content);
    QCOMPARE(line->isVisible(), content && notice.state != ViewState::Ready);
    // A sentence says what is the matter, wherever it is told.
    const QWidget* teller = content ? static_cast<const QWidget*>(line) : state;
    if (notice.state != ViewState::Ready) {
        QVERIFY(!notice.sentence.isEmpty());
        QVERIFY2(tells(*teller, notice.sentence), qPrintable(notice.sentence));
        // And the code and the request, which whoever is asked for help asks for.
        for (const QString& detail : notice.detail.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
            QVERIFY2(tells(*teller, detail), qPrintable(detail));
        if (notice.state == ViewState::Partial && !notice.detail.isEmpty()) {
            auto* copy = teller->findChild<QPushButton*>(QStringLiteral("copyDetails"));
            QVERIFY(copy && copy->isVisible());
            copy->click();
            QCOMPARE(QGuiApplication::clipboard()->text(),
                     notice.sentence + QLatin1Char('\n') + notice.detail);
        }
        // What never came can be given up.
        if (notice.state == ViewState::NeverLoaded) QVERIFY(!notice.action.isEmpty());
    }
    if (notice.state == ViewState::NeverLoaded || notice.state == ViewState::Error ||
        notice.state == ViewState::NoPermission) {
        for (const auto* label : page->findChildren<QLabel*>()) {
            const bool counts = label->isVisible() && label->text().startsWith(QLatin1String("0 "));
            QVERIFY2(!counts, qPrintable(label->text()));
        }
    }
    for (const auto* button : teller->findChildren<QPushButton*>()) {
        if (button->isVisible() && !notice.action.isEmpty()) QVERIFY(!button->text().isEmpty());
    }
    for (const auto* table : page->findChildren<gui::widgets::DataTable*>()) {
        if (table->isVisible()) QCOMPARE(table->isOld(), gui::models::isOld(notice.state));
    }
    for (const auto* chart : page->findChildren<gui::widgets::ChartView*>()) {
        if (chart->isVisible()) QCOMPARE(chart->isOld(), gui::models::isOld(notice.state));
    }
}

void TestGallery::showFull(WindowFixture& fixture, const QString& page) {
    QVERIFY(fixture.window->showPage(page));
    if (page == QLatin1String("machines")) {
        auto* machines = qobject_cast<gui::pages::MachinesPage*>(fixture.window->page());
        QVERIFY(machines);
        machines->setFilter(QStringLiteral("type:LINUX,CONTAINER seen<1d"));
        machines->showMachine(QString::fromStdString(fixture.master.machines.front().uuid));
    }
    if (page == QLatin1String("access")) {
        auto* users = fixture.window->page()->findChild<QTableView*>(QStringLiteral("users"));
        QVERIFY(users);
        users->selectRow(2);
    }
    WindowFixture::settle();
}

void TestGallery::pages_data() {
    QTest::addColumn<QStringList>("pages");
    QTest::addColumn<bool>("others");
    const QStringList campaigns = {QStringLiteral("campaigns")};
    QStringList all = gui::app::MainWindow::pageNames();
    all.removeAll(campaigns.first());
    QTest::newRow("one cluster") << all << false;
    QTest::newRow("several clusters") << campaigns << true;
}

void TestGallery::pages() {
    QFETCH(QStringList, pages);
    QFETCH(bool, others);
    tests::ListedClusters listed(12'000, others);
    WindowFixture& fixture = listed.fixture;
    inEachLook(fixture, [&](const QString& suffix, Language language) {
        for (const QString& page : pages) {
            showFull(fixture, page);
            QCOMPARE(fixture.window->page()->isVisible(), true);
            const ViewNotice notice = noticeOf(*fixture.desktop, page);
            QVERIFY2(notice.state == ViewState::Ready, qPrintable(page));
            checkNotice(*fixture.window, notice);
            // No page may ask for more than the look has.
            QCOMPARE(fixture.window->size(), QSize(1440, 900));
            keep(fixture.window.get(), page + suffix, language);
        }
    });
}

void TestGallery::states_data() {
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("expected");
    QTest::addColumn<QStringList>("pages");
    QStringList needMaster = gui::app::MainWindow::pageNames();
    needMaster.removeAll(QStringLiteral("connections"));
    needMaster.removeAll(QStringLiteral("settings"));
    QStringList lists = needMaster;
    lists.removeAll(QStringLiteral("release"));
    const struct {
        const char* name;
        ViewState state;
        QStringList pages;
    } states[] = {{"disconnected", ViewState::Empty, needMaster},
                  {"first-start", ViewState::Empty, {QStringLiteral("connections")}},
                  {"loading", ViewState::NeverLoaded, needMaster},
                  {"offline", ViewState::Offline, needMaster},
                  {"stale", ViewState::Stale, needMaster},
                  {"denied", ViewState::NoPermission, needMaster},
                  {"disabled", ViewState::NoPermission, {QStringLiteral("releases")}},
                  {"error", ViewState::Error, needMaster},
                  {"skew", ViewState::VersionSkew, needMaster},
                  {"skew-newer", ViewState::VersionSkew, {QStringLiteral("machines")}},
                  {"partial", ViewState::Partial, needMaster},
                  {"empty", ViewState::Empty, lists},
                  {"filtered",
                   ViewState::EmptyByFilter,
                   {QStringLiteral("machines"), QStringLiteral("audit")}}};
    for (const auto& state : states) {
        QTest::newRow(state.name) << QString::fromLatin1(state.name)
                                  << static_cast<int>(state.state) << state.pages;
    }
}

void TestGallery::bring(WindowFixture& fixture, const QString& state, const QStringList& pages) {
    tests::FakeMaster& fakes = fixture.master.fakes();
    const std::map<QString, absl::Status> refusals = {
        {QStringLiteral("denied"),
         base::permissionDenied("NOT_ALLOWED", "li", "li may not read this cluster")},
        {QStringLiteral("disabled"),
         base::makeError(absl::StatusCode::kUnauthenticated, "OPERATOR_DISABLED", "li",
                         "li is disabled; a super admin can enable the account again")},
        {QStringLiteral("error"),
         base::failedPrecondition("STORAGE", "sqlite", "the database is locked")},
        {QStringLiteral("skew"), absl::UnimplementedError("no such method")},
        {QStringLiteral("skew-newer"), absl::UnimplementedError("no such method any more")}};
    if (state == QLatin1String("skew-newer")) fixture.master.serverVersion = "0.3.0";
    if (const auto refusal = refusals.find(state); refusal != refusals.end()) {
        tests::refuse(fakes, refusal->second);
    }
    if (state == QLatin1String("empty")) {
        fixture.master.machines.clear();
        fixture.master.packages.clear();
        fixture.master.releases.clear();
        fixture.master.campaigns.clear();
        fixture.master.auditRows.clear();
        fixture.master.users.clear();
    }
    if (state == QLatin1String("disconnected") || state == QLatin1String("first-start")) return;
    if (state == QLatin1String("loading")) {
        fakes.fleet.machineWatch.opened = nullptr;
        fakes.releases.releaseWatch.opened = nullptr;
        fixture.desktop->hub.open(tests::ScriptedMaster::profile());
        fakes.connection.tell(gui::services::LinkState::Connecting);
        return;
    }
    fixture.connect();
    for (const QString& page : pages) {
        showIn(fixture, page, {});
        WindowFixture::settle();
    }
    if (state == QLatin1String("offline")) fixture.master.breakLine();
    if (state == QLatin1String("stale")) {
        gui::services::LinkStatus link;
        link.state = gui::services::LinkState::Stale;
        link.staleSince = fixture.clock.now() - std::chrono::seconds(31);
        fakes.connection.tell(link);
    }
    if (state == QLatin1String("partial")) {
        const absl::Status locked =
            base::failedPrecondition("STORAGE", "sqlite", "the database is locked");
        tests::refuse(fakes, locked);
        fakes.fleet.machineWatch.end(locked);
    }
}

void TestGallery::showIn(WindowFixture& fixture, const QString& page, const QString& state) {
    if (page == QLatin1String("release")) {
        fixture.window->showRelease(
            QString::fromStdString(fixture.master.releases.front().release.id));
    } else {
        QVERIFY(fixture.window->showPage(page));
    }
    if (state == QLatin1String("partial")) fixture.window->page()->refresh();
    if (state != QLatin1String("filtered")) return;
    if (auto* machines = qobject_cast<gui::pages::MachinesPage*>(fixture.window->page())) {
        machines->setFilter(QStringLiteral("nothing-is-called-so"));
    } else {
        fixture.desktop->audit.setFilter({QStringLiteral("nobody"), {}, {}, {}});
    }
}

void TestGallery::states() {
    QFETCH(QString, state);
    QFETCH(int, expected);
    QFETCH(QStringList, pages);
    tests::GalleryWindow fixture;
    bring(fixture, state, pages);
    inEachLook(fixture, [&](const QString& suffix, Language language) {
        for (const QString& page : pages) {
            showIn(fixture, page, state);
            WindowFixture::settle();
            const ViewNotice notice = noticeOf(*fixture.desktop, page);
            QVERIFY2(static_cast<int>(notice.state) == expected, qPrintable(page));
            checkNotice(*fixture.window, notice);
            keep(fixture.window.get(), QStringLiteral("state-%1-%2").arg(page, state) + suffix,
                 language);
        }
    });
}

void TestGallery::painted_data() {
    QTest::addColumn<QString>("view");
    for (const char* view :
         {"staged",         "staged-table",     "ring-uuid",   "ring-zoomed", "map-ring",
          "map-version",    "map-age",          "map-batch",   "map-table",   "map-history",
          "cost",           "cost-few",         "convergence", "cost-table",  "machine-explain",
          "machine-agents", "machine-timeline", "machine-log", "usage",       "load",
          "load-table",     "load-old",         "undo",        "choices"})
        QTest::newRow(view) << QString::fromLatin1(view);
}

void TestGallery::openMachine(WindowFixture& fixture, int tab) {
    QVERIFY(fixture.window->showPage(QStringLiteral("machines")));
    auto* machines = qobject_cast<gui::pages::MachinesPage*>(fixture.window->page());
    machines->showMachine(QString::fromStdString(fixture.master.machines[1].uuid));
    WindowFixture::settle();
    for (int i = 1; i <= 12; ++i)
        fixture.master.report(1, i);
    const auto* detail = machines->findChild<gui::pages::MachineDetailView*>();
    detail->findChild<QTabWidget*>()->setCurrentIndex(tab);
}

void TestGallery::openPainted(WindowFixture& fixture, const QString& view) {
    if (tests::openOther(fixture, view)) return;
    if (view.startsWith(QLatin1String("map"))) {
        QVERIFY(fixture.window->showPage(QStringLiteral("map")));
        WindowFixture::settle();
        using gui::presenters::MapColor;
        if (view == QLatin1String("map-ring")) QTest::keyClick(fixture.window.get(), Qt::Key_H);
        if (view == QLatin1String("map-table")) QTest::keyClick(fixture.window.get(), Qt::Key_F8);
        if (view == QLatin1String("map-history")) {
            // A moment of the fleet more, and another.
            for (int i = 0; i < 3; ++i) {
                fixture.clock.advance(std::chrono::seconds(30));
                fixture.desktop->feed.refresh();
                WindowFixture::settle();
            }
            for (auto* button : fixture.window->page()->findChildren<QPushButton*>()) {
                if (button->text() == QLatin1String("Versions")) button->click();
            }
        }
        if (view == QLatin1String("map-version")) fixture.desktop->map.setColor(MapColor::Version);
        if (view == QLatin1String("map-age")) fixture.desktop->map.setColor(MapColor::Age);
        if (view == QLatin1String("map-batch")) fixture.desktop->map.setColor(MapColor::Batch);
        return;
    }
    const QStringList machineTabs = {{},
                                     QStringLiteral("machine-explain"),
                                     QStringLiteral("machine-agents"),
                                     QStringLiteral("machine-timeline"),
                                     QStringLiteral("machine-log"),
                                     QStringLiteral("usage")};
    if (const auto tab = machineTabs.indexOf(view); tab > 0)
        return openMachine(fixture, static_cast<int>(tab));
    fixture.master.measured = view == QLatin1String("cost-few") ? 3 : 120;
    fixture.window->showRelease(QString::fromStdString(fixture.master.releases.back().release.id));
    WindowFixture::settle();
    auto* ring = fixture.window->page()->findChild<gui::pages::RingPanel*>();
    QVERIFY(ring && ring->isVisible());
    if (view == QLatin1String("staged-table")) QTest::keyClick(fixture.window->page(), Qt::Key_F8);
    auto* tabs = qobject_cast<gui::pages::ReleasePage*>(fixture.window->page())->tabs();
    if (view.startsWith(QLatin1String("cost"))) tabs->setCurrentIndex(3);
    if (view == QLatin1String("cost-table")) QTest::keyClick(fixture.window->page(), Qt::Key_F8);
    if (view == QLatin1String("convergence")) tabs->setCurrentIndex(4);
    if (view == QLatin1String("ring-uuid")) {
        QTest::keyClicks(ring->question(), QString::fromStdString(fixture.master.machines[7].uuid));
    }
    if (view == QLatin1String("ring-zoomed")) {
        ring->view()->setFocus();
        for (int i = 0; i < 9; ++i)
            QTest::keyClick(ring->view(), Qt::Key_Plus);
        QTest::keyClick(ring->view(), Qt::Key_Down);
        QTest::keyClick(ring->view(), Qt::Key_Down);
    }
}

void TestGallery::painted() {
    QFETCH(QString, view);
    tests::GalleryWindow fixture(view.startsWith(QLatin1String("map")) ? 12'000 : 2'400);
    fixture.master.releases.push_back(fixture.master.stagedRelease());
    fixture.connect();
    openPainted(fixture, view);
    WindowFixture::settle();
    inEachLook(fixture, [&](const QString& suffix, Language language) {
        keep(fixture.window.get(), QStringLiteral("painted-") + view + suffix, language);
    });
}

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
