// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <QTest>

#include "gui/pages/machines/machines_page.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using tests::WindowFixture;

class TestMainWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keysReachEveryView();
    void slashFiltersAndEscapeLeaves();
    void everyControlHasAName();
    void changesAreRefusedWhileTheLineIsDown();
    void openingAReleaseComesBack();
    void columnsAreRemembered();
};

void TestMainWindow::keysReachEveryView() {
    WindowFixture fixture;
    fixture.connect();
    for (int view = 0; view < MainWindow::ViewCount; ++view) {
        QTest::keyClick(fixture.window.get(), static_cast<Qt::Key>(Qt::Key_1 + view),
                        Qt::ControlModifier);
        QVERIFY(fixture.window->page()->isVisible());
    }
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Audit"));
    QTest::keyClick(fixture.window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Releases"));
    QTest::keyClick(fixture.window.get(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Audit"));
}

void TestMainWindow::slashFiltersAndEscapeLeaves() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    // From the table, which is where the keyboard mostly is.
    auto* table = fixture.window->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Slash);
    auto* field = qobject_cast<QLineEdit*>(fixture.window->focusWidget());
    QVERIFY(field);
    QTest::keyClicks(field, QStringLiteral("state:failed,reverted"));
    QCOMPARE(fixture.desktop->machines.model().rowCount(), 2);
    QCOMPARE(field->property("verdict").toString(), QStringLiteral("good"));
    field->setText(QStringLiteral("state:failed,reverted stat:x"));
    QCOMPARE(field->property("verdict").toString(), QStringLiteral("bad"));
    QCOMPARE(fixture.desktop->machines.model().rowCount(), 2);
    // A filter that leaves nothing must not take away the field that it is typed into.
    field->setText(QStringLiteral("nothing-is-called-so"));
    QCOMPARE(fixture.desktop->machines.model().rowCount(), 0);
    QVERIFY(field->isVisible());
    QVERIFY(field->hasFocus());
    QTest::keyClick(fixture.window.get(), Qt::Key_Escape);
    QCOMPARE(fixture.desktop->machines.model().rowCount(), 240);
}

void TestMainWindow::everyControlHasAName() {
    WindowFixture fixture;
    fixture.connect();
    for (const QString& page : MainWindow::pageNames()) {
        fixture.window->showPage(page);
        WindowFixture::settle();
        for (const QWidget* widget : fixture.window->page()->findChildren<QWidget*>()) {
            const bool control = qobject_cast<const QAbstractButton*>(widget) ||
                                 qobject_cast<const QLineEdit*>(widget) ||
                                 qobject_cast<const QComboBox*>(widget) ||
                                 qobject_cast<const gui::widgets::DataTable*>(widget);
            if (!control || !widget->isVisible()) continue;
            if (qobject_cast<const QAbstractButton*>(widget) &&
                QLatin1String(widget->metaObject()->className()) ==
                    QLatin1String("QTableCornerButton")) {
                continue;
            }
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            const QString name = widget->accessibleName().isEmpty() && button
                                     ? button->text()
                                     : widget->accessibleName();
            QVERIFY2(!name.isEmpty(),
                     qPrintable(page + QStringLiteral(": ") +
                                QString::fromLatin1(widget->metaObject()->className())));
        }
    }
}

void TestMainWindow::changesAreRefusedWhileTheLineIsDown() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
    const auto rollback = domain::ReleaseVerb::Rollback;
    QVERIFY(fixture.desktop->release.action(rollback).enabled());
    fixture.master.breakLine();
    WindowFixture::settle();
    QVERIFY(fixture.desktop->release.action(rollback).whyNot.contains(QStringLiteral("attempt 6")));
    for (const QAbstractButton* button : fixture.window->page()->findChildren<QAbstractButton*>()) {
        if (!button->isVisible() || !button->text().startsWith(QStringLiteral("Roll back")))
            continue;
        QVERIFY(!button->isEnabled());
        QVERIFY(!button->toolTip().isEmpty());
    }
    for (const auto* table : fixture.window->page()->findChildren<gui::widgets::DataTable*>())
        QVERIFY(table->isOld());
    for (const auto& figure : fixture.desktop->map.figures())
        QVERIFY2(figure.struck, "an old figure must not look healthy");
}

void TestMainWindow::openingAReleaseComesBack() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Releases);
    fixture.window->showRelease(QString::fromStdString(fixture.master.releases.front().release.id));
    WindowFixture::settle();
    QVERIFY(
        fixture.window->page()->title().contains(QStringLiteral("node-exporter 1.5.0 → 1.6.1")));
    QTest::keyClick(fixture.window.get(), Qt::Key_Escape);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Releases"));
}

void TestMainWindow::columnsAreRemembered() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    auto* table = fixture.window->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    QVERIFY(table);
    table->setColumnWidth(1, 321);
    fixture.window->close();
    MainWindow again(*fixture.desktop, fixture.theme);
    auto* other = again.findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    QCOMPARE(other->columnWidth(1), 321);
    again.resetLayout();
    QVERIFY(!fixture.settings.contains(QStringLiteral("layout/machines")));
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
