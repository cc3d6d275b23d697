// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/campaigns/cluster_order.h"

#include <QHBoxLayout>
#include <QHash>
#include <QKeyEvent>
#include <QVBoxLayout>

#include <algorithm>

#include "gui/pages/page.h"

namespace ifrit::gui::pages {
namespace {

/// The cluster alone; the text has its kind too.
constexpr int kName = Qt::UserRole;

QString nameOf(const QListWidgetItem& item) {
    return item.data(kName).toString();
}

}  // namespace

ClusterOrder::ClusterOrder(QWidget* parent)
    : QWidget(parent),
      m_list(new QListWidget(this)),
      m_up(new QPushButton(tr("Earlier"), this)),
      m_down(new QPushButton(tr("Later"), this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_list, 1);
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(m_up);
    buttons->addWidget(m_down);
    buttons->addStretch(1);
    row->addLayout(buttons);
    for (QPushButton* button : {m_up, m_down})
        button->setAutoDefault(false);
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setDefaultDropAction(Qt::MoveAction);
    m_list->setToolTip(tr("Drag a cluster to its place, or move it with Alt and the arrow keys."));
    m_list->setAccessibleName(tr("Clusters, in order"));
    m_list->setAccessibleDescription(m_list->toolTip());
    m_up->setAccessibleName(tr("Move the cluster earlier"));
    m_down->setAccessibleName(tr("Move the cluster later"));
    m_list->installEventFilter(this);
    const auto changed = [this] {
        updateButtons();
        if (!m_filling) Q_EMIT edited();
    };
    connect(m_list, &QListWidget::itemChanged, this, changed);
    connect(m_list, &QListWidget::currentRowChanged, this, &ClusterOrder::updateButtons);
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this, changed);
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    updateButtons();
}

void ClusterOrder::offer(const QList<models::ClusterPlace>& all, const QStringList& chosen) {
    QStringList now;
    for (int row = 0; row < m_list->count(); ++row)
        now << nameOf(*m_list->item(row));
    QHash<QString, models::ClusterPlace> places;
    for (const models::ClusterPlace& place : all)
        places[place.name] = place;
    QStringList wanted;
    for (const QString& cluster : chosen) {
        if (places.contains(cluster)) wanted << cluster;
    }
    for (const models::ClusterPlace& place : all) {
        if (!wanted.contains(place.name)) wanted << place.name;
    }
    if (now.size() == wanted.size() && std::is_permutation(now.begin(), now.end(), wanted.begin()))
        return;
    m_filling = true;
    m_list->clear();
    for (const QString& cluster : wanted) {
        auto* item = new QListWidgetItem(places[cluster].text(), m_list);
        item->setData(kName, cluster);
        // Not to be dropped on: it goes between two.
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable |
                       Qt::ItemIsDragEnabled);
        item->setCheckState(chosen.contains(cluster) ? Qt::Checked : Qt::Unchecked);
    }
    m_list->setCurrentRow(0);
    m_filling = false;
    updateButtons();
}

QStringList ClusterOrder::chosen() const {
    QStringList out;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked) out << nameOf(*m_list->item(row));
    }
    return out;
}

void ClusterOrder::move(int by) {
    const int from = m_list->currentRow();
    const int to = from + by;
    if (from < 0 || to < 0 || to >= m_list->count()) return;
    m_filling = true;
    m_list->insertItem(to, m_list->takeItem(from));
    m_list->setCurrentRow(to);
    m_filling = false;
    updateButtons();
    Q_EMIT edited();
}

void ClusterOrder::updateButtons() {
    const int row = m_list->currentRow();
    const QString none = row < 0 ? tr("Choose a cluster in the list first.") : QString();
    const auto why = [&](bool atTheEnd, const QString& sentence) {
        return none.isEmpty() && atTheEnd ? sentence : none;
    };
    apply(m_up, {why(row == 0, tr("It is the first already."))});
    apply(m_down, {why(row + 1 == m_list->count(), tr("It is the last already."))});
}

bool ClusterOrder::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool moves = key->modifiers().testFlag(Qt::AltModifier) &&
                           (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down);
        if (moves) {
            move(key->key() == Qt::Key_Up ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace ifrit::gui::pages
