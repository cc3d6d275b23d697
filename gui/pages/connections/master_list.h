// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>
#include <QWidget>

#include <optional>
#include <vector>

#include "gui/pages/table_export.h"
#include "gui/presenters/connection_details.h"
#include "gui/presenters/connections_presenter.h"

class QMenu;

namespace ifrit::gui::widgets {
class DataTable;
class DataTree;
class FilterLine;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class MasterModel;
class MasterTreeModel;

/// The known masters: as groups that open and close, and as one flat table (F8), under a filter by
/// name, address and group. A master goes to another group by the mouse, or with the menu of its
/// row.
class MasterList : public QWidget {
    Q_OBJECT
public:
    MasterList(const widgets::Theme& theme, presenters::ConnectionsPresenter& connections,
               const presenters::ConnectionDetails& details, QWidget* parent);
    /// Its place on the presenter's list; -1: none, or a group.
    int chosen() const;
    /// The group that is chosen itself; an empty name: those that are in none.
    std::optional<QString> chosenGroup() const;
    /// What is said of the chosen group; none: no group is chosen.
    QList<QPair<QString, QString>> groupFacts() const;
    /// What is said over the details while no master is chosen.
    QString headingWithout() const;
    void focusFilter();
    void clearFilter();
    bool filters() const { return !m_filterText.isEmpty(); }
    /// "3 of 40 masters".
    QString countLine() const;
    /// Opens its group where that is closed, and ends a filter that hides it.
    void choose(int master);
    /// The presenter's list is another one.
    void refill();
    /// Cells alone: a line, a certificate, the language.
    void touch();
    void toggleTableForm();
    void retranslate();
    /// The one of the two views that is shown.
    QAbstractItemView* view() const;
    /// Of every master, whatever is closed. A group that is chosen stands for all that are in it.
    ExportTable exported();
    /// What can be done with the row at the keyboard.
    void fillMenu(QMenu& menu);

Q_SIGNALS:
    void chosenChanged();
    void filtered();
    void opened(int master);
    /// A name is wanted for the group of the chosen master.
    void groupWanted();

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void build();
    void applyFilter();
    void hideRows();
    void sayEmpty();
    bool shows(int master) const;
    std::vector<presenters::KnownMaster> mastersOfFilter() const;
    void goToList();
    void connectParts();
    void fillGroups(QMenu& menu, int master);
    void move(const QString& bundlePath, const QString& group);
    void rename(const QString& from, const QString& to);
    /// What the tree has chosen, in the table too.
    void carryToTable();

    presenters::ConnectionsPresenter& m_connections;
    const presenters::ConnectionDetails& m_details;
    MasterModel* m_masters;
    MasterTreeModel* m_groups;
    widgets::FilterLine* m_filter;
    QStackedWidget* m_views;
    widgets::DataTree* m_tree;
    widgets::DataTable* m_table;
    QString m_filterText;
};

}  // namespace ifrit::gui::pages
