// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QListWidget>

#include <functional>

#include "gui/models/filter_choices.h"

namespace ifrit::gui::widgets {

/// A line for a filter that offers what can be written at the cursor, in a list below it. The line
/// keeps the keyboard: up, down, Enter or Tab take from the list, Esc puts it away, Ctrl+Space or
/// Down opens it.
class FilterField : public QLineEdit {
    Q_OBJECT
public:
    using Ask = std::function<models::FilterChoices(const QString& text, int cursor)>;
    /// The list lies over `page`, which is the field's window or in it.
    explicit FilterField(QWidget* page);
    void setChoices(Ask ask) { m_ask = std::move(ask); }
    bool offers() const { return m_list->isVisible(); }
    /// Places of the page, in its pixels, that the list does not lie over; asked for whenever it is
    /// placed.
    void keepClear(std::function<QList<QRect>()> places) { m_clear = std::move(places); }
    /// They have changed.
    void placeAgain() {
        if (offers()) place();
    }
    /// What stands in it was typed, and the keyboard is still there: it may not be all of it.
    bool isBeingTyped() const { return hasFocus() && isModified(); }
    const QListWidget* list() const { return m_list; }

protected:
    void changeEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void offer();
    void close();
    void step(int rows);
    /// False: no row of the list is chosen.
    bool take();
    void place();

    QWidget* m_page;
    QListWidget* m_list;
    Ask m_ask;
    std::function<QList<QRect>()> m_clear;
    models::FilterChoices m_choices;
    bool m_taking = false;  ///< a choice is being written
};

}  // namespace ifrit::gui::widgets
