// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/main_window.h"

#include <QCloseEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QSaveFile>
#include <QScreen>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

#include "gui/app/diagnostics.h"
#include "gui/app/key_table.h"
#include "gui/app/session_memory.h"
#include "gui/app/undo_toast.h"
#include "gui/app/window_commands.h"
#include "gui/app/window_docks.h"
#include "gui/app/window_rail.h"
#include "gui/app/window_status.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/data_tree.h"
#include "gui/widgets/navigation_rail.h"
#include "gui/widgets/open_dialogs.h"
#include "gui/widgets/page_stack.h"
#include "gui/widgets/toast.h"
#include "gui/widgets/window_lines.h"

namespace ifrit::gui::app {
namespace {

/// The look's size, or what the screen has beside its own bars and the window's title.
QSize firstSize() {
    constexpr int kTitleBar = 32;
    const QSize screen = QGuiApplication::primaryScreen()->availableSize();
    return QSize(1440, 900).boundedTo(screen - QSize(0, kTitleBar));
}

}  // namespace

MainWindow::MainWindow(Desktop& desktop, widgets::Theme& theme)
    : m_desktop(desktop),
      m_layout(desktop.settings),
      m_theme(theme),
      m_title(new widgets::TitleLine(theme, this)),
      m_rail(new widgets::NavigationRail(theme, this)),
      m_area(new QMainWindow(this, Qt::Widget)),
      m_stack(new QStackedWidget(m_area)),
      m_status(new widgets::StatusLine(theme, this)),
      m_toast(nullptr),
      m_undo(nullptr),
      m_pages(nullptr),
      m_docks(nullptr),
      m_lines(nullptr),
      m_views(nullptr) {
    build();
    addDocks();
    connectPages();
    new WindowCommands(desktop, theme, *this, *m_pages);
    // Its texts, which columns are measured by, come before what was kept of it.
    connect(m_pages, &WindowPages::made, this,
            [this](pages::Page* page) { m_layout.restoreIn(*page); });
    resize(firstSize());
    m_layout.restore(*this, *m_area);
    showView(desktop.connections.masters().empty() ? Connections : Map);
    retranslate();
}

void MainWindow::build() {
    auto* central = new QWidget(this);
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_title);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    // Beside a dock, or on a small screen, a page is scrolled: the window never grows for it.
    auto* scroll = new QScrollArea(m_area);
    scroll->setWidget(new widgets::PageRoom(m_stack));
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->widget()->setAutoFillBackground(false);
    m_area->setCentralWidget(scroll);
    row->addWidget(m_area, 1);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    setCentralWidget(central);
    // Into a frame that stands: whoever is put into another part tells all that is in it of its
    // style, and every table measures its columns at that.
    m_pages = new WindowPages(m_desktop, m_theme, m_stack);
    m_lines = new WindowStatus(m_desktop, {*m_title, *m_status, [this] { return page()->place(); }},
                               this);
    m_toast = new widgets::Toast(m_theme, *m_status, *m_area);
    m_undo = new UndoToast(m_desktop.releaseUndo, *m_toast, this);
    // The button goes with its note.
    connect(m_toast, &widgets::Toast::undoWanted, this, [this] { page()->focusContent(); });
    m_status->setContextMenuPolicy(Qt::CustomContextMenu);
}

void MainWindow::addDocks() {
    m_docks = new WindowDocks(m_desktop, m_theme, *m_area);
    connect(m_docks, &WindowDocks::releaseWanted, this, &MainWindow::showReleaseOf);
    connect(m_docks, &WindowDocks::told, this, &MainWindow::tell);
    m_views = new WindowRail(m_desktop, *m_rail, *m_docks, this);
    connect(m_views, &WindowRail::viewWanted, this, &MainWindow::showView);
    connect(m_views, &WindowRail::operationsWanted, this, &MainWindow::toggleOperations);
    connect(m_views, &WindowRail::eventsWanted, this, &MainWindow::toggleEvents);
}

void MainWindow::connectPages() {
    connect(m_pages, &WindowPages::viewWanted, this, &MainWindow::showView);
    connect(m_pages, &WindowPages::machineWanted, this, &MainWindow::showMachine);
    connect(m_pages, &WindowPages::filterWanted, this, &MainWindow::showMachines);
    connect(m_pages, &WindowPages::releaseWanted, this, &MainWindow::showRelease);
    connect(m_pages, &WindowPages::told, this, &MainWindow::tell);
    connect(&m_desktop.newRelease, &presenters::NewReleasePresenter::draftLeft, this,
            &MainWindow::tell);
    connect(&m_desktop.connections, &presenters::ConnectionsPresenter::renewed, this,
            [this](const QString& cluster) {
                tell(tr("The bundle of %1 has changed: the line was opened again with it.")
                         .arg(cluster));
            });
    connect(m_pages, &WindowPages::resetLayoutWanted, this, &MainWindow::resetLayout);
    connect(m_pages, &WindowPages::diagnosticsWanted, this, &MainWindow::diagnosticsWanted);
    connect(&m_desktop.demo, &presenters::DemoPresenter::ready, this, [this](const QString& path) {
        const int master = m_desktop.connections.importPassing(path);
        if (master < 0) return;
        m_desktop.connections.connectTo(master);
        showView(Map);
    });
    connect(&m_desktop.demo, &presenters::DemoPresenter::stopped, &m_desktop.connections,
            &presenters::ConnectionsPresenter::removePassing);
    connect(&m_desktop.hub, &presenters::ConnectionHub::sessionClosing, this,
            &MainWindow::closeDialogs);
    connect(&m_desktop.hub, &presenters::ConnectionHub::sessionOpened, this,
            &MainWindow::followCluster);
    // Right after the session has gone or come.
    connect(&m_desktop.hub, &presenters::ConnectionHub::linkChanged, this, [this] {
        widgets::CommandTarget::set(*this, models::toText(m_desktop.hub.profile().bundlePath));
    });
    connect(&m_desktop.hub, &presenters::ConnectionHub::secondPassed, this,
            [this] { page()->countOn(); });
    connect(m_pages, &WindowPages::placeChanged, m_lines, &WindowStatus::update);
    connect(&m_desktop.keys, &KeyMap::changed, this, &MainWindow::retranslate);
    connect(m_status, &QWidget::customContextMenuRequested, this, &MainWindow::showMenu);
}

// A link from another program, or a demo that is ready, may take the window to another cluster
// while somebody is asked about this one: a yes must never reach the other.
void MainWindow::closeDialogs() {
    const QString cluster = models::toText(m_desktop.hub.profile().bundle.cluster);
    if (widgets::OpenDialogs::rejectAll() == 0) return;
    tell(tr("What was open was about %1, which this window has left: it was closed, and nothing "
            "was sent.")
             .arg(cluster));
}

// While a keychain is asked for the login there is no session yet, and the way is taken already.
QString MainWindow::cluster() const {
    if (m_desktop.hub.hasSession()) return models::toText(m_desktop.hub.profile().bundlePath);
    const int current = m_desktop.connections.current();
    return current < 0
               ? QString()
               : m_desktop.connections.masters()[static_cast<std::size_t>(current)].bundlePath;
}

// A line that only ends takes nothing away: the same cluster may come back.
void MainWindow::followCluster() {
    const QString now = cluster();
    if (now.isEmpty() || now == m_cluster) return;
    const QString before = std::exchange(m_cluster, now);
    if (before.isEmpty()) return;
    m_pages->forgetChoices();
    m_history.clear();
    m_desktop.release.open({});
    if (m_pages->current() == WindowPages::Release) return showView(Releases);
    m_history.visit(place());
}

// Esc leaves filter, then selection, then the page; what else is pressed is WindowCommands'.
void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        if (!m_docks->escape() && !page()->escape()) back();
    } else if (event->matches(QKeySequence::Undo)) {
        m_undo->take();
    } else {
        QMainWindow::keyPressEvent(event);
    }
}

Place MainWindow::place() const {
    const int index = m_pages->current();
    return {index, index == WindowPages::Release ? m_desktop.release.releaseId() : QString()};
}

pages::Page* MainWindow::page() const {
    return static_cast<pages::Page*>(m_stack->currentWidget());
}

void MainWindow::go(const Place& place) {
    if (place.index == WindowPages::Release) m_desktop.release.open(place.releaseId);
    m_stack->setCurrentWidget(m_pages->at(place.index));
    page()->focusContent();
    m_views->setCurrent(place);
    m_lines->update();
}

void MainWindow::visit(const Place& place) {
    followCluster();
    m_history.visit(place);
    go(place);
}

void MainWindow::showView(int view) {
    visit({view, {}});
}

void MainWindow::back() {
    followCluster();
    if (const auto place = m_history.back()) go(*place);
}

void MainWindow::forward() {
    followCluster();
    if (const auto place = m_history.forward()) go(*place);
}

void MainWindow::showRelease(const QString& releaseId) {
    visit({WindowPages::Release, releaseId});
}

void MainWindow::showReleaseOf(const QString& cluster, const QString& bundlePath,
                               const QString& releaseId) {
    presenters::ConnectionsPresenter& connections = m_desktop.connections;
    if (this->cluster() != bundlePath) {
        const int master = m_desktop.roster.masterOf(bundlePath);
        if (master < 0) return tell(tr("%1 is not on the list any more.").arg(cluster));
        connections.connectTo(master);
        // Its bundle cannot be read.
        if (connections.current() != master) return tell(connections.error());
    }
    showRelease(releaseId);
}

void MainWindow::showMachine(const QString& uuid) {
    showView(Machines);
    m_pages->machines()->showMachine(uuid);
}

void MainWindow::showMachines(const QString& filter) {
    showView(Machines);
    m_pages->machines()->setFilter(filter);
}

bool MainWindow::showPage(const QString& name) {
    const auto index = static_cast<int>(pageNames().indexOf(name));
    if (index < 0) return false;
    if (index != WindowPages::Release) {
        showView(index);
        return true;
    }
    const auto& releases = m_desktop.releases.model().all();
    if (!releases.empty()) showRelease(models::toText(releases.front().release.id));
    return true;
}

void MainWindow::focusFilter() {
    if (!m_docks->focusFilter()) page()->focusFilter();
}

void MainWindow::toggleOperations() {
    m_docks->toggle(*m_docks->operations());
}

void MainWindow::toggleEvents() {
    m_docks->toggle(*m_docks->events());
}

void MainWindow::tell(const QString& sentence) {
    m_toast->tell(sentence);
}

void MainWindow::inform(const QString& sentence) {
    m_toast->inform(sentence);
}

void MainWindow::takeBack(const QString& sentence) {
    m_toast->takeBack(sentence);
}

void MainWindow::saveDiagnostics(const LocalLog* log) {
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save a diagnostics file"),
                                     QStringLiteral("ifrit-diagnostics.txt"), tr("Text (*.txt)"));
    if (path.isEmpty()) return;
    QSaveFile file(path);
    const QByteArray text = diagnosticsOf(m_desktop, log).toUtf8();
    const bool written = file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    tell(written && file.commit() ? tr("Saved: %1").arg(path)
                                  : tr("%1 cannot be written: %2").arg(path, file.errorString()));
}

void MainWindow::retranslate() {
    m_docks->retranslate();
    m_views->retranslate();
    m_lines->update();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    // After the pages, which are told first.
    if (event->type() == QEvent::LanguageChange) {
        QMetaObject::invokeMethod(this, &MainWindow::retranslate, Qt::QueuedConnection);
    }
}

void MainWindow::showMenu() {
    showSettingsMenu({m_theme, m_desktop.times, m_desktop.preferences, [this] { resetLayout(); }},
                     mapToGlobal(m_status->geometry().topRight()), this);
}

void MainWindow::resetLayout() {
    m_layout.forget();
    // Now, too: what is on screen is what is remembered at the end.
    for (auto* table : findChildren<widgets::DataTable*>())
        table->resetColumns();
    for (auto* tree : findChildren<widgets::DataTree*>())
        tree->openAllAndFit();
    m_layout.resetHandles(*this);
    m_docks->reset();
    resize(firstSize());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_layout.save(*this, *m_area);
    SessionMemory(m_desktop.settings).save(m_desktop, *this);
    event->accept();
}

}  // namespace ifrit::gui::app
