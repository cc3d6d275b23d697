// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

#include <functional>

class QAbstractItemModel;
class QLabel;
class QPushButton;

namespace ifrit::gui::widgets {
class DataTable;
class FilterLine;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

/// A list of what happened, docked below the pages: the line that filters it, how many rows are
/// kept, what can be done, and the rows.
class LogDock : public QDockWidget {
    Q_OBJECT
public:
    /// `name`: what its place and its columns are remembered by. `filter`: leaves of the model's
    /// rows those that say each word.
    LogDock(const QString& name, const widgets::Theme& theme, QAbstractItemModel& model,
            std::function<void(const QString&)> filter, QWidget* parent);
    widgets::DataTable& table() { return *m_table; }
    QPushButton& button() { return *m_button; }
    int row() const;
    /// `empty`, `unmatched`: in the room of the rows while there is none, or none by the filter.
    void setWords(const QString& title, const QString& placeholder, const QString& filterName,
                  const QString& empty, const QString& unmatched);
    /// Of `all` rows, of which `most` are kept, those that the filter leaves are shown.
    void say(std::size_t all, std::size_t most);

    /// The keyboard is somewhere in it.
    bool hasKeyboard() const;
    void focusFilter();
    /// False: there is nothing to clear.
    bool clearFilter();

private:
    void connectParts();
    void applyEmpty();

    std::function<void(const QString&)> m_filterRows;
    widgets::FilterLine* m_filter;
    QLabel* m_kept;
    QPushButton* m_button;
    widgets::DataTable* m_table;
    QString m_empty;
    QString m_unmatched;
};

}  // namespace ifrit::gui::app
