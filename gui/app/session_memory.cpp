// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/session_memory.h"

#include "gui/app/desktop.h"
#include "gui/app/main_window.h"
#include "gui/pages/machines/machines_page.h"

namespace ifrit::gui::app {
namespace {

QString key(const char* name) {
    return QStringLiteral("session/") + QLatin1String(name);
}

}  // namespace

void SessionMemory::save(const Desktop& desktop, const MainWindow& window) {
    const int current = desktop.connections.current();
    const auto& masters = desktop.connections.masters();
    m_settings.setValue(key("bundle"), current < 0
                                           ? QString()
                                           : masters[static_cast<std::size_t>(current)].bundlePath);
    const Place place = window.place();
    m_settings.setValue(key("page"), MainWindow::pageNames().value(place.index));
    m_settings.setValue(key("release"), place.releaseId);
    m_settings.setValue(key("filter"), desktop.machines.filterText());
    m_settings.sync();
}

void SessionMemory::restore(Desktop& desktop, MainWindow& window) {
    if (!desktop.preferences.restoresSession()) return;
    const QString bundle = m_settings.value(key("bundle")).toString();
    const auto& masters = desktop.connections.masters();
    for (std::size_t i = 0; i < masters.size(); ++i) {
        if (!bundle.isEmpty() && masters[i].bundlePath == bundle)
            desktop.connections.connectTo(static_cast<int>(i));
    }
    if (desktop.connections.current() < 0) return;
    if (const QString filter = m_settings.value(key("filter")).toString(); !filter.isEmpty())
        window.showMachines(filter);
    const QString page = m_settings.value(key("page")).toString();
    const QString release = m_settings.value(key("release")).toString();
    if (!release.isEmpty()) {
        window.showRelease(release);
    } else if (!page.isEmpty()) {
        window.showPage(page);
    }
}

}  // namespace ifrit::gui::app
