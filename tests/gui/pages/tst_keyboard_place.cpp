// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QTest>

#include "gui/pages/machines/machines_page.h"
#include "gui/pages/picture_export.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/state_donut.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::widgets::DataTable;
using tests::WindowFixture;

/// Where the keyboard is, what shows it, and that the row that is chosen is seen.
class TestKeyboardPlace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPageShowsWhereTheKeyboardIs_data();
    void aPageShowsWhereTheKeyboardIs();
    void aPageThatWaitsShowsIt();
    void downGoesThroughTheUsers();
    void theFirstPageHasItBeforeItIsShown();
    void theChosenMachineStaysInSight();
    void theStatesAreExportedAsPicture();

private:
    /// Something of the window is painted otherwise once the keyboard is gone.
    static bool isSeen(WindowFixture& fixture);
    static bool isInSight(const DataTable& table);
};

bool TestKeyboardPlace::isSeen(WindowFixture& fixture) {
    QWidget* widget = fixture.window->focusWidget();
    if (widget == nullptr || !widget->hasFocus()) return false;
    const QImage with = fixture.window->page()->grab().toImage();
    widget->clearFocus();
    const QImage without = fixture.window->page()->grab().toImage();
    return with != without;
}

bool TestKeyboardPlace::isInSight(const DataTable& table) {
    const QRect row = table.visualRect(table.currentIndex());
    return row.isValid() && table.viewport()->rect().contains(row.center());
}

void TestKeyboardPlace::aPageShowsWhereTheKeyboardIs_data() {
    QTest::addColumn<bool>("byKey");
    for (const QString& page : MainWindow::pageNames())
        QTest::newRow(qPrintable(page)) << false;
    for (int view = 0; view < MainWindow::ViewCount; ++view)
        QTest::newRow(qPrintable(QStringLiteral("Ctrl+%1").arg(view + 1))) << true;
}

void TestKeyboardPlace::aPageShowsWhereTheKeyboardIs() {
    QFETCH(bool, byKey);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    WindowFixture fixture;
    fixture.window->activateWindow();
    fixture.connect();
    if (byKey) {
        QTest::keySequence(fixture.window.get(), QKeySequence(name));
    } else {
        fixture.window->showPage(name);
    }
    WindowFixture::settle();
    QVERIFY(fixture.window->page()->isAncestorOf(fixture.window->focusWidget()) ||
            fixture.window->page()->hasFocus());
    QVERIFY(isSeen(fixture));
}

void TestKeyboardPlace::aPageThatWaitsShowsIt() {
    WindowFixture fixture;
    fixture.window->activateWindow();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    QVERIFY(fixture.window->page()->hasFocus());
    QVERIFY(isSeen(fixture));
}

void TestKeyboardPlace::downGoesThroughTheUsers() {
    WindowFixture fixture;
    fixture.window->activateWindow();
    fixture.connect();
    QTest::keySequence(fixture.window.get(), QKeySequence(QStringLiteral("Ctrl+8")));
    WindowFixture::settle();
    const auto chosen = [&] {
        const auto* user = fixture.desktop->access.chosen();
        return user == nullptr ? std::string() : user->name;
    };
    const std::string first = chosen();
    QVERIFY(!first.empty());
    QTest::keyClick(fixture.window->focusWidget(), Qt::Key_Down);
    WindowFixture::settle();
    QVERIFY(chosen() != first);
}

// As the program starts with --page: there is no active window yet.
void TestKeyboardPlace::theFirstPageHasItBeforeItIsShown() {
    WindowFixture fixture;
    fixture.connect();
    for (const QString& page : MainWindow::pageNames()) {
        MainWindow first(*fixture.desktop, fixture.theme);
        first.showPage(page);
        first.show();
        WindowFixture::settle();
        const QWidget* widget = first.focusWidget();
        QVERIFY2(widget != nullptr && first.page()->isAncestorOf(widget), qPrintable(page));
    }
}

void TestKeyboardPlace::theChosenMachineStaysInSight() {
    WindowFixture fixture(12'000);
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    // Everything in one go, before anything has its place.
    fixture.window->showPage(QStringLiteral("machines"));
    auto* page = qobject_cast<gui::pages::MachinesPage*>(fixture.window->page());
    const QString uuid = QString::fromStdString(fixture.master.machines.front().uuid);
    page->setFilter(QStringLiteral("type:LINUX,CONTAINER seen<1d"));
    page->showMachine(uuid);
    WindowFixture::settle();
    auto* table = page->findChild<DataTable*>(QStringLiteral("machines"));
    const auto chosen = [&] { return table->currentIndex().data(gui::models::KeyRole).toString(); };
    QCOMPARE(chosen(), uuid);
    QVERIFY(isInSight(*table));
    page->setFilter({});
    WindowFixture::settle();
    QCOMPARE(chosen(), uuid);
    QVERIFY(isInSight(*table));
    table->sortByColumn(0, Qt::DescendingOrder);
    WindowFixture::settle();
    QCOMPARE(chosen(), uuid);
    QVERIFY(isInSight(*table));
    fixture.window->resize(1440, 600);
    WindowFixture::settle();
    QVERIFY(isInSight(*table));
}

void TestKeyboardPlace::theStatesAreExportedAsPicture() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    auto* donut = fixture.window->page()->findChild<gui::widgets::StateDonut*>();
    QCOMPARE(donut->contextMenuPolicy(), Qt::ActionsContextMenu);
    QCOMPARE(donut->actions().size(), 1);
    QVERIFY(!donut->actions().first()->text().isEmpty());
    for (const char* ending : {"png", "svg"}) {
        const QString path =
            fixture.directory.filePath(QStringLiteral("states.") + QLatin1String(ending));
        QCOMPARE(gui::pages::writePicture(*donut, fixture.theme, path), QString());
        QVERIFY(QFileInfo(path).size() > 500);
    }
}

QTEST_MAIN(TestKeyboardPlace)
#include "tst_keyboard_place.moc"
