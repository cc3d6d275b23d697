// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QTreeView>

#include "gui/pages/campaigns/abort_sheet.h"
#include "gui/pages/connections/master_list.h"
#include "gui/pages/export_dialog.h"
#include "gui/pages/packages/packages_page.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"
#include "shared/base/status.h"
#include "tests/gui/pages/gallery_pictures.h"
#include "tests/gui/pages/other_clusters.h"
#include "tests/gui/pages/refusals.h"

using namespace ifrit;
using gui::pages::ExportDialog;
using gui::pages::PackageDetailView;
using gui::pages::PackagesPage;
using tests::WindowFixture;

/// What is said of one package, the map's donut of states, the groups of
/// connections, and the export dialog, in every look.
class TestGalleryDetails : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(!tests::openGallery().isEmpty()); }
    void packages_data();
    void packages();
    void maps_data();
    void maps();
    void connections_data();
    void connections();
    void freezes_data();
    void freezes();
    void docks_data();
    void docks();
    void abortOfACampaign_data();
    void abortOfACampaign();
    void filters_data();
    void filters();
    void exportDialog_data();
    void exportDialog();

private:
    /// The list's row of a package.
    static void choose(WindowFixture& fixture, std::size_t index);
    /// As a super admin disables the account in one cluster, and another revokes the certificate.
    static void endLines(tests::OtherClusters& clusters);
};

void TestGalleryDetails::choose(WindowFixture& fixture, std::size_t index) {
    auto* page = qobject_cast<PackagesPage*>(fixture.window->page());
    QVERIFY(page);
    page->showPackage(QString::fromStdString(fixture.master.packages[index].manifestDigest));
    WindowFixture::settle();
}

void TestGalleryDetails::endLines(tests::OtherClusters& clusters) {
    gui::services::LinkStatus ended;
    ended.lastError = base::makeError(absl::StatusCode::kUnauthenticated, "OPERATOR_DISABLED",
                                      "chen.yu", "chen.yu is disabled");
    clusters.masters[0]->fakes().connection.tell(ended);
    ended.lastError = absl::UnauthenticatedError("the certificate was revoked");
    clusters.masters[1]->fakes().connection.tell(ended);
}

void TestGalleryDetails::packages_data() {
    QTest::addColumn<int>("tab");
    QTest::addColumn<int>("package");
    const struct {
        const char* name;
        PackageDetailView::Tab tab;
        int package;
    } rows[] = {{"package-versions", PackageDetailView::Versions, 0},
                {"package-versions-table", PackageDetailView::Versions, 0},
                {"package-changes", PackageDetailView::Changes, 0},
                {"package-changes-several", PackageDetailView::Changes, 0},
                {"package-changes-first", PackageDetailView::Changes, 2},
                {"package-changes-loading", PackageDetailView::Changes, 0},
                {"package-changes-failed", PackageDetailView::Changes, 0},
                {"package-releases", PackageDetailView::Releases, 0},
                {"package-releases-none", PackageDetailView::Releases, 4},
                {"package-releases-failed", PackageDetailView::Releases, 0}};
    for (const auto& row : rows)
        QTest::newRow(row.name) << static_cast<int>(row.tab) << row.package;
}

void TestGalleryDetails::packages() {
    QFETCH(int, tab);
    QFETCH(int, package);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    tests::GalleryWindow fixture(2'400);
    if (name.endsWith(QLatin1String("several"))) {
        gui::services::PackageInfo arm = fixture.master.packages[2];
        arm.version = "1.5.5";
        arm.manifestDigest = "f" + arm.manifestDigest.substr(1);
        arm.machineTypes = {"ARM64"};
        fixture.master.packages.push_back(arm);
    }
    fixture.connect();
    QVERIFY(fixture.window->showPage(QStringLiteral("packages")));
    WindowFixture::settle();
    choose(fixture, static_cast<std::size_t>(package));
    if (name.endsWith(QLatin1String("failed")))
        tests::refuse(fixture.master.fakes(),
                      base::failedPrecondition("STORAGE", "sqlite", "the database is locked"));
    auto* page = qobject_cast<PackagesPage*>(fixture.window->page());
    page->detail()->tabs()->setCurrentIndex(tab);
    WindowFixture::settle();
    if (!name.endsWith(QLatin1String("loading"))) fixture.finishWork();
    if (name.endsWith(QLatin1String("table"))) QTest::keyClick(page, Qt::Key_F8);
    WindowFixture::settle();
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        tests::keep(fixture.window.get(), name + suffix, language);
    });
}

void TestGalleryDetails::maps_data() {
    QTest::addColumn<bool>("others");
    QTest::newRow("map-state-chosen") << false;
    QTest::newRow("map-states-of-all-table") << true;
    QTest::newRow("map-lines-ended") << true;
}

void TestGalleryDetails::maps() {
    QFETCH(bool, others);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    tests::ListedClusters listed(12'000, others);
    WindowFixture& fixture = listed.fixture;
    QVERIFY(fixture.window->showPage(QStringLiteral("map")));
    if (name.endsWith(QLatin1String("ended"))) {
        endLines(listed.clusters);
    } else if (others) {
        QTest::keyClick(fixture.window.get(), Qt::Key_F8);
    } else {
        fixture.desktop->map.toggle(gui::presenters::MachineBucket::Silent);
    }
    WindowFixture::settle();
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        tests::keep(fixture.window.get(), name + suffix, language);
    });
}

void TestGalleryDetails::connections_data() {
    QTest::addColumn<bool>("chosen");
    QTest::newRow("connections-groups") << false;
    QTest::newRow("connections-group-chosen") << true;
    QTest::newRow("connections-table") << false;
    QTest::newRow("connections-lines-ended") << false;
}

void TestGalleryDetails::connections() {
    QFETCH(bool, chosen);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    tests::ListedClusters listed(240, true);
    WindowFixture& fixture = listed.fixture;
    auto& list = fixture.desktop->connections;
    list.setGroup(0, QStringLiteral("Asia"));
    list.setGroup(1, QStringLiteral("Asia"));
    QVERIFY(fixture.window->showPage(QStringLiteral("connections")));
    auto* view = fixture.window->findChild<gui::pages::MasterList*>();
    auto* tree = view->findChild<QTreeView*>();
    const QModelIndex group = tree->model()->index(0, 0);
    if (name.endsWith(QLatin1String("ended"))) {
        endLines(listed.clusters);
        tree->setCurrentIndex(tree->model()->index(1, 0, group));
    }
    if (chosen) tree->collapse(group);
    if (chosen) tree->setCurrentIndex(group);
    if (name.endsWith(QLatin1String("table"))) QTest::keyClick(tree, Qt::Key_F8);
    WindowFixture::settle();
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        tests::keep(fixture.window.get(), name + suffix, language);
    });
}

void TestGalleryDetails::freezes_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<bool>("reads");
    QTest::newRow("frozen-map") << QStringLiteral("map") << true;
    QTest::newRow("frozen-releases") << QStringLiteral("releases") << true;
    // Whatever else cannot be shown, that is.
    QTest::newRow("frozen-map-loading") << QStringLiteral("map") << false;
}

void TestGalleryDetails::freezes() {
    QFETCH(const QString, page);
    QFETCH(const bool, reads);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    tests::GalleryWindow fixture;
    fixture.master.frozen = gui::services::ClusterFreeze{
        "wang.lei",
        "OPS-2219: the new build corrupts its cache",
        fixture.clock.now() - std::chrono::minutes(12),
        true,
        {{"10.0.0.2:7443", "UNREACHABLE"}, {"10.0.0.3:7443", "UNIMPLEMENTED"}}};
    if (!reads) fixture.master.fakes().fleet.machineWatch.opened = nullptr;
    fixture.connect();
    QVERIFY(fixture.window->showPage(page));
    WindowFixture::settle();
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        const auto* banner = fixture.window->page()->findChild<QLabel*>(QStringLiteral("frozen"));
        QVERIFY(banner->isVisible());
        for (const char* said : {"wang.lei", "OPS-2219", "10.0.0.2:7443", "10.0.0.3:7443"})
            QVERIFY2(banner->text().contains(QLatin1String(said)), qPrintable(banner->text()));
        tests::keep(fixture.window.get(), name + suffix, language);
    });
}

void TestGalleryDetails::docks_data() {
    QTest::addColumn<QString>("dock");
    QTest::addColumn<bool>("filled");
    for (const char* dock : {"operations", "events"}) {
        QTest::addRow("dock-%s", dock) << QString::fromLatin1(dock) << true;
        QTest::addRow("dock-%s-empty", dock) << QString::fromLatin1(dock) << false;
    }
}

void TestGalleryDetails::docks() {
    QFETCH(QString, dock);
    QFETCH(bool, filled);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    tests::GalleryWindow fixture;
    fixture.connect();
    auto* shown = fixture.window->findChild<QDockWidget*>(dock);
    QVERIFY(shown);
    gui::services::CallHandle call;
    if (filled) {
        gui::services::ReleaseAct pause;
        pause.releaseId = fixture.master.releases.front().release.id;
        pause.verb = domain::ReleaseVerb::Pause;
        call = fixture.desktop->hub.session()->releases().act(pause, [](const auto&) {});
    } else {
        fixture.desktop->events.clear();
    }
    shown->show();
    shown->raise();
    WindowFixture::settle();
    auto* table = shown->findChild<gui::widgets::DataTable*>();
    QCOMPARE(table->model()->rowCount() > 0, filled);
    const auto* kept = shown->findChild<QLabel*>(dock + QStringLiteral("-kept"));
    QCOMPARE(!kept->text().isEmpty(), filled);
    // Qt's own are hit by nobody on a large screen.
    constexpr int kLeast = 24;
    for (const char* part : {"qt_dockwidget_closebutton", "qt_dockwidget_floatbutton"}) {
        const auto* button = shown->findChild<QWidget*>(QLatin1String(part));
        QVERIFY2(button->width() >= kLeast && button->height() >= kLeast,
                 qPrintable(QStringLiteral("%1 x %2").arg(button->width()).arg(button->height())));
    }
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        tests::keep(fixture.window.get(), name + suffix, language);
    });
}

void TestGalleryDetails::abortOfACampaign_data() {
    QTest::addColumn<bool>("ticked");
    QTest::newRow("abort-campaign") << false;
    QTest::newRow("abort-campaign-and-roll-back") << true;
}

void TestGalleryDetails::abortOfACampaign() {
    QFETCH(bool, ticked);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    WindowFixture fixture;
    const tests::OtherClusters others(fixture, true);
    auto& held = fixture.master.campaigns[1];
    held.release->allowedVerbs = {domain::ReleaseVerb::Rollback};
    held.release->reached[domain::ReleaseVerb::Rollback] = 74;
    fixture.connect();
    QVERIFY(fixture.window->showPage(QStringLiteral("campaigns")));
    WindowFixture::settle();
    auto& campaigns = fixture.desktop->campaigns;
    campaigns.choose(QString::fromStdString(held.campaign.id));
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        gui::pages::AbortSheet sheet(fixture.theme, campaigns, fixture.window.get());
        if (ticked) sheet.findChild<QCheckBox*>()->click();
        sheet.show();
        WindowFixture::layOut();
        tests::keep(&sheet, name + suffix, language);
    });
}

void TestGalleryDetails::filters_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("filter");
    for (const char* page : {"releases", "packages", "campaigns", "access"}) {
        QTest::addRow("filter-%s", page) << QString::fromLatin1(page) << QStringLiteral("n");
        QTest::addRow("filter-%s-nothing", page)
            << QString::fromLatin1(page) << QStringLiteral("nothing-is-called-so");
    }
}

void TestGalleryDetails::filters() {
    QFETCH(QString, page);
    QFETCH(QString, filter);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    tests::GalleryWindow fixture;
    const tests::OtherClusters others(fixture, true);
    fixture.connect();
    QVERIFY(fixture.window->showPage(page));
    WindowFixture::settle();
    auto* shown = qobject_cast<gui::pages::Page*>(fixture.window->page());
    shown->focusFilter();
    auto* line = qobject_cast<QLineEdit*>(fixture.window->focusWidget());
    line->setText(filter);
    if (page == QLatin1String("access")) {
        fixture.desktop->access.choose(QStringLiteral("chen.yu"));
        for (auto* other : shown->findChildren<gui::widgets::FilterLine*>())
            other->findChild<QLineEdit*>()->setText(filter);
    }
    WindowFixture::settle();
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        tests::keep(fixture.window.get(), name + suffix, language);
    });
}

void TestGalleryDetails::exportDialog_data() {
    QTest::addColumn<bool>("more");
    QTest::newRow("dialog-export") << false;
    QTest::newRow("dialog-export-more") << true;
}

void TestGalleryDetails::exportDialog() {
    QFETCH(bool, more);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    tests::GalleryWindow fixture;
    fixture.connect();
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        // Its words are those of the moment at which it opens.
        ExportDialog dialog(QStringLiteral("machines"), {more ? 3 : 0, 12'345, more, more},
                            fixture.window.get());
        dialog.show();
        WindowFixture::settle();
        tests::keep(&dialog, name + suffix, language);
    });
}

QTEST_MAIN(TestGalleryDetails)
#include "tst_gallery_details.moc"
