// SPDX-License-Identifier: GPL-3.0-or-later
// What belongs to the window as a whole: palette, keys, docks.
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include "gui/app/go_to_dialog.h"
#include "gui/pages/machines/machine_detail_view.h"
#include "gui/pages/packages/package_detail_view.h"
#include "gui/pages/page.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/toast.h"
#include "tests/gui/pages/widget_faults.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::GoToDialog;
using gui::app::MainWindow;
using gui::widgets::DataTable;
using tests::WindowFixture;

namespace {

/// Types into the palette as soon as it is there, then presses Enter, or Esc.
class PaletteHand : public QObject {
public:
    explicit PaletteHand(const QString& text, Qt::Key last = Qt::Key_Return)
        : m_text(text), m_last(last) {
        m_poll.setInterval(5);
        connect(&m_poll, &QTimer::timeout, this, &PaletteHand::look);
        m_poll.start();
    }
    int rows = -1;
    QStringList faults;
    QStringList words;  ///< that are seen beside the list

private:
    void look() {
        auto* dialog = qobject_cast<GoToDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        m_poll.stop();
        auto* field = dialog->findChild<QLineEdit*>();
        QTest::keyClicks(field, m_text);
        const auto* table = dialog->findChild<DataTable*>();
        rows = table->model()->rowCount();
        faults = tests::widgetFaults(*dialog);
        for (const auto* label : dialog->findChildren<QLabel*>()) {
            if (label->isVisible()) words << label->text();
        }
        QTest::keyClick(field, m_last);
    }
    QString m_text;
    Qt::Key m_last;
    QTimer m_poll;
};

QDockWidget* dock(const WindowFixture& fixture, const char* name) {
    return fixture.window->findChild<QDockWidget*>(QLatin1String(name));
}

}  // namespace

class TestWindowShell : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void thePaletteGoesTo_data();
    void thePaletteGoesTo();
    void thePaletteSaysThatItFoundNothing_data();
    void thePaletteSaysThatItFoundNothing();
    void escapeLeavesThePalette();
    void thePaletteAsksBeforeItChanges();
    void aKeyIsAnotherAtOnce();
    void lettersStayInTheField();
    void spaceShowsAndHidesDetails_data();
    void spaceShowsAndHidesDetails();
    void everyPageIsACommand_data();
    void everyPageIsACommand();
    void docksComeAndAreRemembered();
    void aDockBehindTheOtherComesForward();
    void aBoxIsAsWideAsItsWordInEachLanguage();
    void theWindowGrowsForNothing_data();
    void theWindowGrowsForNothing();
    void anOperationIsCancelledFromTheDock();
    void anEventOpensItsRelease();
    void aDockIsFilteredFromItsOwnLine_data();
    void aDockIsFilteredFromItsOwnLine();
};

void TestWindowShell::initTestCase() {
    QGuiApplication::setQuitOnLastWindowClosed(false);
}

void TestWindowShell::thePaletteGoesTo_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("title");
    QTest::newRow("a view") << QStringLiteral("audit") << QStringLiteral("Audit");
    QTest::newRow("a machine") << QStringLiteral("i-0c77b2") << QStringLiteral("Machines");
    QTest::newRow("a package") << QStringLiteral("logd 4.2") << QStringLiteral("Packages");
    QTest::newRow("an agent") << QStringLiteral("node-exporter machines")
                              << QStringLiteral("Machines");
}

void TestWindowShell::thePaletteGoesTo() {
    QFETCH(QString, typed);
    QFETCH(QString, title);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Map);
    PaletteHand hand(typed);
    QTest::keyClick(fixture.window.get(), Qt::Key_K, Qt::ControlModifier);
    WindowFixture::settle();
    QVERIFY(hand.rows > 0);
    QCOMPARE(hand.faults, QStringList());
    QCOMPARE(fixture.window->page()->title(), title);
    if (typed.startsWith(QStringLiteral("i-")))
        QCOMPARE(fixture.desktop->machines.detail().uuid(), typed);
    if (typed.startsWith(QStringLiteral("node-exporter")))
        QCOMPARE(fixture.desktop->machines.filterText(), QStringLiteral("agent:node-exporter"));
    // Back leads to where the palette was opened. No window manager gives the window its place
    // back here.
    fixture.window->activateWindow();
    WindowFixture::settle();
    QTest::keyClick(fixture.window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Cluster map"));
}

void TestWindowShell::thePaletteSaysThatItFoundNothing_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("a view") << QStringLiteral("audit") << true;
    QTest::newRow("nothing") << QStringLiteral("zebra") << false;
}

void TestWindowShell::thePaletteSaysThatItFoundNothing() {
    QFETCH(QString, typed);
    QFETCH(bool, isThere);
    WindowFixture fixture;
    fixture.connect();
    PaletteHand hand(typed, Qt::Key_Escape);
    QTest::keyClick(fixture.window.get(), Qt::Key_K, Qt::ControlModifier);
    WindowFixture::settle();
    QCOMPARE(hand.rows > 0, isThere);
    QCOMPARE(hand.faults, QStringList());
    QCOMPARE(hand.words.contains(QStringLiteral("Nothing is called that")), !isThere);
}

void TestWindowShell::escapeLeavesThePalette() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    PaletteHand hand(QStringLiteral("audit"), Qt::Key_Escape);
    QTest::keyClick(fixture.window.get(), Qt::Key_K, Qt::ControlModifier);
    WindowFixture::settle();
    QVERIFY(hand.rows > 0);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Machines"));
}

void TestWindowShell::thePaletteAsksBeforeItChanges() {
    WindowFixture fixture;
    fixture.connect();
    bool asked = false;
    QTimer poll;
    connect(&poll, &QTimer::timeout, this, [&] {
        auto* sheet = qobject_cast<gui::widgets::DangerSheet*>(QApplication::activeModalWidget());
        if (sheet == nullptr) return;
        asked = true;
        poll.stop();
        sheet->reject();
    });
    poll.start(5);
    PaletteHand hand(QStringLiteral("freeze"));
    QTest::keyClick(fixture.window.get(), Qt::Key_K, Qt::ControlModifier);
    WindowFixture::settle();
    QVERIFY(asked);
    QCOMPARE(fixture.master.fakes().fleet.freezeCalls.made(), std::size_t{0});
}

void TestWindowShell::aKeyIsAnotherAtOnce() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Releases);
    QVERIFY(fixture.window->page()->findChild<QPushButton*>());
    QCOMPARE(
        fixture.desktop->keys.bind(QStringLiteral("view-6"), QKeySequence(QStringLiteral("F6"))),
        QString());
    QTest::keyClick(fixture.window.get(), Qt::Key_6, Qt::ControlModifier);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Releases"));
    QTest::keyClick(fixture.window.get(), Qt::Key_F6);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Campaigns"));
    // The button says the key that it has now.
    fixture.window->showView(MainWindow::Machines);
    QCOMPARE(fixture.desktop->keys.bind(QStringLiteral("export"),
                                        QKeySequence(QStringLiteral("Ctrl+S"))),
             QString());
    bool said = false;
    for (const auto* button : fixture.window->page()->findChildren<QPushButton*>())
        said = said || button->text() == QStringLiteral("Export…  Ctrl+S");
    QVERIFY(said);
}

void TestWindowShell::lettersStayInTheField() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    QTest::keyClick(fixture.window.get(), Qt::Key_Slash);
    auto* field = qobject_cast<QLineEdit*>(fixture.window->focusWidget());
    QVERIFY(field);
    // R sorts, F filters the map, / and ? are keys: not while somebody types.
    QTest::keyClicks(field, QStringLiteral("-uuid:/rf?/"));
    QCOMPARE(field->text(), QStringLiteral("-uuid:/rf?/"));
    QVERIFY(QApplication::activeModalWidget() == nullptr);
}

void TestWindowShell::spaceShowsAndHidesDetails_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("inDetails");
    const auto row = [](const char* page, const char* list, const char* inDetails) {
        QTest::newRow(page) << QString::fromLatin1(page) << QString::fromLatin1(list)
                            << QString::fromLatin1(inDetails);
    };
    row("machines", "machines", "");
    row("packages", "packages", "");
    row("campaigns", "campaigns", "campaign-clusters");
    row("access", "users", "grants");
}

void TestWindowShell::spaceShowsAndHidesDetails() {
    QFETCH(const QString, page);
    QFETCH(const QString, list);
    QFETCH(const QString, inDetails);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(page);
    WindowFixture::settle();
    auto* table = fixture.window->findChild<DataTable*>(list);
    const QWidget* detail = fixture.window->findChild<DataTable*>(inDetails);
    if (page == QLatin1String("machines"))
        detail = fixture.window->findChild<gui::pages::MachineDetailView*>();
    if (page == QLatin1String("packages"))
        detail = fixture.window->findChild<gui::pages::PackageDetailView*>();
    QVERIFY(detail != nullptr);
    table->setFocus();
    QVERIFY(detail->isVisible());
    QTest::keyClick(table, Qt::Key_Space);
    QVERIFY(!detail->isVisible());
    QTest::keyClick(table, Qt::Key_Space);
    QVERIFY(detail->isVisible());
}

void TestWindowShell::everyPageIsACommand_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("command");
    QTest::newRow("connections") << QStringLiteral("connections")
                                 << QStringLiteral("ifritctl context list");
    QTest::newRow("map") << QStringLiteral("map") << QStringLiteral("ifritctl cluster show");
    QTest::newRow("machines") << QStringLiteral("machines")
                              << QStringLiteral("ifritctl machine list");
    QTest::newRow("packages") << QStringLiteral("packages")
                              << QStringLiteral("ifritctl package show ");
    QTest::newRow("releases") << QStringLiteral("releases")
                              << QStringLiteral("ifritctl release list");
    QTest::newRow("campaigns") << QStringLiteral("campaigns")
                               << QStringLiteral("ifritctl campaign show ");
    QTest::newRow("release") << QStringLiteral("release")
                             << QStringLiteral("ifritctl release show ");
    QTest::newRow("audit") << QStringLiteral("audit") << QStringLiteral("ifritctl audit list");
    QTest::newRow("access") << QStringLiteral("access") << QStringLiteral("ifritctl user list");
}

void TestWindowShell::everyPageIsACommand() {
    QFETCH(QString, page);
    QFETCH(QString, command);
    WindowFixture fixture;
    fixture.connect();
    QVERIFY(fixture.window->showPage(page));
    WindowFixture::settle();
    QTest::keyClick(fixture.window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.startsWith(command), qPrintable(copied));
    // And says so.
    const auto* toast = fixture.window->findChild<gui::widgets::Toast*>();
    QVERIFY(toast->isVisible());
    QVERIFY2(toast->text().contains(copied), qPrintable(toast->text()));
}

void TestWindowShell::theWindowGrowsForNothing_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("the look's") << QSize(1440, 900);
    QTest::newRow("a laptop's") << QSize(1280, 720);
}

// A window that is higher than the screen hides its buttons.
void TestWindowShell::theWindowGrowsForNothing() {
    QFETCH(QSize, size);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->resize(size);
    fixture.window->toggleOperations();
    for (const QString& page : MainWindow::pageNames()) {
        fixture.window->showPage(page);
        WindowFixture::settle();
        QVERIFY2(fixture.window->size() == size, qPrintable(page));
    }
}

// The first key closed it unseen, the second brought it back behind the other again.
void TestWindowShell::aDockBehindTheOtherComesForward() {
    WindowFixture fixture;
    fixture.window->toggleEvents();
    fixture.window->toggleOperations();
    WindowFixture::settle();
    const auto isFront = [&](const char* name) {
        return !dock(fixture, name)->visibleRegion().isEmpty();
    };
    QVERIFY(isFront("operations") && !isFront("events"));
    QVERIFY(!dock(fixture, "events")->isHidden());
    fixture.window->toggleEvents();
    WindowFixture::settle();
    QVERIFY(isFront("events") && !isFront("operations"));
    fixture.window->toggleOperations();
    WindowFixture::settle();
    QVERIFY(isFront("operations"));
    fixture.window->toggleOperations();
    WindowFixture::settle();
    QVERIFY(dock(fixture, "operations")->isHidden() && isFront("events"));
    fixture.window->toggleEvents();
    WindowFixture::settle();
    QVERIFY(dock(fixture, "events")->isHidden());
}

// "every res"
void TestWindowShell::aBoxIsAsWideAsItsWordInEachLanguage() {
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    WindowFixture::speak(QStringLiteral("zh_CN"));
    fixture.connect();
    fixture.window->showView(MainWindow::Audit);
    WindowFixture::settle();
    WindowFixture::speak(QStringLiteral("en"));
    WindowFixture::settle();
    const auto* box = fixture.window->page()->findChild<QComboBox*>();
    QCOMPARE(box->currentText(), QStringLiteral("every result"));
    QVERIFY(box->width() >= box->sizeHint().width());
    constexpr int kArrow = 20;
    QVERIFY(box->width() >= box->fontMetrics().horizontalAdvance(box->currentText()) + kArrow);
}

void TestWindowShell::docksComeAndAreRemembered() {
    WindowFixture fixture;
    fixture.connect();
    QVERIFY(!dock(fixture, "operations")->isVisible());
    QTest::keyClick(fixture.window.get(), Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
    WindowFixture::settle();
    QVERIFY(dock(fixture, "operations")->isVisible());
    fixture.window->close();
    MainWindow again(*fixture.desktop, fixture.theme);
    again.show();
    WindowFixture::settle();
    QVERIFY(!again.findChild<QDockWidget*>(QStringLiteral("operations"))->isHidden());
    QVERIFY(again.findChild<QDockWidget*>(QStringLiteral("events"))->isHidden());
    again.resetLayout();
    QVERIFY(again.findChild<QDockWidget*>(QStringLiteral("operations"))->isHidden());
}

void TestWindowShell::anOperationIsCancelledFromTheDock() {
    WindowFixture fixture;
    fixture.connect();
    // A master that does not answer.
    fixture.master.fakes().fleet.freezeCalls.automatic = nullptr;
    fixture.desktop->freeze.act(gui::presenters::FreezePresenter::Turn::Freeze,
                                QStringLiteral("x"));
    fixture.window->toggleOperations();
    WindowFixture::settle();
    auto* operations = dock(fixture, "operations");
    auto* table = operations->findChild<DataTable*>();
    QCOMPARE(table->model()->rowCount(), 1);
    auto* cancel = operations->findChild<QPushButton*>(QStringLiteral("operations-button"));
    QVERIFY(!cancel->isEnabled());
    QVERIFY(!cancel->toolTip().isEmpty());
    table->selectRow(0);
    QVERIFY(cancel->isEnabled());
    QTest::mouseClick(cancel, Qt::LeftButton);
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("cancelled"));
    // The page does not wait any longer, and says what is known.
    QVERIFY(
        fixture.desktop->freeze.action(gui::presenters::FreezePresenter::Turn::Freeze).enabled());
    QVERIFY(fixture.desktop->freeze.line().contains(QStringLiteral("cancelled")));
}

void TestWindowShell::anEventOpensItsRelease() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Releases);
    WindowFixture::settle();
    gui::services::ReleaseInfo changed = fixture.master.releases.front();
    changed.release.state = domain::ReleaseState::RollingBack;
    fixture.master.releases.front() = changed;
    fixture.desktop->releases.refresh();
    fixture.window->toggleEvents();
    WindowFixture::settle();
    auto* table = dock(fixture, "events")->findChild<DataTable*>();
    QVERIFY(table->model()->rowCount() >= 2);
    Q_EMIT table->opened(table->model()->index(0, 0));
    QCOMPARE(fixture.desktop->release.releaseId(), QString::fromStdString(changed.release.id));
}

void TestWindowShell::aDockIsFilteredFromItsOwnLine_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("operations") << QStringLiteral("operations");
    QTest::newRow("events") << QStringLiteral("events");
}

void TestWindowShell::aDockIsFilteredFromItsOwnLine() {
    QFETCH(const QString, name);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Packages);
    const bool ofCalls = name == QLatin1String("operations");
    std::vector<gui::services::CallHandle> calls;
    for (const char* id : {"req-one", "req-two", "req-three"}) {
        gui::services::Mutation mutation;
        mutation.requestId = id;
        calls.push_back(
            fixture.desktop->hub.session()->fleet().freeze(mutation, [](const auto&) {}));
    }
    if (ofCalls)
        fixture.window->toggleOperations();
    else
        fixture.window->toggleEvents();
    WindowFixture::settle();
    auto* shown = dock(fixture, qPrintable(name));
    auto* table = shown->findChild<DataTable*>();
    const int all = table->model()->rowCount();
    QVERIFY(all > 0);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Slash);
    auto* line = qobject_cast<QLineEdit*>(fixture.window->focusWidget());
    QVERIFY(line != nullptr && shown->isAncestorOf(line));
    line->setText(ofCalls ? QStringLiteral("REQ-TWO done") : QStringLiteral("connected answers"));
    QCOMPARE(table->model()->rowCount(), 1);
    const auto* kept = shown->findChild<QLabel*>(name + QStringLiteral("-kept"));
    QVERIFY2(kept->text().startsWith(QString::number(all)), qPrintable(kept->text()));
    QStringList said;
    for (const auto* label : shown->findChildren<QLabel*>())
        if (label->isVisible()) said << label->text();
    QVERIFY2(said.contains(QStringLiteral("1 shown · %1 in all").arg(all)),
             qPrintable(said.join(QLatin1Char('|'))));
    // What tells rows apart inside is no word of theirs.
    line->setText(QStringLiteral("nothing-is-called-so"));
    QCOMPARE(table->model()->rowCount(), 0);
    QVERIFY(table->accessibleDescription().contains(QStringLiteral("matches the filter")));
    // Esc: the filter of the dock, and not the page.
    QTest::keyClick(fixture.window.get(), Qt::Key_Escape);
    QCOMPARE(line->text(), QString());
    QCOMPARE(table->model()->rowCount(), all);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Packages"));
    // From elsewhere the key is the page's.
    fixture.window->page()->focusContent();
    QTest::keyClick(fixture.window.get(), Qt::Key_Slash);
    QVERIFY(!shown->isAncestorOf(fixture.window->focusWidget()));
}

QTEST_MAIN(TestWindowShell)
#include "tst_window_shell.moc"
