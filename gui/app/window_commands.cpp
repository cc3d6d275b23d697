// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_commands.h"

#include <QClipboard>
#include <QGuiApplication>

#include "gui/app/go_to_dialog.h"
#include "gui/app/key_table.h"
#include "gui/app/main_window.h"
#include "gui/app/window_pages.h"
#include "gui/pages/campaigns/campaigns_page.h"
#include "gui/pages/freeze_button.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/map/map_page.h"
#include "gui/pages/packages/packages_page.h"
#include "gui/pages/releases/release_page.h"
#include "gui/pages/releases/releases_page.h"
#include "gui/widgets/command_target.h"

namespace ifrit::gui::app {

using models::GoToEntry;
using Kind = GoToEntry::Kind;

WindowCommands::WindowCommands(Desktop& desktop, widgets::Theme& theme, MainWindow& window,
                               WindowPages& pages)
    : QObject(&window),
      m_desktop(desktop),
      m_theme(theme),
      m_window(window),
      m_pages(pages),
      m_keys(desktop.keys, &window),
      m_tables(desktop.keys, window),
      m_goTo({desktop.feed, desktop.connections, desktop.packages, desktop.releases,
              desktop.release, desktop.campaigns},
             targets()) {
    addKeys();
    nameKeys();
    connect(&desktop.keys, &KeyMap::changed, this, &WindowCommands::nameKeys);
    connect(&pages, &WindowPages::made, this, &WindowCommands::nameKeysOf);
}

void WindowCommands::addKeys() {
    for (int view = 0; view < WindowPages::ViewCount; ++view)
        m_keys.on(QStringLiteral("view-%1").arg(view + 1),
                  [this, view] { m_window.showView(view); });
    m_keys.on(QStringLiteral("go-to"), [this] { goTo(); });
    m_keys.on(QStringLiteral("filter"), [this] { m_window.focusFilter(); });
    m_keys.on(QStringLiteral("back"), [this] { m_window.back(); });
    m_keys.on(QStringLiteral("forward"), [this] { m_window.forward(); });
    m_keys.on(QStringLiteral("new-release"), [this] {
        m_window.showView(WindowPages::Releases);
        m_pages.releases()->create();
    });
    m_keys.on(QStringLiteral("refresh"), [this] { m_window.page()->readAgain(); });
    m_keys.on(QStringLiteral("resort"), [this] { m_window.page()->resort(); });
    m_keys.on(QStringLiteral("export"), [this] { m_tables.exportChosen(); });
    m_keys.on(QStringLiteral("table-form"), [this] { m_window.page()->toggleTableForm(); });
    m_keys.on(QStringLiteral("failing"), [this] { m_window.page()->toggleFailing(); });
    m_keys.on(QStringLiteral("hash-ring"), [this] { m_window.page()->toggleRing(); });
    m_keys.on(QStringLiteral("versions"), [this] { m_window.page()->toggleVersions(); });
    m_keys.on(QStringLiteral("copy-command"), [this] { copyCommand(); });
    m_keys.on(QStringLiteral("operations"), [this] { m_window.toggleOperations(); });
    m_keys.on(QStringLiteral("events"), [this] { m_window.toggleEvents(); });
    m_keys.on(QStringLiteral("settings"), [this] { m_window.showView(WindowPages::Settings); });
    m_keys.on(QStringLiteral("menu"), [this] { m_window.showMenu(); });
    m_keys.on(QStringLiteral("keys"), [this] { showKeys(); });
}

// Buttons that say their key say the one that it has now.
void WindowCommands::nameKeys() {
    for (int index = 0; index < WindowPages::PageCount; ++index) {
        if (pages::Page* page = m_pages.found(index)) nameKeysOf(page);
    }
}

void WindowCommands::nameKeysOf(pages::Page* page) {
    page->setKeyNames([this](const QString& id) { return m_desktop.keys.text(id); });
}

void WindowCommands::copyCommand() {
    const QList<models::CtlCommand> commands = m_window.page()->commands();
    if (commands.isEmpty()) {
        m_window.tell(tr("ifritctl has no command for this page."));
        return;
    }
    const QString text = widgets::CommandTarget::textOf(m_window, commands);
    QGuiApplication::clipboard()->setText(text);
    m_window.tell(tr("Copied: %1").arg(text));
}

void WindowCommands::showKeys() {
    showKeyTable(m_theme, m_desktop.keys, &m_window);
}

void WindowCommands::goTo() {
    GoToDialog dialog(m_theme, m_goTo, &m_window);
    dialog.exec();
}

std::vector<GoToEntry> WindowCommands::entries() {
    std::vector<GoToEntry> out;
    for (int view = 0; view < WindowPages::ViewCount; ++view) {
        out.push_back({Kind::Page,
                       WindowPages::nameOf(view),
                       {},
                       m_desktop.keys.text(QStringLiteral("view-%1").arg(view + 1)),
                       [this, view] { m_window.showView(view); }});
    }
    const auto verb = [&](const QString& title, const QString& key, std::function<void()> go) {
        out.push_back({Kind::Verb, title, {}, m_desktop.keys.text(key), std::move(go)});
    };
    if (m_desktop.releases.createAction().enabled()) {
        verb(tr("New release…"), QStringLiteral("new-release"), [this] {
            m_window.showView(WindowPages::Releases);
            m_pages.releases()->create();
        });
    }
    using Turn = presenters::FreezePresenter::Turn;
    const Turn turn = m_desktop.freeze.turn();
    if (m_desktop.freeze.action(turn).enabled()) {
        verb(turn == Turn::Freeze ? tr("Freeze the cluster…") : tr("Unfreeze the cluster…"), {},
             [this] {
                 m_window.showView(WindowPages::Map);
                 m_pages.map()->findChild<pages::FreezeButton*>()->ask();
             });
    }
    addOffered(out);
    verb(tr("Refresh"), QStringLiteral("refresh"), [this] { m_window.page()->readAgain(); });
    verb(tr("Export the table"), QStringLiteral("export"), [this] { m_tables.exportChosen(); });
    verb(tr("Copy as ifritctl command"), QStringLiteral("copy-command"), [this] { copyCommand(); });
    verb(tr("Operations"), QStringLiteral("operations"), [this] { m_window.toggleOperations(); });
    verb(tr("Events"), QStringLiteral("events"), [this] { m_window.toggleEvents(); });
    verb(tr("Settings"), QStringLiteral("settings"),
         [this] { m_window.showView(WindowPages::Settings); });
    verb(tr("Save a diagnostics file…"), {}, [this] { Q_EMIT m_window.diagnosticsWanted(); });
    verb(tr("Keys"), QStringLiteral("keys"), [this] { showKeys(); });
    return out;
}

void WindowCommands::addOffered(std::vector<GoToEntry>& entries) {
    const auto add = [this, &entries](int index) {
        pages::Page* page = m_pages.at(index);
        for (const auto& [button, subject] : page->offered()) {
            if (!page->canPress(*button)) continue;
            const QString about = subject ? subject() : QString();
            entries.push_back(
                {Kind::Verb,
                 button->text(),
                 about.isEmpty() ? page->title() : page->title() + QStringLiteral(" · ") + about,
                 {},
                 [this, index, page, pressed = button] {
                     m_window.showView(index);
                     page->press(*pressed);
                 }});
        }
    };
    const int shown = m_window.place().index;
    if (shown < WindowPages::ViewCount) add(shown);
    for (int view = 0; view < WindowPages::ViewCount; ++view) {
        if (view != shown) add(view);
    }
}

presenters::GoToPresenter::Targets WindowCommands::targets() {
    presenters::GoToPresenter::Targets out;
    out.machine = [this](const QString& uuid) { m_window.showMachine(uuid); };
    out.agent = [this](const QString& name) {
        m_window.showMachines(QStringLiteral("agent:") + name);
    };
    out.release = [this](const QString& id) { m_window.showRelease(id); };
    out.package = [this](const QString& digest) {
        m_window.showView(WindowPages::Packages);
        m_pages.packages()->showPackage(digest);
    };
    out.campaign = [this](const QString& id) {
        m_window.showView(WindowPages::Campaigns);
        static_cast<pages::CampaignsPage*>(m_pages.at(WindowPages::Campaigns))->showCampaign(id);
    };
    out.connection = [this](int index) {
        m_desktop.connections.connectTo(index);
        m_window.showView(WindowPages::Map);
    };
    out.verb = [this](domain::ReleaseVerb verb) {
        m_window.showRelease(m_desktop.release.releaseId());
        m_desktop.release.prepare(verb);
    };
    out.window = [this] { return entries(); };
    return out;
}

}  // namespace ifrit::gui::app
