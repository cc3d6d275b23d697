// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/data_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QToolTip>

#include <algorithm>
#include <numeric>

#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kRowHeight = 27;
constexpr int kPadding = 8;
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

class CellDelegate : public QStyledItemDelegate {
public:
    CellDelegate(const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->fillRect(option.rect, m_theme.color(selected ? Token::AccentBg : Token::Surface));
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                          m_theme.color(Token::Border));
        QRect text = option.rect.adjusted(kPadding, 0, -kPadding, 0);
        const auto* table = qobject_cast<const DataTable*>(option.widget);
        const bool old = table != nullptr && table->isOld();
        const bool muted = old || index.data(MutedRole).toBool();
        QColor color = m_theme.color(muted ? Token::Muted : Token::Text);
        QFont font =
            index.data(MonospaceRole).toBool() ? m_theme.monospaceFont() : m_theme.textFont();
        const QVariant kindData = index.data(StatusKindRole);
        if (kindData.isValid()) {
            const auto kind = static_cast<StatusKind>(kindData.toInt());
            if (!old) color = m_theme.color(textToken(kind));
            paintShape(*painter, kind, QRectF(text.left(), text.center().y() - 4.0, 9, 9), color);
            text.setLeft(text.left() + 15);
            font.setWeight(QFont::DemiBold);
        }
        painter->setFont(font);
        painter->setPen(color);
        const int alignment = index.data(Qt::TextAlignmentRole).toInt();
        const QString shown = painter->fontMetrics().elidedText(index.data().toString(),
                                                                Qt::ElideRight, text.width());
        painter->drawText(text, alignment != 0 ? alignment : int(Qt::AlignLeft | Qt::AlignVCenter),
                          shown);
        painter->restore();
    }

    // What the column's width cuts off can be read all the same.
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override {
        const bool told = index.data(Qt::ToolTipRole).isValid();
        if (told || sizeHint(option, index).width() <= option.rect.width()) {
            return QStyledItemDelegate::helpEvent(event, view, option, index);
        }
        QToolTip::showText(event->globalPos(), index.data().toString(), view);
        return true;
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
        QFont font =
            index.data(MonospaceRole).toBool() ? m_theme.monospaceFont() : m_theme.textFont();
        const bool status = index.data(StatusKindRole).isValid();
        if (status) font.setWeight(QFont::DemiBold);
        const int wide = QFontMetrics(font).horizontalAdvance(index.data().toString());
        return {wide + 2 * kPadding + (status ? 17 : 2), kRowHeight};
    }

private:
    const Theme& m_theme;
};

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
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    verticalHeader()->setMinimumSectionSize(kRowHeight);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setMinimumSectionSize(36);
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
        // The last one is stretched with the table.
        if (column != model()->columnCount() - 1) byHand();
    });
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, byHand);
    fit();
}

void DataTable::keepAtLeast(int column, int width) {
    m_least[column] = width;
}

// Qt's own hint keeps room for the arrow in every section, which only the sorted one shows.
int DataTable::headerWidth(int column) const {
    QFont font = horizontalHeader()->font();
    font.setWeight(QFont::DemiBold);
    const QString text = model()->headerData(column, Qt::Horizontal).toString();
    const bool sorted = horizontalHeader()->isSortIndicatorShown() &&
                        horizontalHeader()->sortIndicatorSection() == column;
    return QFontMetrics(font).horizontalAdvance(text) + 2 * kPadding + (sorted ? kArrow : 2);
}

// A state, a time or a number that is cut says something else, or nothing; digests and long
// sentences are known by their beginning.
int DataTable::leastWidth(int column, int wanted) const {
    const QModelIndex first = model()->index(0, column);
    if (first.data(StatusKindRole).isValid()) return wanted;
    const bool monospace = first.data(MonospaceRole).toBool();
    if (!monospace && wanted <= kWideColumn) return wanted;
    return std::max(headerWidth(column), std::min(wanted, monospace ? kNarrowest : kLeastWide));
}

void DataTable::fit() {
    // Without rows the headers alone are made room for.
    if (!m_fits || m_own || model() == nullptr) return;
    const QScopedValueRollback<bool> ours(m_fitting, true);
    std::vector<int> widths;
    std::vector<int> least;
    for (int column = 0; column < model()->columnCount(); ++column) {
        const int wanted = std::max(sizeHintForColumn(column), headerWidth(column));
        least.push_back(std::max(leastWidth(column, wanted), m_least.value(column)));
        widths.push_back(std::max(std::min(wanted, kWidestColumn), m_least.value(column)));
    }
    shrink(widths, least, viewport()->width());
    for (std::size_t i = 0; i < widths.size(); ++i)
        setColumnWidth(static_cast<int>(i), widths[i]);
}

void DataTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) fit();
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

void DataTable::makeSortable(int column) {
    horizontalHeader()->setSortIndicator(column, Qt::AscendingOrder);
    setSortingEnabled(true);
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
    // Letters are the window's keys (/ ? R): a table's own search by typing would swallow them.
    const QString text = event->text();
    if (!text.isEmpty() && text[0].isPrint() && text[0] != QLatin1Char(' ')) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void DataTable::paintEvent(QPaintEvent* event) {
    QPainter(viewport()).fillRect(event->rect(), m_theme.color(Token::Surface));
    QTableView::paintEvent(event);
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
