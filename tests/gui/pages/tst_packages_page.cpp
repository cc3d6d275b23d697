// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of one package, and where it leads; the map's donut of states, which leads there
// too.
#include <QAbstractButton>
#include <QDialog>
#include <QTest>

#include "gui/pages/machines/machines_page.h"
#include "gui/pages/map/legend_button.h"
#include "gui/pages/packages/packages_page.h"
#include "gui/pages/releases/release_page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/state_donut.h"
#include "gui/widgets/version_bars.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::pages::PackageDetailView;
using gui::pages::PackagesPage;
using gui::widgets::DataTable;
using gui::widgets::StateDonut;
using gui::widgets::VersionBars;
using tests::WindowFixture;

namespace {

PackagesPage* openPackages(WindowFixture& fixture, PackageDetailView::Tab tab) {
    fixture.connect();
    fixture.window->showPage(QStringLiteral("packages"));
    WindowFixture::settle();
    auto* page = qobject_cast<PackagesPage*>(fixture.window->page());
    page->showPackage(QString::fromStdString(fixture.master.packages[0].manifestDigest));
    page->detail()->tabs()->setCurrentIndex(tab);
    WindowFixture::settle();
    return page;
}

/// Of the map of a connected window.
StateDonut* donutOf(WindowFixture& fixture) {
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    return fixture.window->page()->findChild<StateDonut*>();
}

}  // namespace

class TestPackagesPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBarOpensItsMachines();
    void theTableFormHasTheSameFigures();
    void aReleaseIsOpened();
    void whatNobodyLooksAtIsNotRead();
    void aStateOfTheDonutFiltersTheMap();
    void theDonutOpensItsMachines();
    void theDonutHasATableForm();
    void deleteDoesNotGetTheKeyboardOfPublish();
};

void TestPackagesPage::aBarOpensItsMachines() {
    WindowFixture fixture;
    auto* page = openPackages(fixture, PackageDetailView::Versions);
    auto* bars = page->findChild<VersionBars*>();
    QVERIFY(bars && bars->isVisible());
    QTest::mouseClick(bars, Qt::LeftButton, {}, bars->placeOf(1).center());
    WindowFixture::settle();
    QVERIFY(qobject_cast<gui::pages::MachinesPage*>(fixture.window->page()));
    QCOMPARE(fixture.desktop->machines.filterText(),
             QStringLiteral("agent:node-exporter version:1.5.0"));
}

void TestPackagesPage::theTableFormHasTheSameFigures() {
    WindowFixture fixture;
    auto* page = openPackages(fixture, PackageDetailView::Versions);
    auto* bars = page->findChild<VersionBars*>();
    auto* table = page->findChild<DataTable*>(QStringLiteral("package-versions"));
    QVERIFY(bars->isVisible() && table->isHidden());
    QTest::keyClick(fixture.window.get(), Qt::Key_F8);
    QVERIFY(!bars->isVisible() && table->isVisible());
    const auto& versions = fixture.desktop->package.spread.versions();
    QCOMPARE(table->model()->rowCount(), static_cast<int>(versions.size()));
    QCOMPARE(table->model()->index(1, 1).data().toString(), QString::number(versions[1].running));
    QTest::keyClick(fixture.window.get(), Qt::Key_F8);
    QVERIFY(bars->isVisible());
}

void TestPackagesPage::aReleaseIsOpened() {
    WindowFixture fixture;
    auto* page = openPackages(fixture, PackageDetailView::Releases);
    auto* table = page->findChild<DataTable*>(QStringLiteral("package-releases"));
    QVERIFY(table->isVisible() && table->model()->rowCount() > 0);
    table->selectRow(0);
    table->setFocus();
    const QString id = table->currentIndex().data(gui::models::KeyRole).toString();
    QTest::keyClick(table, Qt::Key_Return);
    WindowFixture::settle();
    QVERIFY(qobject_cast<gui::pages::ReleasePage*>(fixture.window->page()));
    QCOMPARE(QString::fromStdString(fixture.master.fakes().releases.releaseWatch.last()), id);
}

void TestPackagesPage::whatNobodyLooksAtIsNotRead() {
    WindowFixture fixture;
    openPackages(fixture, PackageDetailView::Manifest);
    auto& releases = fixture.master.fakes().releases.listCalls;
    const std::size_t before = releases.made();
    fixture.window->showPage(QStringLiteral("machines"));
    WindowFixture::settle();
    QCOMPARE(releases.made(), before);
    QVERIFY(fixture.desktop->package.spread.versions().empty());
    QCOMPARE(fixture.desktop->package.difference.model().rowCount(), 0);
    fixture.window->showPage(QStringLiteral("packages"));
    auto* page = qobject_cast<PackagesPage*>(fixture.window->page());
    page->detail()->tabs()->setCurrentIndex(PackageDetailView::Releases);
    WindowFixture::settle();
    QVERIFY(releases.made() > before);
}

void TestPackagesPage::aStateOfTheDonutFiltersTheMap() {
    WindowFixture fixture;
    auto* donut = donutOf(fixture);
    QVERIFY(donut && donut->isVisible() && donut->shares().size() > 2);
    constexpr QPoint kLeft{5, 23};  // of the ring: the most, which are healthy
    const int state = donut->stateAt(kLeft);
    QTest::mouseClick(donut, Qt::LeftButton, {}, kLeft);
    QVERIFY(state >= 0);
    const auto isChosen = [&] {
        for (const auto& entry : fixture.desktop->map.legend()) {
            if (entry.entry == state) return entry.chosen;
        }
        return false;
    };
    QVERIFY(isChosen());
    QTest::mouseClick(donut, Qt::LeftButton, {}, kLeft);
    QVERIFY(!isChosen());
}

void TestPackagesPage::theDonutOpensItsMachines() {
    WindowFixture fixture;
    auto* donut = donutOf(fixture);
    donut->setFocus();
    QTest::keyClick(donut, Qt::Key_Right);
    QTest::keyClick(donut, Qt::Key_Return);
    WindowFixture::settle();
    QVERIFY(qobject_cast<gui::pages::MachinesPage*>(fixture.window->page()));
    QCOMPARE(fixture.desktop->machines.filterText(), QStringLiteral("state:failed,reverted"));
}

void TestPackagesPage::theDonutHasATableForm() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    auto* page = fixture.window->page();
    auto* table = page->findChild<DataTable*>(QStringLiteral("map-states"));
    QVERIFY(table->isHidden());
    QTest::keyClick(fixture.window.get(), Qt::Key_F8);
    QVERIFY(table->isVisible());
    const auto shares = page->findChild<StateDonut*>()->shares();
    QCOMPARE(table->model()->rowCount(), static_cast<int>(shares.size()));
    for (int row = 0; row < table->model()->rowCount(); ++row)
        QCOMPARE(table->model()->index(row, 0).data().toString(), shares[row].look.word);
}

// It stands beside: chosen a file, an Enter more would have asked whether to delete a package.
void TestPackagesPage::deleteDoesNotGetTheKeyboardOfPublish() {
    WindowFixture fixture;
    openPackages(fixture, PackageDetailView::Versions);
    fixture.master.fakes().packages.publishCalls.automatic = nullptr;
    QAbstractButton* publish = nullptr;
    for (auto* button : fixture.window->page()->findChildren<QAbstractButton*>())
        if (button->text() == QStringLiteral("Publish…")) publish = button;
    QVERIFY(publish && publish->isEnabled());
    publish->setFocus();
    {
        // As the one that asks for the file.
        QDialog dialog(fixture.window.get());
        dialog.setModal(true);
        dialog.show();
        dialog.activateWindow();
        WindowFixture::settle();
        QVERIFY(!publish->hasFocus());
        fixture.desktop->packages.publish(QStringLiteral("/nowhere/logd.ifrit"));
        QVERIFY(!publish->isEnabled());
    }
    auto* focus = qobject_cast<DataTable*>(fixture.window->focusWidget());
    QVERIFY(focus != nullptr);
    QCOMPARE(focus->objectName(), QStringLiteral("packages"));
}

QTEST_MAIN(TestPackagesPage)
#include "tst_packages_page.moc"
