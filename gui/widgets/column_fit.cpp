// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/column_fit.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QScopedValueRollback>

#include <algorithm>
#include <numeric>
#include <utility>

#include "gui/models/table_role.h"
#include "gui/widgets/cell_delegate.h"

namespace ifrit::gui::widgets {
namespace {

/// Widths that follow every value would not stand still to be read.
constexpr int kLookAgainMs = 300;

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

/// A cell that is like the others of its column: what stands under a heading, not the heading.
QModelIndex firstOf(const QAbstractItemModel& model, int column) {
    const QModelIndex top = model.index(0, 0);
    return model.index(0, column, model.hasChildren(top) ? top : QModelIndex());
}

}  // namespace

ColumnFit::ColumnFit(QAbstractItemView& view, QHeaderView& header, std::function<int(int)> hint)
    : QObject(&view), m_view(view), m_header(header), m_hint(std::move(hint)) {
    m_header.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&m_header, &QWidget::customContextMenuRequested, this, &ColumnFit::showMenu);
    m_changed.setSingleShot(true);
    m_changed.setInterval(kLookAgainMs);
    connect(&m_changed, &QTimer::timeout, this, &ColumnFit::fitIfCut);
    m_view.installEventFilter(this);
}

// What came while it was away was not looked at.
bool ColumnFit::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &m_view && event->type() == QEvent::Show)
        QMetaObject::invokeMethod(this, &ColumnFit::fitIfCut, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

void ColumnFit::fitIfCut() {
    if (!m_fits || m_own || !m_view.isVisible()) return;
    int wantedByAll = 0;
    bool isCut = false;
    for (int column = 0; column < m_view.model()->columnCount(); ++column) {
        if (m_header.isSectionHidden(column) || m_yielding.contains(column)) continue;
        const int header = headerWidth(column);
        const int wanted = std::max(m_hint(column), header);
        if (leastWidth(column, wanted, header) > m_header.sectionSize(column)) return fit();
        isCut = isCut || std::min(wanted, kWidestColumn) > m_header.sectionSize(column);
        wantedByAll += std::min(wanted, kWidestColumn);
    }
    // What may give way does so only where there is too little room.
    if (isCut && m_yielding.isEmpty() && wantedByAll <= m_view.viewport()->width()) fit();
}

void ColumnFit::start() {
    m_fits = true;
    connect(m_view.model(), &QAbstractItemModel::modelReset, this, &ColumnFit::fit);
    connect(m_view.model(), &QAbstractItemModel::rowsInserted, this, &ColumnFit::fit);
    connect(m_view.model(), &QAbstractItemModel::dataChanged, this, [this] {
        if (!m_changed.isActive()) m_changed.start();
    });
    const auto byHand = [this] { m_own = m_own || (m_fits && !m_fitting && m_view.isVisible()); };
    connect(&m_header, &QHeaderView::sectionResized, this, [this, byHand](int column) {
        // Qt tells later that one which was left out has no width any more.
        if (m_header.isSectionHidden(column)) return;
        // The last one is stretched with the table; one that was the last gets its width back.
        if (column != lastColumn() && column != m_wasLast) byHand();
    });
    connect(&m_header, &QHeaderView::sortIndicatorChanged, this, byHand);
    fit();
}

void ColumnFit::leaveOutAlways(int column) {
    m_always.insert(column);
    m_header.setSectionHidden(column, true);
}

void ColumnFit::show(int column, bool shown) {
    m_own = true;
    m_header.setSectionHidden(column, !shown);
    if (!shown) return;
    const int header = headerWidth(column) + (column == lastColumn() ? m_button : 0);
    m_header.resizeSection(column, std::min(std::max(m_hint(column), header), kWidestColumn));
}

void ColumnFit::reset() {
    m_own = false;
    fit();
}

void ColumnFit::showMenu(const QPoint& at) {
    if (m_openMenu) return m_openMenu(m_header.mapToGlobal(at));
    QMenu menu(&m_view);
    for (int column = 0; column < m_view.model()->columnCount(); ++column) {
        QAction* entry =
            menu.addAction(m_view.model()->headerData(column, Qt::Horizontal).toString());
        entry->setCheckable(true);
        entry->setChecked(!m_header.isSectionHidden(column));
        connect(entry, &QAction::toggled, this,
                [this, column](bool shown) { show(column, shown); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Fit columns")), &QAction::triggered, this, &ColumnFit::reset);
    menu.exec(m_header.mapToGlobal(at));
}

// Qt's own hint keeps room for the arrow in every section, which only the sorted one shows.
int ColumnFit::headerWidth(int column) const {
    QFont font = m_header.font();
    font.setWeight(QFont::DemiBold);
    const QString text = m_view.model()->headerData(column, Qt::Horizontal).toString();
    const bool sorted =
        m_header.isSortIndicatorShown() && m_header.sortIndicatorSection() == column;
    const int wanted = QFontMetrics(font).horizontalAdvance(text) + 2 * CellDelegate::kPadding +
                       (sorted ? kArrow : 2);
    // Qt makes none narrower: "By" took two pixels more than were counted, and the table a bar.
    return std::max(wanted, m_header.minimumSectionSize());
}

int ColumnFit::widestWidth(int column) const {
    const QVariant texts = m_view.model()->headerData(column, Qt::Horizontal, models::WidestRole);
    const auto* cells = static_cast<const CellDelegate*>(m_view.itemDelegate());
    int widest = 0;
    for (const QString& text : texts.toStringList())
        widest = std::max(widest, cells->widthOf(text));
    return std::min(widest, kWidestColumn);
}

// A state, a time or a number that is cut says something else, or nothing; digests and long
// sentences are known by their beginning.
int ColumnFit::leastWidth(int column, int wanted, int header) const {
    const QModelIndex first = firstOf(*m_view.model(), column);
    if (first.data(models::StatusKindRole).isValid()) return wanted;
    const bool monospace = first.data(models::MonospaceRole).toBool();
    if (m_whole.contains(column) || widestWidth(column) > 0) return std::min(wanted, kWidestColumn);
    if (!monospace && wanted <= kWideColumn) return wanted;
    return std::max(header, std::min(wanted, monospace ? kNarrowest : kLeastWide));
}

int ColumnFit::lastColumn() const {
    int last = m_view.model()->columnCount() - 1;
    while (last > 0 && m_header.isSectionHidden(last))
        --last;
    return last;
}

void ColumnFit::spread(std::vector<int>& widths, int left) const {
    // A sentence at the end is shown as far as the room goes, and is there already.
    std::size_t last = widths.size() - 1;
    while (last > 0 && widths[last] == 0)
        --last;
    const bool endsInNumbers = last > 0 && holdsNumbers(static_cast<int>(last));
    if (!endsInNumbers) left -= std::max(0, m_hint(static_cast<int>(last)) - widths[last]);
    for (std::size_t i = 0; i < widths.size() && left > 0; ++i) {
        if (widths[i] == 0) continue;
        const int more = std::clamp(widestWidth(static_cast<int>(i)) - widths[i], 0, left);
        widths[i] += more;
        left -= more;
    }
    const auto first = std::find_if(widths.begin(), widths.end(), [](int w) { return w > 0; });
    if (endsInNumbers && left > 0) *first += left;
}

// Rather names by their beginning than a time behind the edge. Where that is not enough either,
// the table is scrolled, and nothing is cut.
void ColumnFit::yieldNames(std::vector<int>& least, int room) {
    m_yielding.clear();
    if (std::accumulate(least.begin(), least.end(), 0) <= room) return;
    std::vector<int> tight = least;
    QSet<int> yielding;
    bool isLast = true;
    for (int column = static_cast<int>(least.size()) - 1; column >= 0; --column) {
        int& width = tight[static_cast<std::size_t>(column)];
        if (width == 0) continue;
        const int header = headerWidth(column) + (isLast ? m_button : 0);
        isLast = false;
        if (m_whole.contains(column) || widestWidth(column) > 0 || holdsNumbers(column)) continue;
        if (firstOf(*m_view.model(), column).data(models::StatusKindRole).isValid()) continue;
        const int tightest = std::max({header, kNarrowest, m_least.value(column)});
        if (tightest >= width) continue;
        width = tightest;
        yielding.insert(column);
    }
    if (std::accumulate(tight.begin(), tight.end(), 0) > room) return;
    least = tight;
    m_yielding = yielding;
}

bool ColumnFit::holdsNumbers(int column) const {
    const QVariant alignment =
        m_view.model()->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole);
    return (alignment.toInt() & Qt::AlignRight) != 0;
}

void ColumnFit::fit() {
    // Without rows the headers alone are made room for.
    if (!m_fits || m_own || m_view.model() == nullptr) return;
    m_wasLast = lastColumn();
    const QScopedValueRollback<bool> ours(m_fitting, true);
    const int columns = m_view.model()->columnCount();
    std::vector<int> widths(static_cast<std::size_t>(columns));
    std::vector<int> least = widths;
    QSet<int> out = m_always;
    bool prefersWhole = true;
    const auto measure = [&](int column, int button) {
        const auto at = static_cast<std::size_t>(column);
        const int header = headerWidth(column) + button;
        const int wanted = std::max(m_hint(column), header);
        const bool whole = prefersWhole && m_preferred.contains(column);
        least[at] =
            std::max(whole ? std::min(wanted, kWidestColumn) : leastWidth(column, wanted, header),
                     m_least.value(column));
        widths[at] = std::max(std::min(wanted, kWidestColumn), m_least.value(column));
    };
    // The button stands in the last of those that stay.
    const auto makeRoom = [&] {
        for (int column = columns - 1; column >= 0 && m_button > 0; --column) {
            if (!out.contains(column)) return measure(column, m_button);
        }
    };
    for (int column = 0; column < columns; ++column) {
        if (!out.contains(column)) measure(column, 0);
    }
    makeRoom();
    for (const int column : m_leaveOut) {
        if (std::accumulate(least.begin(), least.end(), 0) <= m_view.viewport()->width()) break;
        const auto at = static_cast<std::size_t>(column);
        out.insert(column);
        widths[at] = least[at] = 0;
        makeRoom();
    }
    const int room = m_view.viewport()->width();
    prefersWhole = std::accumulate(least.begin(), least.end(), 0) <= room;
    for (const int column : m_preferred) {
        if (!prefersWhole && !out.contains(column)) measure(column, 0);
    }
    if (!prefersWhole) makeRoom();
    yieldNames(least, room);
    shrink(widths, least, room);
    spread(widths, room - std::accumulate(widths.begin(), widths.end(), 0));
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const int column = static_cast<int>(i);
        m_header.setSectionHidden(column, out.contains(column));
        if (!out.contains(column)) m_header.resizeSection(column, widths[i]);
    }
}

void ColumnFit::restore(const QByteArray& state) {
    if (!state.isEmpty()) m_own = m_header.restoreState(state);
}

QByteArray ColumnFit::state() const {
    return m_own ? m_header.saveState() : QByteArray();
}

}  // namespace ifrit::gui::widgets
