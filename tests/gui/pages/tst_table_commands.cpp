// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QTabWidget>
#include <QTest>
#include <QTimer>

#include "gui/pages/export_dialog.h"
#include "gui/pages/page.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::pages::ExportDialog;
using gui::widgets::DataTable;
using tests::WindowFixture;

namespace {

/// What the dialog is about that `act` opens; empty: it opened none.
QString exported(const std::function<void()>& act) {
    QString title;
    // A menu may come before it.
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, qApp, [&title] {
        auto* dialog = qobject_cast<ExportDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        title = dialog->windowTitle();
        dialog->reject();
    });
    look.start(0);
    act();
    WindowFixture::settle();
    return title;
}

QString byKey(DataTable* table) {
    table->window()->activateWindow();
    // After a menu the window becomes the active one again from the event loop.
    WindowFixture::settle();
    table->setFocus();
    return exported([table] { QTest::keyClick(table, Qt::Key_E, Qt::ControlModifier); });
}

/// What a right click offers; the entry that begins with `wanted` is taken.
QStringList offered(DataTable* table, const QString& wanted = {}) {
    QStringList out;
    QTimer::singleShot(0, qApp, [&out, wanted] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) return;
        QAction* chosen = nullptr;
        for (QAction* action : menu->actions()) {
            out << action->text();
            if (!wanted.isEmpty() && action->text().startsWith(wanted)) chosen = action;
        }
        if (chosen == nullptr) {
            menu->close();
            return;
        }
        menu->setActiveAction(chosen);
        QTest::keyClick(menu, Qt::Key_Return);
    });
    const QPoint at = table->viewport()->rect().center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, table->viewport()->mapToGlobal(at));
    QCoreApplication::sendEvent(table->viewport(), &event);
    return out;
}

QString titleFor(const DataTable& table, const QString& otherwise) {
    const QString name = table.accessibleName();
    return QStringLiteral("Export ") + (name.isEmpty() ? otherwise : name);
}

/// Opens the tabs that it lies on.
void uncover(DataTable* table) {
    for (QWidget* at = table; at != nullptr; at = at->parentWidget()) {
        auto* tabs = qobject_cast<QTabWidget*>(at);
        for (int i = 0; tabs != nullptr && i < tabs->count(); ++i) {
            if (tabs->widget(i)->isAncestorOf(table)) tabs->setCurrentIndex(i);
        }
    }
    WindowFixture::settle();
}

}  // namespace

/// Ctrl+E and a right click are about the table that has the keyboard, wherever it stands.
class TestTableCommands : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_fixture.reset(); }
    void ofEveryTableOfEveryPage();
    void ofDocks_data();
    void ofDocks();
    void ofDialogs();
    void fromWithinAFilter();

private:
    std::unique_ptr<WindowFixture> m_fixture;
};

void TestTableCommands::init() {
    m_fixture = std::make_unique<WindowFixture>(24);
    m_fixture->window->resize(1440, 900);
    m_fixture->connect();
}

void TestTableCommands::ofEveryTableOfEveryPage() {
    int walked = 0;
    for (const QString& name : MainWindow::pageNames()) {
        m_fixture->window->showPage(name);
        WindowFixture::settle();
        auto* page = m_fixture->window->page();
        for (auto* table : page->findChildren<DataTable*>()) {
            uncover(table);
            // Of what is painted, or away now.
            if (!table->isVisible() || !table->isEnabled()) continue;
            ++walked;
            const QString title = QStringLiteral("Export ") + page->exportOf(*table).name;
            const QString got = byKey(table);
            QVERIFY2(got == title,
                     qPrintable(name + QLatin1String(": ") + title + QLatin1String(", not ") + got +
                                (table->hasFocus() ? QLatin1String("")
                                                   : QLatin1String(" without focus"))));
            QVERIFY2(offered(table).contains(QStringLiteral("Export…")), qPrintable(title));
        }
    }
    QVERIFY2(walked >= 10, qPrintable(QString::number(walked)));
}

void TestTableCommands::ofDocks_data() {
    QTest::addColumn<QString>("dock");
    QTest::newRow("operations") << QStringLiteral("operations");
    QTest::newRow("events") << QStringLiteral("events");
}

// The table of the page was exported in its place.
void TestTableCommands::ofDocks() {
    QFETCH(const QString, dock);
    m_fixture->window->showPage(QStringLiteral("machines"));
    if (dock == QLatin1String("operations"))
        m_fixture->window->toggleOperations();
    else
        m_fixture->window->toggleEvents();
    WindowFixture::settle();
    auto* table = m_fixture->window->findChild<DataTable*>(dock + QStringLiteral("-table"));
    QVERIFY(table->isVisible());
    const QString title = titleFor(*table, {});
    QVERIFY(!table->accessibleName().isEmpty());
    QCOMPARE(byKey(table), title);
    QCOMPARE(exported([table] { offered(table, QStringLiteral("Export")); }), title);
    if (table->model()->rowCount() == 0) return;
    table->selectRow(0);
    QGuiApplication::clipboard()->clear();
    offered(table, QStringLiteral("Copy"));
    QVERIFY(!QGuiApplication::clipboard()->text().isEmpty());
}

// The window's keys do not reach them.
void TestTableCommands::ofDialogs() {
    m_fixture->master.fakes().releases.planCalls.automatic = [](const std::string&) {
        gui::services::ReleasePlan plan;
        plan.planId = "8c1f3a";
        plan.stages = {{domain::StageKind::Full, 0, {{"LINUX", 24}}, {{"1.5.0", 24}}}};
        plan.machinesTotal = 24;
        plan.refusals = {{"i-0c77b2", "TOO_OLD", "its ifrit-agent is too old"}};
        plan.refusalCount = 1;
        return plan;
    };
    m_fixture->master.fakes().releases.actCalls.automatic = [](const auto&) {
        return gui::services::ReleaseInfo{};
    };
    gui::pages::NewReleaseDialog dialog(m_fixture->theme, m_fixture->desktop->newRelease,
                                        m_fixture->window.get());
    dialog.show();
    WindowFixture::settle();
    for (const char* text : {"Gray stage", "Review plan"}) {
        for (auto* button : dialog.findChildren<QAbstractButton*>()) {
            if (button->text().startsWith(QLatin1String(text))) button->click();
        }
        WindowFixture::settle();
    }
    int walked = 0;
    for (auto* table : dialog.findChildren<DataTable*>()) {
        if (!table->isVisible()) continue;
        ++walked;
        const QString title = titleFor(*table, dialog.windowTitle());
        QCOMPARE(byKey(table), title);
        QCOMPARE(exported([table] { offered(table, QStringLiteral("Export")); }), title);
    }
    QCOMPARE(walked, 2);
}

// A line took the key for its own: on X11 Ctrl+E goes to its end, and everywhere Ctrl+A chooses
// all.
void TestTableCommands::fromWithinAFilter() {
    auto& keys = m_fixture->desktop->keys;
    for (const QString& name :
         {QStringLiteral("machines"), QStringLiteral("packages"), QStringLiteral("releases")}) {
        m_fixture->window->showPage(name);
        WindowFixture::settle();
        QTest::keyClick(m_fixture->window.get(), Qt::Key_Slash);
        auto* line = qobject_cast<QLineEdit*>(m_fixture->window->focusWidget());
        QVERIFY(line != nullptr);
        const auto press = [line](Qt::Key key) {
            // After a dialog the window becomes the active one again from the event loop.
            line->window()->activateWindow();
            WindowFixture::settle();
            line->setFocus();
            return exported([line, key] { QTest::keyClick(line, key, Qt::ControlModifier); });
        };
        QVERIFY2(press(Qt::Key_E).startsWith(QStringLiteral("Export ")), qPrintable(name));
        QCOMPARE(keys.bind(QStringLiteral("export"), QKeySequence(QStringLiteral("Ctrl+Y"))),
                 QString());
        QVERIFY2(press(Qt::Key_Y).startsWith(QStringLiteral("Export ")), qPrintable(name));
        keys.reset();
        // What is no command of the window stays the line's.
        line->setText(QStringLiteral("a"));
        QCOMPARE(press(Qt::Key_A), QString());
        QCOMPARE(line->selectedText(), QStringLiteral("a"));
        line->clear();
    }
}

QTEST_MAIN(TestTableCommands)
#include "tst_table_commands.moc"
