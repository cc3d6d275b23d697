// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/data_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/column_chooser.h"
#include "gui/widgets/column_fit.h"
#include "gui/widgets/list_keys.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

/// Each is measured.
constexpr int kMostWrapped = 500;

/// The title of the last column stands beside the button that is over its end; the line under the
/// titles goes on below it.
class TableHeader : public QHeaderView {
public:
    TableHeader(const Theme& theme, QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent), m_theme(theme) {}

protected:
    void paintSection(QPainter* painter, const QRect& rect, int column) const override {
        const auto* table = qobject_cast<const DataTable*>(parentWidget());
        const int under = table == nullptr ? 0 : table->widthUnderButton(column);
        // First: after a section the style leaves the painter clipped to nothing.
        const QRect line(rect.right() + 1 - under, rect.bottom(), under, 1);
        painter->fillRect(line, m_theme.color(Token::Border));
        QHeaderView::paintSection(painter, rect.adjusted(0, 0, -under, 0), column);
    }

private:
    const Theme& m_theme;
};

QHeaderView& headerOf(QTableView& table, const Theme& theme) {
    auto* header = new TableHeader(theme, &table);
    header->setSectionsClickable(true);
    table.setHorizontalHeader(header);
    return *header;
}

}  // namespace

int DataTable::widthUnderButton(int column) const {
    const QHeaderView& header = *horizontalHeader();
    int last = header.count() - 1;
    while (last > 0 && header.isSectionHidden(header.logicalIndex(last)))
        --last;
    return m_chooser != nullptr && header.visualIndex(column) == last ? ColumnChooser::kWidth : 0;
}

DataTable::DataTable(const Theme& theme, QWidget* parent)
    : QTableView(parent),
      m_theme(theme),
      m_columns(new ColumnFit(*this, headerOf(*this, theme),
                              [this](int column) { return sizeHintForColumn(column); })) {
    setItemDelegate(new CellDelegate(theme, this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    setCornerButtonEnabled(false);
    // Fixed: measuring a million rows takes a minute.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(CellDelegate::kRowHeight);
    verticalHeader()->setMinimumSectionSize(CellDelegate::kRowHeight);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setMinimumSectionSize(36);
    m_columns->openMenuWith([this](const QPoint& at) { ColumnChooser::openAt(*this, at); });
    connect(this, &QTableView::doubleClicked, this, &DataTable::opened);
    // It fills itself (paintEvent()): what is below it need not be painted.
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    m_reveal.setSingleShot(true);
    connect(&m_reveal, &QTimer::timeout, this, [this] {
        if (!currentIndex().isValid()) return;
        // How far it can be scrolled is known only then.
        executeDelayedItemsLayout();
        updateGeometries();
        scrollTo(currentIndex());
    });
}

void DataTable::setModel(QAbstractItemModel* newModel) {
    QTableView::setModel(newModel);
    // Only the first rows are measured, whatever their number.
    horizontalHeader()->setResizeContentsPrecision(50);
}

void DataTable::fitColumns() {
    m_columns->start();
}

void DataTable::keepAtLeast(int column, int width) {
    m_columns->keepAtLeast(column, width);
}

void DataTable::keepWhole(int column) {
    m_columns->keepWhole(column);
}

void DataTable::preferWhole(int column) {
    m_columns->preferWhole(column);
}

void DataTable::leaveOut(const QList<int>& columns) {
    m_columns->leaveOut(columns);
    addChooser();
}

void DataTable::leaveOutAlways(int column) {
    m_columns->leaveOutAlways(column);
    addChooser();
}

void DataTable::addChooser() {
    if (m_chooser != nullptr) return;
    m_chooser = new ColumnChooser(*this);
    m_columns->keepRoom(ColumnChooser::kWidth);
}

void DataTable::showColumn(int column, bool shown) {
    m_columns->show(column, shown);
}

void DataTable::resetColumns() {
    if (isSortingEnabled()) sortByColumn(m_sortedFirst, Qt::AscendingOrder);
    m_columns->reset();
}

void DataTable::wrapColumns(const QList<int>& columns) {
    m_wrapped = QSet<int>(columns.begin(), columns.end());
    m_rowsFit.setSingleShot(true);
    connect(&m_rowsFit, &QTimer::timeout, this, &DataTable::fitRows);
    const auto later = [this] { m_rowsFit.start(0); };
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, later);
    connect(model(), &QAbstractItemModel::modelReset, this, later);
    connect(model(), &QAbstractItemModel::dataChanged, this, later);
    connect(&m_theme, &Theme::changed, this, later);
    later();
}

bool DataTable::wraps(const QModelIndex& index) const {
    return m_wrapped.contains(index.column()) && index.row() < kMostWrapped;
}

void DataTable::fitRows() {
    const auto* cells = static_cast<const CellDelegate*>(itemDelegate());
    const int rows = std::min(model()->rowCount(), kMostWrapped);
    for (int row = 0; row < rows; ++row) {
        int height = CellDelegate::kRowHeight;
        for (const int column : m_wrapped) {
            if (isColumnHidden(column)) continue;
            height = std::max(
                height, cells->heightOfLines(model()->index(row, column), columnWidth(column)));
        }
        setRowHeight(row, height);
    }
}

void DataTable::restoreColumns(const QByteArray& state) {
    m_columns->restore(state);
}

QByteArray DataTable::columns() const {
    return m_columns->state();
}

void DataTable::resizeEvent(QResizeEvent* event) {
    // What was looked at stays in sight in less room.
    const QRect row = visualRect(currentIndex());
    const bool wasSeen =
        row.isValid() && row.bottom() >= 0 && row.top() < event->oldSize().height();
    if (wasSeen && event->size().height() < event->oldSize().height()) m_reveal.start(0);
    QTableView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) m_columns->fit();
}

// The model answers in the new language when it is asked; what was asked before is on screen.
void DataTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() != QEvent::LanguageChange || model() == nullptr) return;
    viewport()->update();
    horizontalHeader()->viewport()->update();
    m_columns->fit();
}

void DataTable::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    viewport()->update();
}

void DataTable::setEmptyText(const QString& text) {
    if (text == m_emptyText) return;
    m_emptyText = text;
    setAccessibleDescription(text);
    viewport()->update();
}

void DataTable::makeSortable(int column) {
    m_sortedFirst = column;
    horizontalHeader()->setSortIndicator(column, Qt::AscendingOrder);
    setSortingEnabled(true);
}

// The mark is around the whole table or around one cell; Qt draws only the cells anew.
void DataTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    if (current.isValid() != previous.isValid()) viewport()->update();
    // Qt scrolls at once, by the rows and the room that there were before a reset, or before the
    // page was shown.
    if (current.isValid()) m_reveal.start(0);
}

// Qt would make the first row the current one, and what follows the current row would show it
// though nobody chose it.
void DataTable::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void DataTable::focusOutEvent(QFocusEvent* event) {
    QTableView::focusOutEvent(event);
    viewport()->update();
}

void DataTable::copySelected() const {
    copySelectedRows(*this, *horizontalHeader());
}

void DataTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelected();
        return;
    }
    if (isEnter(*event) && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex());
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        Q_EMIT detailsWanted();
        return;
    }
    if (isForTheWindow(*event)) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void DataTable::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.color(Token::Surface));
    // Rows that a filter hides are as good as none.
    if (model() != nullptr &&
        model()->rowCount(rootIndex()) == verticalHeader()->hiddenSectionCount()) {
        painter.setPen(m_theme.color(Token::Muted));
        painter.setFont(m_theme.textFont());
        painter.drawText(viewport()->rect().adjusted(16, 0, -16, 0),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    painter.end();
    QTableView::paintEvent(event);
    if (!hasFocus() || currentIndex().isValid()) return;
    // The keyboard is here, and at no row yet.
    QPainter mark(viewport());
    mark.setPen(m_theme.color(Token::Accent));
    mark.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

}  // namespace ifrit::gui::widgets
