// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPoint>

class QKeyEvent;

namespace ifrit::gui::widgets {
class DataTable;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

class KeyMap;
class MainWindow;

/// What can be done with every table, wherever it stands: on a page, in a dock, in a dialog, which
/// the window's own keys do not reach. GUI thread.
class TableCommands : public QObject {
    Q_OBJECT
public:
    /// Both outlive this.
    TableCommands(const KeyMap& keys, MainWindow& window);
    /// The one that has the keyboard, else what the page shows.
    void exportChosen();

protected:
    /// Of the whole application.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void exportOne(const widgets::DataTable& table);
    void showMenu(widgets::DataTable& table, const QPoint& at);
    bool isExportKey(const widgets::DataTable& table, const QKeyEvent& event) const;

    const KeyMap& m_keys;
    MainWindow& m_window;
};

}  // namespace ifrit::gui::app
