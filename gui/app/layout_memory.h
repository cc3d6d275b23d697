// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QSettings>
#include <QString>

class QMainWindow;

namespace ifrit::gui::app {

/// Where the window stood, how wide the columns were, what was closed. A layout of an older form is
/// ignored, not guessed at.
class LayoutMemory {
public:
    explicit LayoutMemory(QSettings& settings) : m_settings(settings) {}
    /// `area` is what things are docked to. The first call keeps how the handles of the splitters
    /// stood before it, for resetHandles().
    void restore(QMainWindow& window, QMainWindow& area);
    void save(QMainWindow& window, QMainWindow& area);
    /// From the next start on everything is as on the first day.
    void forget();
    /// Now, too. Nothing before restore().
    void resetHandles(const QMainWindow& window);

private:
    QSettings& m_settings;
    QHash<QString, QByteArray> m_firstHandles;  ///< by the splitter's name
};

}  // namespace ifrit::gui::app
