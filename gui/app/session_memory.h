// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>
#include <QString>

namespace ifrit::gui::app {

class MainWindow;
struct Desktop;

/// Which master was connected and which page was shown when the window was closed; the next start
/// begins there. Names places, holds no data of the cluster.
class SessionMemory {
public:
    explicit SessionMemory(QSettings& settings) : m_settings(settings) {}
    void save(const Desktop& desktop, const MainWindow& window);
    /// Connects and shows; nothing where there is nothing, or that master was forgotten, or the
    /// operator does not want it.
    void restore(Desktop& desktop, MainWindow& window);

private:
    QSettings& m_settings;
};

}  // namespace ifrit::gui::app
