// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "gui/models/ctl_command.h"

class QWidget;

namespace ifrit::gui::widgets {

/// Which cluster the commands of a window mean: each that is copied names it, so that it does not
/// act on whatever the shell's current context is. GUI thread.
class CommandTarget {
public:
    /// `bundle`: path of the bundle file of the cluster that `window` shows; empty: none.
    static void set(QWidget& window, const QString& bundle);
    /// As models::commandText(), of the window that `widget` belongs to, through its dialogs, too.
    static QString textOf(const QWidget& widget, const QList<models::CtlCommand>& commands,
                          const QString& reason = {});
};

}  // namespace ifrit::gui::widgets
