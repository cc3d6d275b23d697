// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QTest>
#include <QTimer>

#include "gui/pages/machines/machine_detail_view.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/machine_map.h"
#include "tests/gui/pages/left_in_english.h"
#include "tests/gui/pages/widget_faults.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using tests::WindowFixture;

class TestMainWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void keysReachEveryView();
    void theKeyboardIsAtTheContent();
    void slashFiltersAndEscapeLeaves();
    void everyControlHasAName();
    void changesAreRefusedWhileTheLineIsDown();
    void whoReadsAgainTriesTheLine();
    void whatIsWaitedForCanBeGivenUp();
    void whoHasToSignInIsTakenToConnections();
    void openingAReleaseComesBack();
    void historyKnowsWhichRelease();
    void columnsAreRemembered();
    void anotherFormIsForgottenWhole();
    void columnsOfMachinesHaveAButton();
    void everyColumnCanBeSeen_data();
    void everyColumnCanBeSeen();
    void anEmptyPanelAndFieldSayNothingWrong();
    void speaksAnotherLanguageAtOnce();
    void remembersTheLanguageOfTheMenu();
};

void TestMainWindow::initTestCase() {
    // A window that is closed ends neither the test nor every loop after it.
    QGuiApplication::setQuitOnLastWindowClosed(false);
}

void TestMainWindow::keysReachEveryView() {
    WindowFixture fixture;
    fixture.connect();
    for (int view = 0; view < MainWindow::ViewCount; ++view) {
        QTest::keyClick(fixture.window.get(), static_cast<Qt::Key>(Qt::Key_1 + view),
                        Qt::ControlModifier);
        QVERIFY(fixture.window->page()->isVisible());
    }
    const QString last = QStringLiteral("Permissions");
    QCOMPARE(fixture.window->page()->title(), last);
    QTest::keyClick(fixture.window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Audit"));
    QTest::keyClick(fixture.window.get(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(fixture.window->page()->title(), last);
}

void TestMainWindow::theKeyboardIsAtTheContent() {
    WindowFixture fixture;
    // Nothing to be seen yet: it waits at the page.
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    QVERIFY(fixture.window->page()->hasFocus());
    fixture.connect();
    auto* table = fixture.window->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    QVERIFY(table->hasFocus());
    QTest::keyClick(table, Qt::Key_Down);
    QVERIFY(table->currentIndex().isValid());
    fixture.window->showView(MainWindow::Releases);
    QVERIFY(!table->hasFocus());
    auto* releases = qobject_cast<gui::widgets::DataTable*>(fixture.window->focusWidget());
    QVERIFY(releases);
    QVERIFY(fixture.window->page()->isAncestorOf(releases));
    QTest::keyClick(releases, Qt::Key_Down);
    QTest::keyClick(releases, Qt::Key_Return);
    QVERIFY(!releases->isVisible());
    fixture.window->showView(MainWindow::Map);
    QVERIFY(qobject_cast<gui::widgets::MachineMap*>(fixture.window->focusWidget()));
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

namespace {

QAbstractButton* shownButton(QWidget* page, const QString& text) {
    for (auto* found : page->findChildren<QAbstractButton*>()) {
        if (found->isVisible() && found->text() == text) return found;
    }
    return nullptr;
}

}  // namespace

// Both waited for the next attempt, as nobody did anything.
void TestMainWindow::whoReadsAgainTriesTheLine() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Releases);
    const int& retries = fixture.master.fakes().connection.retries;
    QTest::keyClick(fixture.window.get(), Qt::Key_F5);
    QCOMPARE(retries, 0);
    fixture.master.breakLine();
    WindowFixture::settle();
    QTest::keyClick(fixture.window.get(), Qt::Key_F5);
    QCOMPARE(retries, 1);
    auto* button = shownButton(fixture.window->page(), QStringLiteral("Try again"));
    QVERIFY(button != nullptr);
    button->click();
    QCOMPARE(retries, 2);
}

// There was no way to leave a master that does not answer but to the Connections page.
void TestMainWindow::whatIsWaitedForCanBeGivenUp() {
    WindowFixture fixture;
    fixture.master.fakes().fleet.machineWatch.opened = nullptr;
    fixture.desktop->hub.open(tests::ScriptedMaster::profile());
    fixture.master.fakes().connection.tell(gui::services::LinkState::Connecting);
    fixture.window->showPage(QStringLiteral("machines"));
    WindowFixture::settle();
    QAbstractButton* cancel = shownButton(fixture.window->page(), QStringLiteral("Cancel"));
    QVERIFY(cancel);
    QTest::mouseClick(cancel, Qt::LeftButton);
    QVERIFY(!fixture.desktop->hub.hasSession());
}

void TestMainWindow::whoHasToSignInIsTakenToConnections() {
    WindowFixture fixture;
    fixture.connect();
    for (const char* page : {"release", "machines"}) {
        gui::services::LinkStatus link;
        link.lastError = absl::UnauthenticatedError("the login has expired");
        fixture.master.fakes().connection.tell(link);
        fixture.window->showPage(QLatin1String(page));
        WindowFixture::settle();
        QAbstractButton* sign = shownButton(fixture.window->page(), QStringLiteral("Sign in"));
        QVERIFY2(sign, page);
        QTest::mouseClick(sign, Qt::LeftButton);
        QCOMPARE(fixture.window->page()->title(), QStringLiteral("Connections"));
    }
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

void TestMainWindow::historyKnowsWhichRelease() {
    WindowFixture fixture;
    fixture.connect();
    QVERIFY(fixture.master.releases.size() >= 2);
    const auto idOf = [&](std::size_t index) {
        return QString::fromStdString(fixture.master.releases[index].release.id);
    };
    fixture.window->showRelease(idOf(0));
    fixture.window->showView(MainWindow::Machines);
    fixture.window->showRelease(idOf(1));
    QTest::keyClick(fixture.window.get(), Qt::Key_Left, Qt::AltModifier);
    QTest::keyClick(fixture.window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(fixture.desktop->release.releaseId(), idOf(0));
    QTest::keyClick(fixture.window.get(), Qt::Key_Right, Qt::AltModifier);
    QTest::keyClick(fixture.window.get(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(fixture.desktop->release.releaseId(), idOf(1));
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
    // Nobody looks at them in this one.
    MainWindow(*fixture.desktop, fixture.theme).close();
    MainWindow again(*fixture.desktop, fixture.theme);
    again.showView(MainWindow::Machines);
    auto* other = again.findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    QCOMPARE(other->columnWidth(1), 321);
    again.resetLayout();
    QVERIFY(!fixture.settings.contains(QStringLiteral("layout/machines")));
    // Nor is it remembered again at the end: it is as on the first day now.
    QVERIFY(other->columns().isEmpty());
}

// A page that was not looked at writes nothing: what an older form left would pass for one of this.
void TestMainWindow::anotherFormIsForgottenWhole() {
    WindowFixture fixture;
    fixture.settings.setValue(QStringLiteral("layout/form"), 1);
    fixture.settings.setValue(QStringLiteral("layout/machines"), QByteArray("of another form"));
    fixture.window->close();
    QVERIFY(fixture.settings.value(QStringLiteral("layout/form")).toInt() > 1);
    QVERIFY(!fixture.settings.contains(QStringLiteral("layout/machines")));
}

// Half of them have no room at the look's size, and the header has no focus.
void TestMainWindow::columnsOfMachinesHaveAButton() {
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    auto* table = fixture.window->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    QPushButton* columns = nullptr;
    for (auto* button : fixture.window->page()->findChildren<QPushButton*>()) {
        if (button->isVisible() && button->text() == QLatin1String("Columns")) columns = button;
    }
    QVERIFY(columns != nullptr);
    const int address = static_cast<int>(gui::models::MachineColumn::Address);
    QVERIFY(table->isColumnHidden(address));
    QTimer::singleShot(0, fixture.window.get(), [] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        menu->actions().at(address)->trigger();
        menu->close();
    });
    columns->click();
    QVERIFY(!table->isColumnHidden(address));
}

void TestMainWindow::everyColumnCanBeSeen_data() {
    QTest::addColumn<int>("view");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("until");
    // Up to here nothing is left out, and nothing wants a scroll bar.
    QTest::newRow("machines") << int(MainWindow::Machines) << QStringLiteral("machines")
                              << QStringLiteral("Now");
    QTest::newRow("packages") << int(MainWindow::Packages) << QStringLiteral("packages")
                              << QStringLiteral("Size");
    QTest::newRow("releases") << int(MainWindow::Releases) << QStringLiteral("releases")
                              << QStringLiteral("Reason");
    // How a call came is left out first: whoever asks why wants its reason and its error.
    QTest::newRow("audit") << int(MainWindow::Audit) << QStringLiteral("audit")
                           << QStringLiteral("Error");
}

void TestMainWindow::everyColumnCanBeSeen() {
    QFETCH(int, view);
    QFETCH(QString, name);
    QFETCH(QString, until);
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showView(view);
    WindowFixture::settle();
    const auto* table = fixture.window->findChild<gui::widgets::DataTable*>(name);
    QVERIFY(table);
    QVERIFY(table->model()->rowCount() > 0);
    int last = 0;
    for (int column = 0; column < table->model()->columnCount(); ++column) {
        if (table->model()->headerData(column, Qt::Horizontal).toString() == until) last = column;
        // A state that is cut says nothing.
        const QModelIndex first = table->model()->index(0, column);
        const QAbstractItemView* items = table;
        const bool uuid = view == MainWindow::Machines && column == 1;
        if (uuid || first.data(gui::widgets::StatusKindRole).isValid())
            QVERIFY(table->columnWidth(column) >= items->sizeHintForColumn(column));
    }
    QVERIFY(last > 0 && !table->isColumnHidden(last));
    QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
    const int right = table->columnViewportPosition(last) + table->columnWidth(last);
    QVERIFY2(right <= table->viewport()->width(),
             qPrintable(QStringLiteral("%1 of %2").arg(right).arg(table->viewport()->width())));
    QCOMPARE(tests::clipping(*table), QString());
}

void TestMainWindow::anEmptyPanelAndFieldSayNothingWrong() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    const auto* field = fixture.window->page()->findChild<QLineEdit*>();
    QVERIFY(field);
    QVERIFY(field->property("verdict").toString().isEmpty());
    // Placeholder and its hint stand together at the top of the panel.
    const auto* panel = fixture.window->findChild<gui::pages::MachineDetailView*>();
    QVERIFY(panel);
    int lowest = 0;
    for (const auto* label : panel->findChildren<QLabel*>()) {
        if (label->isVisible())
            lowest = std::max(lowest, label->mapTo(panel, label->rect().bottomLeft()).y());
    }
    QVERIFY2(lowest > 0 && lowest < 120, qPrintable(QString::number(lowest)));
}

void TestMainWindow::speaksAnotherLanguageAtOnce() {
    WindowFixture fixture;
    fixture.connect();
    fixture.desktop->audit.verify();
    fixture.window->showView(MainWindow::Machines);
    fixture.finishWork();
    auto* table = fixture.window->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    table->setColumnWidth(1, 321);
    table->selectRow(7);
    const QString chosen = table->currentIndex().data(gui::models::KeyRole).toString();
    auto* field = fixture.window->page()->findChild<QLineEdit*>();
    field->setText(QStringLiteral("type:LINUX,CONTAINER"));
    WindowFixture::settle();
    const QString figures = fixture.desktop->machines.countLine();
    WindowFixture::speak(QStringLiteral("zh_CN"));
    QCOMPARE(fixture.window->windowTitle(), QStringLiteral("机器 – ifrit"));
    QVERIFY(fixture.desktop->machines.countLine() != figures);
    QCOMPARE(table->model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("状态"));
    QCOMPARE(table->currentIndex().data(gui::models::KeyRole).toString(), chosen);
    QVERIFY(table->selectionModel()->isRowSelected(table->currentIndex().row()));
    QCOMPARE(table->columnWidth(1), 321);
    QCOMPARE(field->text(), QStringLiteral("type:LINUX,CONTAINER"));
    // Also what was said before, on pages that are not in front.
    QVERIFY(fixture.desktop->audit.verifyText().contains(QStringLiteral("审计链完好")));
    for (const QString& page : MainWindow::pageNames()) {
        fixture.window->showPage(page);
        WindowFixture::settle();
        const QStringList left =
            tests::leftInEnglish(*fixture.window, tests::paintedTexts(*fixture.window));
        QVERIFY2(left.isEmpty(),
                 qPrintable(page + QLatin1Char('\n') + left.join(QLatin1Char(' '))));
    }
    WindowFixture::speak(QStringLiteral("en"));
    fixture.window->showView(MainWindow::Machines);
    QCOMPARE(fixture.window->windowTitle(), QStringLiteral("Machines – ifrit"));
    QCOMPARE(fixture.desktop->machines.countLine(), figures);
}

void TestMainWindow::remembersTheLanguageOfTheMenu() {
    WindowFixture fixture;
    WindowFixture::settle();
    // The menu runs an event loop of its own.
    QTimer person;
    person.setInterval(20);
    connect(&person, &QTimer::timeout, &person, [&person] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) return;
        person.stop();
        for (QAction* action : menu->actions()) {
            if (action->text() == QStringLiteral("简体中文")) action->trigger();
        }
        menu->close();
    });
    person.start();
    QTest::keyClick(fixture.window.get(), Qt::Key_F10);
    WindowFixture::settle();
    QCOMPARE(fixture.settings.value(QStringLiteral("language")).toString(),
             QStringLiteral("zh_CN"));
    QCOMPARE(fixture.window->windowTitle(), QStringLiteral("连接 – ifrit"));
    gui::app::chooseLanguage(QStringLiteral("en"));
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
