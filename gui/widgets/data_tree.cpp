// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/data_tree.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>

#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/column_fit.h"
#include "gui/widgets/list_keys.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kIndent = 18;

/// Points right where it is closed, down where it is open.
QPolygonF chevron(const QPointF& middle, bool isOpen) {
    constexpr double kHalf = 4;
    constexpr double kDepth = 2;
    if (isOpen) {
        return {{middle + QPointF(-kHalf, -kDepth), middle + QPointF(0, kDepth),
                 middle + QPointF(kHalf, -kDepth)}};
    }
    return {{middle + QPointF(-kDepth, -kHalf), middle + QPointF(kDepth, 0),
             middle + QPointF(-kDepth, kHalf)}};
}

}  // namespace

DataTree::DataTree(const Theme& theme, QWidget* parent)
    : QTreeView(parent),
      m_theme(theme),
      m_columns(new ColumnFit(*this, *header(),
                              [this](int column) { return sizeHintForColumn(column); })) {
    setItemDelegate(new CellDelegate(theme, this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    setUniformRowHeights(true);
    setIndentation(kIndent);
    setFrameShape(QFrame::NoFrame);
    header()->setHighlightSections(false);
    header()->setSectionsMovable(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setMinimumSectionSize(36);
    connect(this, &QTreeView::doubleClicked, this, [this](const QModelIndex& index) {
        if (!model()->hasChildren(index.siblingAtColumn(0))) Q_EMIT opened(index);
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex& index) {
        if (m_applying || m_allOpen) return;
        m_closed.remove(index.data(models::KeyRole).toString());
        m_columns->fit();
    });
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex& index) {
        if (m_applying || m_allOpen) return;
        m_closed.insert(index.data(models::KeyRole).toString());
        // What is chosen is seen: by itself it would open its heading again.
        if (currentIndex().parent() == index) setCurrentIndex(index);
    });
    // It fills itself (paintEvent()): what is below it need not be painted.
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void DataTree::setModel(QAbstractItemModel* newModel) {
    QTreeView::setModel(newModel);
    // After the view's own connection, which closes everything.
    connect(newModel, &QAbstractItemModel::modelReset, this, &DataTree::applyClosed);
    applyClosed();
}

void DataTree::applyClosed() {
    const QScopedValueRollback<bool> ours(m_applying, true);
    for (int row = 0; row < model()->rowCount(); ++row) {
        const QModelIndex index = model()->index(row, 0);
        setExpanded(index, m_allOpen || !m_closed.contains(index.data(models::KeyRole).toString()));
    }
}

void DataTree::setAllOpen(bool open) {
    m_allOpen = open;
    applyClosed();
}

void DataTree::setEmptyText(const QString& text) {
    if (text == m_emptyText) return;
    m_emptyText = text;
    setAccessibleDescription(text);
    viewport()->update();
}

QStringList DataTree::closed() const {
    QStringList out;
    // Under a filter some are not there, and were not taken away.
    if (m_allOpen) out = m_closed.values();
    for (int row = 0; model() != nullptr && row < model()->rowCount(); ++row) {
        const QString key = model()->index(row, 0).data(models::KeyRole).toString();
        if (m_closed.contains(key) && !out.contains(key)) out << key;
    }
    out.sort();
    return out;
}

void DataTree::setClosed(const QStringList& keys) {
    m_closed = QSet<QString>(keys.begin(), keys.end());
    applyClosed();
    const QModelIndex heading = currentIndex().parent();
    if (heading.isValid() && !isExpanded(heading)) setCurrentIndex(heading);
}

void DataTree::restoreColumns(const QByteArray& state) {
    m_columns->restore(state);
}

QByteArray DataTree::columns() const {
    return m_columns->state();
}

void DataTree::openAllAndFit() {
    m_columns->reset();
    setClosed({});
}

void DataTree::resizeEvent(QResizeEvent* event) {
    QTreeView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) m_columns->fit();
}

// The model answers in the new language when it is asked; what was asked before is on screen.
void DataTree::changeEvent(QEvent* event) {
    QTreeView::changeEvent(event);
    if (event->type() != QEvent::LanguageChange || model() == nullptr) return;
    viewport()->update();
    header()->viewport()->update();
    m_columns->fit();
}

void DataTree::keyPressEvent(QKeyEvent* event) {
    const QModelIndex row = currentIndex().siblingAtColumn(0);
    if (event->matches(QKeySequence::Copy)) {
        copySelectedRows(*this, *header());
    } else if (isEnter(*event) && row.isValid() && state() != EditingState) {
        if (model()->hasChildren(row)) {
            setExpanded(row, !isExpanded(row));
        } else {
            Q_EMIT opened(row);
        }
    } else if (event->key() == Qt::Key_F2 && row.flags().testFlag(Qt::ItemIsEditable)) {
        // Whichever cell of the row has the mark.
        setCurrentIndex(row);
        edit(row);
    } else if (isForTheWindow(*event)) {
        event->ignore();
    } else {
        QTreeView::keyPressEvent(event);
    }
}

void DataTree::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const {
    const bool isSelected = selectionModel()->isSelected(index);
    painter->fillRect(rect, m_theme.color(isSelected ? Token::AccentBg : Token::Surface));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1),
                      m_theme.color(Token::Border));
    if (!model()->hasChildren(index)) return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(m_theme.color(Token::Muted), 1.5));
    const QPointF middle(rect.right() - kIndent / 2.0 + 2, rect.center().y() + 0.5);
    painter->drawPolyline(chevron(middle, isExpanded(index)));
    painter->restore();
}

void DataTree::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.color(Token::Surface));
    if (model() != nullptr && model()->rowCount() == 0) {
        painter.setPen(m_theme.color(Token::Muted));
        painter.setFont(m_theme.textFont());
        painter.drawText(viewport()->rect().adjusted(16, 0, -16, 0),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    painter.end();
    QTreeView::paintEvent(event);
    if (!hasFocus() || currentIndex().isValid()) return;
    // The keyboard is here, and at no row yet.
    QPainter mark(viewport());
    mark.setPen(m_theme.color(Token::Accent));
    mark.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

}  // namespace ifrit::gui::widgets
