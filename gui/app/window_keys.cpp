// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_keys.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QKeySequenceEdit>
#include <QShortcut>

#include <algorithm>

namespace ifrit::gui::app {
namespace {

/// Not a letter or a sign, which a field that is typed in takes.
bool isCommand(const QKeyEvent& event) {
    return (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier)) != 0 ||
           (event.key() >= Qt::Key_F1 && event.key() <= Qt::Key_F35);
}

}  // namespace

WindowKeys::WindowKeys(const KeyMap& map, QWidget* window)
    : QObject(window), m_map(map), m_window(window) {
    connect(&map, &KeyMap::changed, this, &WindowKeys::apply);
    // On X11 a line takes Ctrl+E for its own, "to the end", which End does as well.
    qGuiApp->installEventFilter(this);
}

bool WindowKeys::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride || !watched->isWidgetType()) return false;
    const auto& key = static_cast<const QKeyEvent&>(*event);
    if (!isCommand(key) || static_cast<QWidget*>(watched)->window() != m_window) return false;
    // Where keys are typed to be told apart, each of them is meant for the field.
    if (qobject_cast<QKeySequenceEdit*>(watched) != nullptr) return false;
    const QKeySequence typed(key.keyCombination());
    const bool ours = std::any_of(m_shortcuts.begin(), m_shortcuts.end(),
                                  [&](const QShortcut* one) { return one->key() == typed; });
    if (ours) event->ignore();
    return ours;
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
