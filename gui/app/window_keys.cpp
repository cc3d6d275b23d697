// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_keys.h"

#include <QShortcut>

namespace ifrit::gui::app {

WindowKeys::WindowKeys(const KeyMap& map, QWidget* window)
    : QObject(window), m_map(map), m_window(window) {
    connect(&map, &KeyMap::changed, this, &WindowKeys::apply);
}

void WindowKeys::on(const QString& id, std::function<void()> command) {
    auto* shortcut = new QShortcut(m_map.keys(id), m_window);
    connect(shortcut, &QShortcut::activated, this, std::move(command));
    m_shortcuts[id] = shortcut;
}

void WindowKeys::apply() {
    // First all away: two commands may have changed places.
    for (QShortcut* shortcut : std::as_const(m_shortcuts))
        shortcut->setKey({});
    for (auto it = m_shortcuts.cbegin(); it != m_shortcuts.cend(); ++it)
        it.value()->setKey(m_map.keys(it.key()));
}

}  // namespace ifrit::gui::app
