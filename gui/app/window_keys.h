// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QObject>

#include <functional>

#include "gui/app/key_map.h"

class QShortcut;

namespace ifrit::gui::app {

/// The commands of one window under the keys of the map, also after those change. A letter that a
/// field is being typed in stays the field's.
class WindowKeys : public QObject {
    Q_OBJECT
public:
    /// Both outlive this; the shortcuts belong to the window.
    WindowKeys(const KeyMap& map, QWidget* window);
    void on(const QString& id, std::function<void()> command);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    const KeyMap& m_map;
    QWidget* m_window;
    QMap<QString, QShortcut*> m_shortcuts;
};

}  // namespace ifrit::gui::app
