// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QSettings>
#include <QString>

class QMainWindow;
class QWidget;

namespace ifrit::gui::app {

/// Where the window stood, how wide the columns were, what was closed. A layout of an older form is
/// ignored, not guessed at.
class LayoutMemory {
public:
    explicit LayoutMemory(QSettings& settings) : m_settings(settings) {}
    /// `area` is what things are docked to; what is in it already is restored, too.
    void restore(QMainWindow& window, QMainWindow& area);
    /// A part that has been made since.
    void restoreIn(QWidget& part);
    /// Of what was not made since the start everything stays kept.
    void save(QMainWindow& window, QMainWindow& area);
    /// From the next start on everything is as on the first day.
    void forget();
    /// Now, too: as they stood before they were restored.
    void resetHandles(const QMainWindow& window);

private:
    bool isKept() const;

    QSettings& m_settings;
    QHash<QString, QByteArray> m_firstHandles;  ///< by the splitter's name
};

}  // namespace ifrit::gui::app
