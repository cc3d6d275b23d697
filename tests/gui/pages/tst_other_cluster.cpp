// SPDX-License-Identifier: GPL-3.0-or-later
// The window goes to another cluster: what was chosen, visited or told in the one before means
// something else there, or nothing.
#include <QDockWidget>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include "gui/pages/export_job.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/toast.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::widgets::DataTable;
using tests::WindowFixture;

namespace {

/// Two clusters with the same names and numbers in them.
struct TwoClusters {
    TwoClusters() : other(window.clock.now()) {
        window.factory.others["beta"] = &other.fakes();
        enter("alpha");
    }
    ~TwoClusters() { window.factory.others.clear(); }
    void enter(const std::string& cluster) {
        auto profile = tests::ScriptedMaster::profile();
        profile.bundle.cluster = cluster;
        profile.bundlePath = "/bundles/" + cluster;
        window.desktop->hub.open(profile);
        WindowFixture::settle();
        (cluster == "beta" ? other : window.master).connect();
        WindowFixture::settle();
    }
    QString title() const { return window.window->page()->title(); }
    QString toast() const {
        const auto* found = window.window->findChild<gui::widgets::Toast*>();
        return found->isVisible() ? found->text() : QString();
    }
    DataTable* table() const {
        for (auto* found : window.window->page()->findChildren<DataTable*>()) {
            if (found->isVisible()) return found;
        }
        return nullptr;
    }

    WindowFixture window;
    tests::ScriptedMaster other;
};

}  // namespace

class TestOtherCluster : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QGuiApplication::setQuitOnLastWindowClosed(false); }
    void nothingIsChosenThere_data();
    void nothingIsChosenThere();
    void theSameOneKeepsWhatWasChosen();
    void backLeadsToNoPlaceOfTheOther();
    void theOpenReleaseIsLeft();
    void aReleaseOfAClosedLineIsNotOpenedElsewhere();
    void anEventOfTheOtherSaysSo();
    void anExportEndsWithItsCluster();
};

void TestOtherCluster::nothingIsChosenThere_data() {
    QTest::addColumn<QString>("page");
    for (const char* page : {"machines", "packages", "releases", "audit"})
        QTest::newRow(page) << QString::fromLatin1(page);
}

void TestOtherCluster::nothingIsChosenThere() {
    QFETCH(const QString, page);
    TwoClusters clusters;
    clusters.window.window->showPage(page);
    WindowFixture::settle();
    DataTable* table = clusters.table();
    QVERIFY(table != nullptr);
    table->selectRow(1);
    WindowFixture::settle();
    QVERIFY(table->selectionModel()->hasSelection());
    clusters.enter("beta");
    QVERIFY(table->model()->rowCount() > 1);
    QVERIFY(!table->selectionModel()->hasSelection());
    QVERIFY(!table->currentIndex().isValid());
}

void TestOtherCluster::theSameOneKeepsWhatWasChosen() {
    TwoClusters clusters;
    clusters.window.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    DataTable* table = clusters.table();
    table->selectRow(1);
    const auto chosen = [&] { return table->currentIndex().data(gui::models::KeyRole).toString(); };
    const QString uuid = chosen();
    clusters.window.desktop->hub.close();
    WindowFixture::settle();
    clusters.enter("alpha");
    QCOMPARE(chosen(), uuid);
}

void TestOtherCluster::backLeadsToNoPlaceOfTheOther() {
    TwoClusters clusters;
    MainWindow& window = *clusters.window.window;
    window.showPage(QStringLiteral("release"));
    const QString release = clusters.window.desktop->release.releaseId();
    QVERIFY(!release.isEmpty());
    window.showView(MainWindow::Map);
    clusters.enter("beta");
    window.showView(MainWindow::Machines);
    for (int i = 0; i < 3; ++i) {
        window.back();
        QCOMPARE(clusters.title(), QStringLiteral("Cluster map"));
        QCOMPARE(clusters.window.desktop->release.releaseId(), QString());
    }
}

void TestOtherCluster::theOpenReleaseIsLeft() {
    TwoClusters clusters;
    clusters.window.window->showPage(QStringLiteral("release"));
    clusters.enter("beta");
    QCOMPARE(clusters.title(), QStringLiteral("Releases"));
}

// Without a session the place is shown, and waits for its cluster.
void TestOtherCluster::aReleaseOfAClosedLineIsNotOpenedElsewhere() {
    TwoClusters clusters;
    MainWindow& window = *clusters.window.window;
    window.showPage(QStringLiteral("release"));
    window.showView(MainWindow::Map);
    clusters.window.desktop->hub.close();
    window.back();
    QVERIFY(!clusters.window.desktop->release.releaseId().isEmpty());
    clusters.enter("beta");
    QCOMPARE(clusters.window.desktop->release.releaseId(), QString());
    QCOMPARE(clusters.other.fakes().releases.releaseWatch.open(), std::size_t{0});
    QCOMPARE(clusters.title(), QStringLiteral("Releases"));
}

void TestOtherCluster::anEventOfTheOtherSaysSo() {
    TwoClusters clusters;
    WindowFixture& window = clusters.window;
    window.window->showView(MainWindow::Releases);
    WindowFixture::settle();
    window.master.releases.front().release.state = domain::ReleaseState::RollingBack;
    const QString release = QString::fromStdString(window.master.releases.front().release.id);
    window.desktop->releases.refresh();
    window.window->toggleEvents();
    WindowFixture::settle();
    auto* table =
        window.window->findChild<QDockWidget*>(QStringLiteral("events"))->findChild<DataTable*>();
    const auto openIt = [&] {
        const auto& model = window.desktop->events.model();
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.at(row)->releaseId == release) Q_EMIT table->opened(model.index(row, 0));
        }
    };
    clusters.enter("beta");
    openIt();
    QCOMPARE(window.desktop->release.releaseId(), QString());
    QCOMPARE(clusters.title(), QStringLiteral("Releases"));
    // It would go there, to no other one of that name.
    QCOMPARE(clusters.toast(), QStringLiteral("alpha is not on the list any more."));
    clusters.enter("alpha");
    openIt();
    QCOMPARE(window.desktop->release.releaseId(), release);
}

void TestOtherCluster::anExportEndsWithItsCluster() {
    TwoClusters clusters;
    WindowFixture& window = clusters.window;
    window.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    const QString path = window.directory.filePath(QStringLiteral("machines.csv"));
    gui::pages::Page* page = window.window->page();
    auto* job =
        new gui::pages::ExportJob(page->exportOf(*clusters.table()), gui::pages::ExportScope::Shown,
                                  gui::pages::ExportTarget::CsvFile, page);
    QSignalSpy finished(job, &gui::pages::ExportJob::finished);
    job->start(path);
    clusters.enter("beta");
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished[0][0].toString(),
             QStringLiteral("Nothing was exported: The connection was closed."));
    QVERIFY(!finished[0][1].toBool());
    WindowFixture::settle();
    QVERIFY(!QFile::exists(path));
}

QTEST_MAIN(TestOtherCluster)
#include "tst_other_cluster.moc"
