// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <functional>
#include <utility>
#include <vector>

class QAbstractItemView;
class QHeaderView;

namespace ifrit::gui::widgets {

/// How wide the columns of a table or tree are: as wide as what they hold, and where that is more
/// than there is room for, digests and long sentences give way. Where there is more room, columns
/// of times are as wide as the longest one of the language: which may come, or be scrolled to.
/// Holds until the operator changes a width. Child of the view. GUI thread.
class ColumnFit : public QObject {
    Q_OBJECT
public:
    /// `hint` answers the width of what a column holds, in pixels.
    ColumnFit(QAbstractItemView& view, QHeaderView& header, std::function<int(int)> hint);

    /// From now on; the view has its model.
    void start();
    /// Again, unless the widths are the operator's.
    void fit();
    /// A width that the fitting does not go below: for words that change.
    void keepAtLeast(int column, int width) { m_least[column] = width; }
    /// What it holds is never cut: names that differ at their end.
    void keepWhole(int column) { m_whole.insert(column); }
    /// Cut only where there is too little room for it without all that may be left out.
    void preferWhole(int column) { m_preferred.insert(column); }
    /// Left out, in this order, where the others would have too little room. The operator brings
    /// them back with the header's menu.
    void leaveOut(const QList<int>& columns) { m_leaveOut = columns; }
    /// One that says the same in every row here; the header's menu has it all the same.
    void leaveOutAlways(int column);
    /// By the operator's own wish, from now on with no fitting.
    void show(int column, bool shown);
    /// As on the first day.
    void reset();
    /// For a button that stands in the header at the end of its last column.
    void keepRoom(int width) { m_button = width; }
    /// What the header's menu is, at a point of the screen, in place of columns to tick.
    void openMenuWith(std::function<void(const QPoint&)> open) { m_openMenu = std::move(open); }
    /// Widths and order of the columns are the operator's own: no fitting any more.
    void restore(const QByteArray& state);
    /// Empty while they are not.
    QByteArray state() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showMenu(const QPoint& at);
    /// Where a value has come that must not be cut, and is.
    void fitIfCut();
    /// Without the button.
    int headerWidth(int column) const;
    int lastColumn() const;  ///< of those that are shown
    /// Of the widest text that the column can hold; 0: there is no telling.
    int widestWidth(int column) const;
    /// Gives what is left of the room to the columns that may come to hold more than they do, and
    /// the rest to the first one where the last one holds numbers: stretched, those would stand
    /// far from the others.
    void spread(std::vector<int>& widths, int left) const;
    bool holdsNumbers(int column) const;
    /// Where the columns do not fit as they are, names may be cut as far as makes them fit.
    void yieldNames(std::vector<int>& least, int room);
    /// What a column keeps when others need room too. `header`: the width of its title.
    int leastWidth(int column, int wanted, int header) const;

    QAbstractItemView& m_view;
    QHeaderView& m_header;
    std::function<int(int)> m_hint;
    QMap<int, int> m_least;
    QSet<int> m_whole;
    QSet<int> m_preferred;
    QList<int> m_leaveOut;
    QSet<int> m_always;
    QSet<int> m_yielding;    ///< names that are cut so that all columns are seen
    QTimer m_changed{this};  ///< many changes, one look
    bool m_fits = false;     ///< widths follow the content
    bool m_fitting = false;  ///< a change of width now is ours
    bool m_own = false;      ///< widths are the operator's
    int m_button = 0;
    std::function<void(const QPoint&)> m_openMenu;
    int m_wasLast = -1;  ///< before the widths were set the last time
};

}  // namespace ifrit::gui::widgets
