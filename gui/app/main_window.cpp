// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/main_window.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QScreen>
#include <QShortcut>
#include <QVBoxLayout>

#include "gui/app/key_table.h"
#include "gui/app/layout_memory.h"
#include "gui/pages/audit/audit_page.h"
#include "gui/pages/connections/connections_page.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/map/map_page.h"
#include "gui/pages/packages/packages_page.h"
#include "gui/pages/releases/release_page.h"
#include "gui/pages/releases/releases_page.h"
#include "gui/widgets/navigation_rail.h"
#include "gui/widgets/window_lines.h"

namespace ifrit::gui::app {
namespace {

using models::grouped;
using models::StatusKind;
using models::StatusLook;
using services::LinkState;

/// The look's size, or what the screen has beside its own bars and the window's title.
QSize firstSize() {
    constexpr int kTitleBar = 32;
    const QSize screen = QGuiApplication::primaryScreen()->availableSize();
    return QSize(1440, 900).boundedTo(screen - QSize(0, kTitleBar));
}

StatusLook lookOf(const presenters::ConnectionHub& hub) {
    if (!hub.hasSession()) return {StatusKind::None, MainWindow::tr("not connected")};
    const services::LinkStatus& link = hub.link();
    switch (link.state) {
        case LinkState::Connected:
            return {StatusKind::Ok,
                    link.latency ? MainWindow::tr("connected, %1 ms").arg(link.latency->count())
                                 : MainWindow::tr("connected")};
        case LinkState::Connecting:
            return {StatusKind::Run, hub.linkSentence()};
        case LinkState::Stale:
            return {StatusKind::Wait, hub.linkSentence()};
        case LinkState::Reconnecting:
        case LinkState::Disconnected:
            break;
    }
    return {StatusKind::Fail, hub.linkSentence()};
}

}  // namespace

MainWindow::MainWindow(Desktop& desktop, widgets::Theme& theme)
    : m_desktop(desktop),
      m_theme(theme),
      m_title(new widgets::TitleLine(theme, this)),
      m_rail(new widgets::NavigationRail(theme, this)),
      m_stack(new QStackedWidget(this)),
      m_status(new widgets::StatusLine(theme, this)) {
    build();
    addPages();
    connectPages();
    addKeys();
    // What waits counts down, what is stale grows older.
    m_seconds.setInterval(1'000);
    connect(&m_seconds, &QTimer::timeout, this, &MainWindow::updateLines);
    m_seconds.start();
    resize(firstSize());
    restoreLayout();
    showView(desktop.connections.masters().empty() ? Connections : Map);
    updateLines();
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
    row->addWidget(m_stack, 1);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    setCentralWidget(central);
    m_status->setContextMenuPolicy(Qt::CustomContextMenu);
}

void MainWindow::addPages() {
    m_connections =
        new pages::ConnectionsPage(m_theme, m_desktop.connections, m_desktop.hub, m_stack);
    m_map = new pages::MapPage(m_theme, m_desktop.map, m_stack);
    m_machines = new pages::MachinesPage(m_theme, m_desktop.machines, m_stack);
    auto* packages = new pages::PackagesPage(m_theme, m_desktop.packages, m_stack);
    m_releases =
        new pages::ReleasesPage(m_theme, m_desktop.releases, m_desktop.newRelease, m_stack);
    auto* audit = new pages::AuditPage(m_theme, m_desktop.audit, m_stack);
    m_release = new pages::ReleasePage(m_theme, m_desktop.release, m_stack);
    struct Entry {
        pages::Page* page;
        const char* icon;
    };
    const Entry entries[] = {{m_connections, "connections"}, {m_map, "map"},
                             {m_machines, "machines"},       {packages, "packages"},
                             {m_releases, "releases"},       {audit, "audit"}};
    for (const Entry& entry : entries) {
        const int index = m_stack->addWidget(entry.page);
        m_rail->addView(QLatin1String(entry.icon), entry.page->title(),
                        QStringLiteral("Ctrl+%1").arg(index + 1));
        addKey(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + index)),
               [this, index] { showView(index); });
    }
    m_releaseIndex = m_stack->addWidget(m_release);
    const auto toConnections = [this] { showView(Connections); };
    connect(m_map, &pages::MapPage::connectionsWanted, this, toConnections);
    connect(m_machines, &pages::MachinesPage::connectionsWanted, this, toConnections);
    connect(packages, &pages::PackagesPage::connectionsWanted, this, toConnections);
    connect(m_releases, &pages::ReleasesPage::connectionsWanted, this, toConnections);
    connect(audit, &pages::AuditPage::connectionsWanted, this, toConnections);
}

void MainWindow::connectPages() {
    const auto showMachine = [this](const QString& uuid) {
        showView(Machines);
        m_machines->showMachine(uuid);
    };
    connect(m_map, &pages::MapPage::machineWanted, this, showMachine);
    connect(m_map, &pages::MapPage::releasesWanted, this, [this] { showView(Releases); });
    connect(m_map, &pages::MapPage::filterWanted, this, [this](const QString& filter) {
        showView(Machines);
        m_machines->setFilter(filter);
    });
    connect(m_release, &pages::ReleasePage::machineWanted, this, showMachine);
    connect(m_release, &pages::ReleasePage::backWanted, this, [this] { showView(Releases); });
    connect(m_release, &pages::Page::placeChanged, this, &MainWindow::updateLines);
    connect(m_releases, &pages::ReleasesPage::releaseWanted, this, &MainWindow::showRelease);
    connect(m_rail, &widgets::NavigationRail::chosen, this, &MainWindow::showView);
    connect(&m_desktop.hub, &presenters::ConnectionHub::linkChanged, this,
            &MainWindow::updateLines);
    connect(&m_desktop.hub, &presenters::ConnectionHub::identityChanged, this,
            &MainWindow::updateLines);
    connect(&m_desktop.feed, &presenters::FleetFeed::figuresChanged, this,
            &MainWindow::updateLines);
    connect(&m_desktop.times, &models::TimeText::changed, this, &MainWindow::updateLines);
    connect(&m_desktop.releases, &presenters::ReleasesPresenter::changed, this,
            [this] { m_rail->setBadge(Releases, m_desktop.releases.attention()); });
    connect(m_status, &QWidget::customContextMenuRequested, this, &MainWindow::showMenu);
}

void MainWindow::addKey(const QKeySequence& keys, std::function<void()> action) {
    auto* shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, std::move(action));
}

void MainWindow::addKeys() {
    addKey(Qt::Key_F5, [this] { page()->refresh(); });
    addKey(Qt::CTRL | Qt::Key_N, [this] {
        showView(Releases);
        m_releases->create();
    });
    addKey(Qt::ALT | Qt::Key_Left, [this] { back(); });
    addKey(Qt::ALT | Qt::Key_Right, [this] { forward(); });
    addKey(Qt::Key_F10, [this] { showMenu(); });
}

// Keys that are also letters come only where no field has taken them for text.
void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->text() == QLatin1String("/")) {
        page()->focusFilter();
    } else if (event->text() == QLatin1String("?")) {
        showKeys();
    } else if (event->key() == Qt::Key_R && event->modifiers() == Qt::NoModifier) {
        page()->resort();
    } else if (event->key() == Qt::Key_Escape) {
        if (!page()->escape()) back();
    } else {
        QMainWindow::keyPressEvent(event);
    }
}

pages::Page* MainWindow::page() const {
    return static_cast<pages::Page*>(m_stack->currentWidget());
}

void MainWindow::go(const Place& place) {
    if (place.index == m_releaseIndex) m_desktop.release.open(place.releaseId);
    m_stack->setCurrentIndex(place.index);
    // Not on whatever control comes first: keys of the page work at once.
    page()->setFocus();
    m_rail->setCurrent(place.index == m_releaseIndex ? int(Releases) : place.index);
    updateLines();
}

void MainWindow::visit(const Place& place) {
    if (m_historyAt < 0 || m_history[m_historyAt] != place) {
        m_history.resize(m_historyAt + 1);
        m_history << place;
        m_historyAt = m_history.size() - 1;
    }
    go(place);
}

void MainWindow::showView(int view) {
    visit({view, {}});
}

void MainWindow::back() {
    if (m_historyAt > 0) go(m_history[--m_historyAt]);
}

void MainWindow::forward() {
    if (m_historyAt + 1 < m_history.size()) go(m_history[++m_historyAt]);
}

void MainWindow::showRelease(const QString& releaseId) {
    visit({m_releaseIndex, releaseId});
}

QStringList MainWindow::pageNames() {
    return {QStringLiteral("connections"), QStringLiteral("map"),      QStringLiteral("machines"),
            QStringLiteral("packages"),    QStringLiteral("releases"), QStringLiteral("audit"),
            QStringLiteral("release")};
}

bool MainWindow::showPage(const QString& name) {
    const auto index = static_cast<int>(pageNames().indexOf(name));
    if (index < 0) return false;
    if (index < ViewCount) {
        showView(index);
        return true;
    }
    const auto& releases = m_desktop.releases.model().records();
    if (!releases.empty()) showRelease(models::toText(releases.front().release.id));
    return true;
}

void MainWindow::updateLines() {
    const presenters::ConnectionHub& hub = m_desktop.hub;
    m_title->setPlace(page()->place());
    QString connection;
    if (hub.hasSession()) {
        connection = models::toText(hub.profile().bundle.cluster);
        if (hub.identity()) {
            connection += QStringLiteral(" · ") + models::toText(hub.identity()->user);
        }
        if (hub.profile().readOnly) connection += tr(" · read-only");
    }
    m_title->setConnection(connection, hub.hasSession() && hub.isProduction());
    m_status->setConnection(lookOf(hub));
    QStringList facts;
    const models::FleetStore& store = m_desktop.feed.store();
    if (store.loaded()) {
        facts << tr("generation %1").arg(grouped(static_cast<qint64>(store.generation())));
        facts << tr("%1 machine(s)", "", models::pluralOf(store.size())).arg(grouped(store.size()));
    }
    m_status->setFacts(facts);
    m_status->setTimeZone(m_desktop.times.zoneText());
    setWindowTitle(QStringLiteral("%1 – ifrit").arg(page()->place()));
}

void MainWindow::retranslate() {
    for (int view = 0; view < ViewCount; ++view)
        m_rail->retitle(view, static_cast<pages::Page*>(m_stack->widget(view))->title());
    updateLines();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    // After the pages, which are told first.
    if (event->type() == QEvent::LanguageChange) {
        QMetaObject::invokeMethod(this, &MainWindow::retranslate, Qt::QueuedConnection);
    }
}

void MainWindow::showKeys() {
    showKeyTable(m_theme, this);
}

void MainWindow::showMenu() {
    showSettingsMenu({m_theme, m_desktop.times, m_desktop.settings, [this] { resetLayout(); }},
                     mapToGlobal(m_status->geometry().topRight()), this);
}

void MainWindow::restoreLayout() {
    LayoutMemory(m_desktop.settings).restore(*this);
}

void MainWindow::saveLayout() {
    LayoutMemory(m_desktop.settings).save(*this);
}

void MainWindow::resetLayout() {
    LayoutMemory(m_desktop.settings).forget();
    resize(firstSize());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    saveLayout();
    event->accept();
}

}  // namespace ifrit::gui::app
