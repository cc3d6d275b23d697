// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/data_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>

#include <algorithm>
#include <numeric>

#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/column_chooser.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kWidestColumn = 360;
/// A digest or an address that gives way.
constexpr int kNarrowest = 72;
/// Text that is wider than this may give way, down to the other.
constexpr int kWideColumn = 200;
constexpr int kLeastWide = 120;
/// What the arrow of the sorted column takes.
constexpr int kArrow = 22;
/// Columns that are too wide become narrower in turn, by so many pixels.
constexpr int kStep = 8;

/// Takes from the widest of those that can give, in turn, until all fit or none can.
void shrink(std::vector<int>& widths, const std::vector<int>& least, int room) {
    int excess = std::accumulate(widths.begin(), widths.end(), 0) - room;
    while (excess > 0) {
        std::size_t widest = widths.size();
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (widths[i] <= least[i]) continue;
            if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
        }
        if (widest == widths.size()) return;
        const int step = std::min({excess, widths[widest] - least[widest], kStep});
        widths[widest] -= step;
        excess -= step;
    }
}

}  // namespace

DataTable::DataTable(const Theme& theme, QWidget* parent) : QTableView(parent), m_theme(theme) {
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
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QWidget::customContextMenuRequested, this,
            [this](const QPoint& at) {
                ColumnChooser::openAt(*this, horizontalHeader()->mapToGlobal(at));
            });
    connect(this, &QTableView::doubleClicked, this, &DataTable::opened);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void DataTable::setModel(QAbstractItemModel* newModel) {
    QTableView::setModel(newModel);
    // Only the first rows are measured, whatever their number.
    horizontalHeader()->setResizeContentsPrecision(50);
}

void DataTable::fitColumns() {
    m_fits = true;
    connect(model(), &QAbstractItemModel::modelReset, this, &DataTable::fit);
    connect(model(), &QAbstractItemModel::rowsInserted, this, &DataTable::fit);
    const auto byHand = [this] { m_own = m_own || (m_fits && !m_fitting && isVisible()); };
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this, byHand](int column) {
        // The last one is stretched with the table; one that was the last gets its width back.
        if (column != lastColumn() && column != m_wasLast) byHand();
    });
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, byHand);
    fit();
}

void DataTable::keepAtLeast(int column, int width) {
    m_least[column] = width;
}

void DataTable::keepWhole(int column) {
    m_whole.insert(column);
}

void DataTable::leaveOut(const QList<int>& columns) {
    m_leaveOut = columns;
    addChooser();
}

void DataTable::leaveOutAlways(int column) {
    m_always.insert(column);
    setColumnHidden(column, true);
    addChooser();
}

void DataTable::addChooser() {
    if (m_chooser == nullptr) m_chooser = new ColumnChooser(*this);
}

void DataTable::showColumn(int column, bool shown) {
    m_own = true;
    setColumnHidden(column, !shown);
    if (shown) {
        const int wanted = std::max(sizeHintForColumn(column), headerWidth(column));
        setColumnWidth(column, std::min(wanted, kWidestColumn));
    }
}

void DataTable::resetColumns() {
    if (isSortingEnabled()) sortByColumn(m_sortedFirst, Qt::AscendingOrder);
    m_own = false;
    fit();
}

// Qt's own hint keeps room for the arrow in every section, which only the sorted one shows.
int DataTable::headerWidth(int column) const {
    QFont font = horizontalHeader()->font();
    font.setWeight(QFont::DemiBold);
    const QString text = model()->headerData(column, Qt::Horizontal).toString();
    const bool sorted = horizontalHeader()->isSortIndicatorShown() &&
                        horizontalHeader()->sortIndicatorSection() == column;
    const int button = m_chooser != nullptr && column == lastColumn() ? ColumnChooser::kWidth : 0;
    return QFontMetrics(font).horizontalAdvance(text) + 2 * CellDelegate::kPadding +
           (sorted ? kArrow : 2) + button;
}

// A state, a time or a number that is cut says something else, or nothing; digests and long
// sentences are known by their beginning.
int DataTable::leastWidth(int column, int wanted) const {
    const QModelIndex first = model()->index(0, column);
    if (first.data(StatusKindRole).isValid()) return wanted;
    const bool monospace = first.data(MonospaceRole).toBool();
    if (m_whole.contains(column)) return std::min(wanted, kWidestColumn);
    if (!monospace && wanted <= kWideColumn) return wanted;
    return std::max(headerWidth(column), std::min(wanted, monospace ? kNarrowest : kLeastWide));
}

int DataTable::lastColumn() const {
    int last = model()->columnCount() - 1;
    while (last > 0 && isColumnHidden(last))
        --last;
    return last;
}

void DataTable::fit() {
    // Without rows the headers alone are made room for.
    if (!m_fits || m_own || model() == nullptr) return;
    m_wasLast = lastColumn();
    const QScopedValueRollback<bool> ours(m_fitting, true);
    std::vector<int> widths;
    std::vector<int> least;
    for (int column = 0; column < model()->columnCount(); ++column) {
        const int wanted = std::max(sizeHintForColumn(column), headerWidth(column));
        least.push_back(std::max(leastWidth(column, wanted), m_least.value(column)));
        widths.push_back(std::max(std::min(wanted, kWidestColumn), m_least.value(column)));
    }
    QSet<int> out = m_always;
    for (const int column : m_always)
        widths[static_cast<std::size_t>(column)] = least[static_cast<std::size_t>(column)] = 0;
    const auto missing = [&] {
        return std::accumulate(least.begin(), least.end(), 0) > viewport()->width();
    };
    for (const int column : m_leaveOut) {
        if (!missing()) break;
        const auto at = static_cast<std::size_t>(column);
        out.insert(column);
        widths[at] = least[at] = 0;
    }
    shrink(widths, least, viewport()->width());
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const int column = static_cast<int>(i);
        setColumnHidden(column, out.contains(column));
        if (!out.contains(column)) setColumnWidth(column, widths[i]);
    }
}

void DataTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) fit();
}

// The model answers in the new language when it is asked; what was asked before is on screen.
void DataTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() != QEvent::LanguageChange || model() == nullptr) return;
    viewport()->update();
    horizontalHeader()->viewport()->update();
    fit();
}

void DataTable::restoreColumns(const QByteArray& state) {
    if (!state.isEmpty()) m_own = horizontalHeader()->restoreState(state);
}

QByteArray DataTable::columns() const {
    return m_own ? horizontalHeader()->saveState() : QByteArray();
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

void DataTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
        currentIndex().isValid()) {
        Q_EMIT opened(currentIndex());
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        Q_EMIT detailsWanted();
        return;
    }
    // Letters are the window's keys (/ ? R): a table's own search by typing would swallow them.
    const QString text = event->text();
    if (!text.isEmpty() && text[0].isPrint() && text[0] != QLatin1Char(' ')) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void DataTable::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.color(Token::Surface));
    if (model() != nullptr && model()->rowCount(rootIndex()) == 0) {
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

void DataTable::copySelection() const {
    if (selectionModel() == nullptr) return;
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const QModelIndex& row : rows) {
        QStringList cells;
        for (int column = 0; column < model()->columnCount(); ++column) {
            if (!isColumnHidden(column)) cells << row.siblingAtColumn(column).data().toString();
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace ifrit::gui::widgets
