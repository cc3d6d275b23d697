// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QList>
#include <QPushButton>
#include <QWidget>

#include <functional>
#include <optional>

#include "gui/models/page_parts.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/filter_line.h"

class QAbstractItemModel;

namespace ifrit::gui::widgets {
class DataTable;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// A list of what the chosen user has: what is said of it, its filter, its rows, and what can be
/// done to them.
class UserListTab : public QWidget {
    Q_OBJECT
public:
    /// `name`: what the list is called where its columns are remembered.
    UserListTab(const widgets::Theme& theme, const QString& name, QAbstractItemModel& model,
                QWidget* parent);
    widgets::FilterLine& filter() { return *m_filter; }
    widgets::DataTable& table() { return *m_table; }
    const QList<QPushButton*>& verbs() const { return m_verbs; }
    /// -1: none is chosen.
    int row() const;
    /// `note`: over the list; `empty`: in its room while it shows no row; `count`: of the filter.
    void say(const QString& note, const QString& empty, const QString& count);
    /// From left to right, once. Those of `all` are about every row: they stand apart.
    void addVerbs(const QList<QPushButton*>& verbs, const QList<QPushButton*>& all = {});

Q_SIGNALS:
    void rowChosen();
    /// Something is about to be asked, and then done: what the one before came to is over.
    void verbBegun();

protected:
    const widgets::Theme& theme() const { return m_theme; }
    /// Whether it is to be done all the same, and what they said to it; nothing: no. `whyNot`: it
    /// cannot be done any more, asked whenever `presenter` has changed.
    template <typename Presenter>
    std::optional<models::Consent> sure(const Presenter& presenter,
                                        const models::DangerFacts& facts,
                                        const std::function<QString()>& whyNot) {
        Q_EMIT verbBegun();
        return widgets::DangerSheet::ask(m_theme, facts, this, [&](widgets::DangerSheet& sheet) {
            sheet.follow(presenter, &Presenter::changed, whyNot);
        });
    }
    /// `list`: OwnedRecords, of which what is typed in the filter leaves some.
    template <typename List>
    void filterIn(List& list) {
        connect(m_filter, &widgets::FilterLine::filtered, this,
                [&list](const QString& text) { list.filter(text); });
    }
    /// `presenter`: of OwnedRecords.
    template <typename Presenter>
    void sayOf(Presenter& presenter) {
        say(presenter.note(), presenter.emptyText(), presenter.list().count());
    }

private:
    const widgets::Theme& m_theme;
    QLabel* m_note;
    widgets::FilterLine* m_filter;
    widgets::DataTable* m_table;
    QList<QPushButton*> m_verbs;
};

}  // namespace ifrit::gui::pages
