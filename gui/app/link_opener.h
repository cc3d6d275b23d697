// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

#include "gui/app/desktop.h"
#include "gui/models/ifrit_link.h"

namespace ifrit::gui::widgets {
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

class MainWindow;

/// Takes ifrit:// links to their place. One that names a master asks before it is added. GUI
/// thread.
class LinkOpener : public QObject {
    Q_OBJECT
public:
    LinkOpener(Desktop& desktop, const widgets::Theme& theme, MainWindow& window);
    /// Nothing typed or clicked by mistake does more than show; what is no link says why.
    void open(const QString& text);

private:
    void add(const models::IfritLink& link);
    void show(const models::IfritLink& link);
    void tellUnknown(const models::IfritLink& link);
    /// Shows the machine as soon as the cluster's machines are there.
    void waitFor(const models::IfritLink& link);
    bool connectTo(const QString& cluster);

    Desktop& m_desktop;
    const widgets::Theme& m_theme;
    MainWindow& m_window;
    std::unique_ptr<QObject> m_waiting;  ///< for a machine that is not there yet
};

}  // namespace ifrit::gui::app
