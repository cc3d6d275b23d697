// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/connections/master_list.h"

#include <QBoxLayout>
#include <QContextMenuEvent>
#include <QMenu>

#include <algorithm>
#include <vector>

#include "gui/models/selection_keeper.h"
#include "gui/pages/connections/master_rows.h"
#include "gui/pages/connections/master_tree_model.h"
#include "gui/presenters/master_groups.h"
#include "gui/widgets/column_fit.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/data_tree.h"
#include "gui/widgets/filter_line.h"

namespace ifrit::gui::pages {
namespace {

constexpr int kStateWidth = 170;
constexpr int kCertificatesWidth = 130;
/// "read-only", which a box beside the list turns on.
constexpr int kAccessWidth = 84;

int columnOf(const QAbstractItemModel& model, const char* key) {
    for (int column = 0; column < model.columnCount(); ++column) {
        if (model.headerData(column, Qt::Horizontal, models::ExportKeyRole) == QLatin1String(key)) {
            return column;
        }
    }
    return -1;
}

/// The table and the tree alike.
template <typename Fit>
void setWidths(Fit& fit, const QAbstractItemModel& model) {
    // The state's word changes: it must never be the one that is cut.
    fit.keepAtLeast(columnOf(model, "state"), kStateWidth);
    fit.keepAtLeast(columnOf(model, "certificates"), kCertificatesWidth);
    fit.keepAtLeast(columnOf(model, "access"), kAccessWidth);
    fit.leaveOut({columnOf(model, "bundle_file")});
}

}  // namespace

MasterList::MasterList(const widgets::Theme& theme, presenters::ConnectionsPresenter& connections,
                       const presenters::ConnectionDetails& details, QWidget* parent)
    : QWidget(parent),
      m_connections(connections),
      m_details(details),
      m_masters(new MasterModel(details, this)),
      m_groups(new MasterTreeModel(*m_masters, details, this)),
      m_filter(new widgets::FilterLine(this)),
      m_views(new QStackedWidget(this)),
      m_tree(new widgets::DataTree(theme, this)),
      m_table(new widgets::DataTable(theme, this)) {
    build();
    connectParts();
}

void MasterList::build() {
    m_tree->setModel(m_groups);
    m_tree->setObjectName(QStringLiteral("connections-tree"));
    m_tree->setDragDropMode(QAbstractItemView::InternalMove);
    m_tree->setDefaultDropAction(Qt::MoveAction);
    setWidths(m_tree->columnFit(), *m_groups);
    m_tree->columnFit().start();
    m_table->setModel(m_masters);
    m_table->setObjectName(QStringLiteral("connections"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    setWidths(*m_table, *m_masters);
    m_table->fitColumns();
    m_views->addWidget(m_tree);
    m_views->addWidget(m_table);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_filter->bar()->setContentsMargins(6, 6, 6, 0);
    column->addWidget(m_filter);
    column->addWidget(m_views, 1);
    setFocusProxy(m_tree);
}

bool MasterList::shows(int master) const {
    return m_filterText.isEmpty() ||
           presenters::matchesFilter(*m_masters->at(master), m_filterText);
}

void MasterList::applyFilter() {
    m_filterText = m_filter->text();
    m_tree->setAllOpen(filters());
    if (filters()) {
        m_groups->setShown([this](int row) { return shows(row); });
    } else {
        m_groups->setShown({});
    }
    hideRows();
    Q_EMIT filtered();
    Q_EMIT chosenChanged();
}

// By hand: the rows are those of the presenter's list, whose places are what is asked for.
void MasterList::hideRows() {
    for (int row = 0; row < m_masters->rowCount(); ++row)
        m_table->setRowHidden(row, !shows(row));
    // What is not seen is not acted on.
    if (const int row = m_table->currentIndex().row(); row >= 0 && !shows(row)) {
        m_table->clearSelection();
        m_table->setCurrentIndex({});
    }
    sayEmpty();
}

void MasterList::sayEmpty() {
    bool any = false;
    for (int row = 0; row < m_masters->rowCount() && !any; ++row)
        any = shows(row);
    const QString text =
        any || !filters() ? QString() : tr("No master on the list matches the filter.");
    m_tree->setEmptyText(text);
    m_table->setEmptyText(text);
}

void MasterList::clearFilter() {
    m_filter->clear();
}

void MasterList::focusFilter() {
    m_filter->focusLine();
}

void MasterList::goToList() {
    view()->setFocus();
    if (chosen() >= 0) return;
    for (int row = 0; row < m_masters->rowCount(); ++row) {
        if (shows(row)) return choose(row);
    }
}

QString MasterList::countLine() const {
    const int all = m_masters->rowCount();
    if (!filters()) return tr("%1 master(s) on the list", "", all).arg(models::grouped(all));
    int shown = 0;
    for (int row = 0; row < all; ++row)
        shown += shows(row) ? 1 : 0;
    return tr("%1 shown · %2 in all").arg(models::grouped(shown), models::grouped(all));
}

QString MasterList::headingWithout() const {
    const std::optional<QString> group = chosenGroup();
    if (!group) return tr("No master chosen");
    return group->isEmpty() ? MasterTreeModel::noGroupText() : *group;
}

void MasterList::connectParts() {
    connect(m_filter, &widgets::FilterLine::filtered, this, &MasterList::applyFilter);
    connect(m_filter, &widgets::FilterLine::listWanted, this, &MasterList::goToList);
    new models::SelectionKeeper(m_tree->selectionModel(),
                                [this](const QString& key) { return m_groups->indexOfKey(key); });
    new models::SelectionKeeper(m_table->selectionModel(),
                                [this](const QString& key) { return m_masters->rowOfKey(key); });
    for (const QItemSelectionModel* selection :
         {m_tree->selectionModel(), m_table->selectionModel()}) {
        connect(selection, &QItemSelectionModel::currentChanged, this, &MasterList::chosenChanged);
    }
    connect(m_tree, &widgets::DataTree::opened, this,
            [this](const QModelIndex& index) { Q_EMIT opened(m_groups->masterOf(index)); });
    connect(m_table, &widgets::DataTable::opened, this,
            [this](const QModelIndex& index) { Q_EMIT opened(index.row()); });
    // The view is in the midst of a drop, or of an edit: the list is made anew after it.
    connect(m_groups, &MasterTreeModel::moveWanted, this, &MasterList::move, Qt::QueuedConnection);
    connect(m_groups, &MasterTreeModel::renameWanted, this, &MasterList::rename,
            Qt::QueuedConnection);
}

QAbstractItemView* MasterList::view() const {
    return m_views->currentWidget() == m_table ? static_cast<QAbstractItemView*>(m_table) : m_tree;
}

int MasterList::chosen() const {
    return view() == m_table ? m_table->currentIndex().row()
                             : m_groups->masterOf(m_tree->currentIndex());
}

std::optional<QString> MasterList::chosenGroup() const {
    const QModelIndex index = m_tree->currentIndex();
    if (view() == m_table || !m_groups->isGroup(index)) return std::nullopt;
    return m_groups->groupOf(index);
}

QList<QPair<QString, QString>> MasterList::groupFacts() const {
    QList<QPair<QString, QString>> out;
    if (!chosenGroup()) return out;
    const QModelIndex group = m_tree->currentIndex();
    out << qMakePair(tr("Masters"),
                     models::grouped(static_cast<qint64>(m_groups->mastersOf(group).size())));
    for (const char* key : {"state", "certificates"}) {
        const int column = columnOf(*m_groups, key);
        out << qMakePair(m_groups->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
                         group.siblingAtColumn(column).data().toString());
    }
    return out;
}

void MasterList::choose(int master) {
    if (master >= 0 && master < m_masters->rowCount() && !shows(master)) clearFilter();
    m_table->selectRow(master);
    const QModelIndex index = m_groups->indexOfMaster(master);
    if (!index.isValid()) return;
    m_tree->setExpanded(index.parent(), true);
    m_tree->setCurrentIndex(index);
}

void MasterList::refill() {
    m_masters->setRecords(m_connections.masters());
    hideRows();
    if (m_masters->rowCount() == 0 || view()->currentIndex().isValid()) return;
    // A group that has lost its last master, or the first look at the list.
    const int master = std::max(0, m_connections.current());
    if (!shows(master)) return;
    m_table->selectRow(master);
    const QModelIndex index = m_groups->indexOfMaster(master);
    // What was closed stays closed.
    m_tree->setCurrentIndex(m_tree->isExpanded(index.parent()) ? index : index.parent());
}

void MasterList::touch() {
    m_masters->touchAll();
}

void MasterList::carryToTable() {
    const QModelIndex index = m_tree->currentIndex();
    const int master = m_groups->masterOf(index);
    if (master >= 0) {
        m_table->selectRow(master);
        return;
    }
    QItemSelection selection;
    const int last = m_masters->columnCount() - 1;
    for (const int row : m_groups->mastersOf(index))
        selection.select(m_masters->index(row, 0), m_masters->index(row, last));
    m_table->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

void MasterList::toggleTableForm() {
    const bool hadKeyboard = view()->hasFocus();
    if (view() == m_tree) {
        const int master = chosen();
        const std::vector<int> all = m_groups->mastersOf(m_tree->currentIndex());
        if (master >= 0 || !all.empty()) m_table->selectRow(master >= 0 ? master : all.front());
        m_views->setCurrentWidget(m_table);
    } else {
        choose(chosen());
        m_views->setCurrentWidget(m_tree);
    }
    setFocusProxy(view());
    if (hadKeyboard) view()->setFocus();
    Q_EMIT chosenChanged();
}

void MasterList::retranslate() {
    m_tree->setAccessibleName(tr("Known masters"));
    m_table->setAccessibleName(tr("Known masters"));
    m_filter->setWords(tr("Filter by name, address or group"), tr("Filter of the masters"));
    sayEmpty();
    touch();
}

ExportTable MasterList::exported() {
    if (view() == m_tree) carryToTable();
    ExportTable out{m_masters, m_table->selectionModel(), m_table->accessibleName(), {}, {}};
    if (!filters()) return out;
    out.shown = [this] { return std::make_unique<MasterRows>(m_details, mastersOfFilter()); };
    out.all = [this] { return std::make_unique<MasterRows>(m_details, m_connections.masters()); };
    return out;
}

std::vector<presenters::KnownMaster> MasterList::mastersOfFilter() const {
    std::vector<presenters::KnownMaster> out;
    for (int row = 0; row < m_masters->rowCount(); ++row) {
        if (shows(row)) out.push_back(*m_masters->at(row));
    }
    return out;
}

void MasterList::move(const QString& bundlePath, const QString& group) {
    const int master = m_masters->rowOfKey(bundlePath);
    m_connections.setGroup(master, group);
    // Its new group may be a closed one.
    choose(m_masters->rowOfKey(bundlePath));
}

// Under its new name it is a row that the tree has not seen before.
void MasterList::rename(const QString& from, const QString& to) {
    const bool wasChosen = chosenGroup() == from;
    const bool wasOpen = m_tree->isExpanded(m_groups->indexOfGroup(from));
    const QStringList before = m_connections.groups();
    const QString name = m_connections.renameGroup(from, to);
    const QModelIndex group = m_groups->indexOfGroup(name);
    // One that has taken them in stays as it was.
    if (!name.isEmpty() && !before.contains(name)) m_tree->setExpanded(group, wasOpen);
    if (wasChosen) m_tree->setCurrentIndex(group);
}

void MasterList::fillGroups(QMenu& menu, int master) {
    const QString path = m_masters->at(master)->bundlePath;
    const QString now = m_masters->at(master)->group;
    QStringList groups = m_connections.groups();
    groups << QString();
    for (const QString& group : groups) {
        // A name is text, and no sign of a key.
        QString text = group.isEmpty() ? MasterTreeModel::noGroupText() : group;
        QAction* entry = menu.addAction(text.replace(QLatin1Char('&'), QLatin1String("&&")));
        entry->setCheckable(true);
        entry->setChecked(group == now);
        connect(entry, &QAction::triggered, this, [this, path, group] { move(path, group); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("New group…")), &QAction::triggered, this, &MasterList::groupWanted);
}

void MasterList::fillMenu(QMenu& menu) {
    if (const int master = chosen(); master >= 0) {
        // The list may be another one by then.
        const QString path = m_masters->at(master)->bundlePath;
        connect(menu.addAction(tr("Connect")), &QAction::triggered, this, [this, path] {
            const int row = m_masters->rowOfKey(path);
            if (row >= 0) Q_EMIT opened(row);
        });
        fillGroups(*menu.addMenu(tr("Move to group")), master);
        return;
    }
    const std::optional<QString> group = chosenGroup();
    if (!group) return;
    connect(menu.addAction(tr("Rename group…")), &QAction::triggered, this, [this] {
        const QModelIndex row = m_tree->currentIndex().siblingAtColumn(0);
        m_tree->setCurrentIndex(row);
        m_tree->edit(row);
    });
    if (group->isEmpty()) return;
    connect(menu.addAction(tr("Take the group apart")), &QAction::triggered, this,
            [this, group] { m_connections.renameGroup(*group, {}); });
}

void MasterList::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    fillMenu(menu);
    if (menu.isEmpty()) return;
    // The key opens it at the row, wherever the mouse happens to be.
    const QRect row = view()->visualRect(view()->currentIndex());
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    menu.exec(byKey ? view()->viewport()->mapToGlobal(row.bottomLeft()) : event->globalPos());
}

}  // namespace ifrit::gui::pages
