// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>

class QMainWindow;

namespace ifrit::gui::app {

/// Where the window stood, how wide the columns were, what was closed. A layout of an older form is
/// ignored, not guessed at.
class LayoutMemory {
public:
    explicit LayoutMemory(QSettings& settings) : m_settings(settings) {}
    /// `area` is what things are docked to.
    void restore(QMainWindow& window, QMainWindow& area);
    void save(QMainWindow& window, QMainWindow& area);
    /// From the next start on everything is as on the first day.
    void forget();

private:
    QSettings& m_settings;
};

}  // namespace ifrit::gui::app
