// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>

#include "gui/app/desktop.h"

namespace ifrit::gui::widgets {
class StatusLine;
class TitleLine;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

/// Keeps the window's first and last line as hub and feed have it.
class WindowStatus : public QObject {
    Q_OBJECT
public:
    struct Parts {
        widgets::TitleLine& title;
        widgets::StatusLine& status;
        /// Of the page that is shown.
        std::function<QString()> place;
    };
    /// `window` gets the title of the desktop's window list, too.
    WindowStatus(const Desktop& desktop, Parts parts, QWidget* window);
    void update();

private:
    QString connectionText() const;
    QStringList facts() const;

    const Desktop& m_desktop;
    Parts m_parts;
    QWidget* m_window;
};

}  // namespace ifrit::gui::app
