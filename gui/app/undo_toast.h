// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/presenters/release_undo.h"

namespace ifrit::gui::widgets {
class Toast;
}

namespace ifrit::gui::app {

/// Brings what can be undone to the window's toast, and what is pressed there back.
class UndoToast : public QObject {
    Q_OBJECT
public:
    /// Both outlive it.
    UndoToast(presenters::ReleaseUndo& undo, widgets::Toast& toast, QObject* parent);
    /// Takes what the toast offers; nothing where it offers nothing.
    void take();

private:
    presenters::ReleaseUndo& m_undo;
    widgets::Toast& m_toast;
};

}  // namespace ifrit::gui::app
