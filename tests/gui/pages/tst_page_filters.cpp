// SPDX-License-Identifier: GPL-3.0-or-later
// The line that filters a list: by key and mouse, on every page that has one.
#include <QLabel>
#include <QLineEdit>
#include <QTabWidget>
#include <QTest>

#include "gui/pages/packages/packages_page.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/sheet_answer.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::widgets::DataTable;
using tests::button;
using tests::WindowFixture;

class TestPageFilters : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filtersByKeyAndMouse_data();
    void filtersByKeyAndMouse();
    void aPackageThatIsGoneToIsShown();
    void nothingToClearCannotBeCleared_data();
    void nothingToClearCannotBeCleared();
};

void TestPageFilters::filtersByKeyAndMouse_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("list");
    QTest::addColumn<int>("tab");
    QTest::addColumn<QString>("nothing");
    const auto row = [](const char* page, const char* list, int tab, const char* nothing) {
        QTest::newRow(list) << QString::fromLatin1(page) << QString::fromLatin1(list) << tab
                            << QString::fromLatin1(nothing);
    };
    row("releases", "releases", -1, "");
    row("packages", "packages", -1, "");
    row("campaigns", "campaigns", -1, "");
    row("access", "users", -1, "No user matches the filter.");
    row("access", "grants", 0, "No grant of this user matches the filter.");
    row("access", "tokens", 1, "No token of this user matches the filter.");
    row("access", "certificates", 2, "No certificate of this user matches the filter.");
}

void TestPageFilters::filtersByKeyAndMouse() {
    QFETCH(const QString, page);
    QFETCH(const QString, list);
    QFETCH(const int, tab);
    QFETCH(const QString, nothing);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(page);
    WindowFixture::settle();
    auto* shown = fixture.window->page();
    if (tab >= 0) {
        auto* users = shown->findChild<DataTable*>(QStringLiteral("users"));
        users->selectRow(fixture.desktop->access.users().rowOfKey(QStringLiteral("chen.yu")));
        shown->findChild<QTabWidget*>()->setCurrentIndex(tab);
    }
    auto* table = shown->findChild<DataTable*>(list);
    const int all = table->model()->rowCount();
    QVERIFY(all > 0);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Slash);
    auto* line = qobject_cast<QLineEdit*>(fixture.window->focusWidget());
    QVERIFY(line != nullptr);
    QVERIFY(line->accessibleName().startsWith(QStringLiteral("Filter of the ")));
    const QString key = table->model()->index(all - 1, 0).data(gui::models::KeyRole).toString();
    line->setText(key);
    QCOMPARE(table->model()->rowCount(), 1);
    QVERIFY(table->isVisible());
    QTest::keyClick(line, Qt::Key_Down);
    QVERIFY(table->hasFocus());
    QCOMPARE(table->currentIndex().row(), 0);
    // Esc: first the filter, and only it.
    QTest::keyClick(fixture.window.get(), Qt::Key_Escape);
    QCOMPARE(line->text(), QString());
    QCOMPARE(table->model()->rowCount(), all);
    if (tab < 0) QCOMPARE(table->currentIndex().data(gui::models::KeyRole).toString(), key);
    // What leaves nothing says so, and there is a way back.
    line->setText(QStringLiteral("nothing-is-called-so"));
    WindowFixture::settle();
    QVERIFY(line->isVisible());
    QCOMPARE(table->model()->rowCount(), 0);
    if (nothing.isEmpty()) {
        QAbstractButton* clear = button(shown, QStringLiteral("Clear the filter"));
        QVERIFY(clear != nullptr);
        QTest::mouseClick(clear, Qt::LeftButton);
    } else {
        QCOMPARE(table->accessibleDescription(), nothing);
        auto* clear = line->parentWidget()->findChild<QPushButton*>();
        QVERIFY(clear->isEnabled());
        QTest::mouseClick(clear, Qt::LeftButton);
        QVERIFY(!clear->isEnabled());
    }
    QCOMPARE(table->model()->rowCount(), all);
}

void TestPageFilters::nothingToClearCannotBeCleared_data() {
    QTest::addColumn<QString>("page");
    for (const char* page : {"machines", "audit", "packages", "releases"})
        QTest::newRow(page) << QString::fromLatin1(page);
}

void TestPageFilters::nothingToClearCannotBeCleared() {
    QFETCH(const QString, page);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(page);
    WindowFixture::settle();
    auto* clear = button(fixture.window->page(), QStringLiteral("Clear"));
    QVERIFY(clear != nullptr && clear->isVisible());
    QVERIFY(!clear->isEnabled());
    QCOMPARE(clear->toolTip(), QStringLiteral("The filter is empty."));
    auto* line = fixture.window->page()->findChild<QLineEdit*>();
    line->setText(QStringLiteral("x"));
    QVERIFY(clear->isEnabled());
    clear->setFocus();
    QTest::mouseClick(clear, Qt::LeftButton);
    WindowFixture::settle();
    QVERIFY(!clear->isEnabled());
    QCOMPARE(line->text(), QString());
    QCOMPARE(fixture.window->focusWidget(), line);
}

// The palette knows packages that the page leaves out.
void TestPageFilters::aPackageThatIsGoneToIsShown() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(QStringLiteral("packages"));
    WindowFixture::settle();
    fixture.window->page()->focusFilter();
    auto* line = qobject_cast<QLineEdit*>(fixture.window->focusWidget());
    line->setText(QStringLiteral("nothing-is-called-so"));
    const auto& wanted = fixture.master.packages[2];
    const QString digest = QString::fromStdString(wanted.manifestDigest);
    auto* page = qobject_cast<gui::pages::PackagesPage*>(fixture.window->page());
    page->showPackage(digest);
    QCOMPARE(line->text(), QString());
    QVERIFY(fixture.desktop->packages.chosen());
    QCOMPARE(fixture.desktop->packages.chosen()->manifestDigest, wanted.manifestDigest);
}

QTEST_MAIN(TestPageFilters)
#include "tst_page_filters.moc"
