// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/filter_field.h"

#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

#include "gui/models/text_format.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kRowsShown = 12;
constexpr int kLeastRows = 3;  ///< of less nobody could choose: rather below what is kept clear
constexpr int kLeastWidth = 160;
constexpr int kGap = 2;
/// The list's border and padding, as the style sheet has them.
constexpr int kAround = 10;

}  // namespace

FilterField::FilterField(QWidget* page)
    : QLineEdit(page), m_page(page), m_list(new QListWidget(page)) {
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setObjectName(QStringLiteral("choices"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->hide();
    connect(this, &QLineEdit::textEdited, this, &FilterField::offer);
    // A cursor that was only moved is somewhere else, and so are its choices.
    connect(this, &QLineEdit::cursorPositionChanged, this, [this] {
        if (offers()) offer();
    });
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        m_list->setCurrentItem(item);
        take();
    });
}

void FilterField::offer() {
    if (!m_ask || m_taking) return;
    m_choices = m_ask(text(), cursorPosition());
    m_list->clear();
    if (m_choices.isEmpty() || !hasFocus()) return close();
    m_list->setAccessibleName(tr("What can be written here"));
    m_list->addItems(m_choices.texts);
    if (m_choices.more > 0 || m_choices.others) {
        // No silent end: what is typed on narrows it down.
        auto* more = new QListWidgetItem(
            m_choices.more > 0
                ? tr("%1 more: type on", "", models::pluralOf(static_cast<quint64>(m_choices.more)))
                      .arg(models::grouped(m_choices.more))
                : tr("there may be others"),
            m_list);
        more->setFlags(Qt::NoItemFlags);
    }
    // Each row by itself: another style sheet gives the list the font of the rest.
    for (int row = 0; row < m_list->count(); ++row)
        m_list->item(row)->setFont(font());
    m_list->setCurrentRow(-1);
    place();
    m_list->show();
    m_list->raise();
}

void FilterField::close() {
    m_list->hide();
    m_choices = {};
}

void FilterField::place() {
    const int rows = std::min(m_list->count(), kRowsShown);
    const int bar =
        m_list->count() > kRowsShown ? m_list->verticalScrollBar()->sizeHint().width() : 0;
    const int wide = std::max(kLeastWidth, m_list->sizeHintForColumn(0) + kAround + bar + kGap);
    const int high = rows * m_list->sizeHintForRow(0) + kAround;
    const QPoint below = mapTo(m_page, QPoint(0, height() + kGap));
    const int x = below.x() + cursorRect().left();
    const int width = std::min(wide, m_page->width());
    QRect list(std::clamp(x, 0, m_page->width() - width), below.y(), width, high);
    for (const QRect& clear : m_clear ? m_clear() : QList<QRect>()) {
        if (!list.intersects(clear)) continue;
        const int above = clear.top() - kGap - list.top();
        const bool hasRoom = above >= kLeastRows * m_list->sizeHintForRow(0) + kAround;
        hasRoom ? list.setHeight(above) : list.moveTop(clear.bottom() + 1 + kGap);
    }
    list.setHeight(std::min(list.height(), m_page->height() - list.top()));
    m_list->setGeometry(list);
}

void FilterField::step(int rows) {
    const auto last = static_cast<int>(m_choices.texts.size()) - 1;
    const int row = m_list->currentRow();
    if (row < 0)
        m_list->setCurrentRow(rows > 0 ? 0 : last);
    else
        m_list->setCurrentRow(std::clamp(row + rows, 0, last));
}

bool FilterField::take() {
    const int row = m_list->currentRow();
    if (!offers() || row < 0 || row >= m_choices.texts.size()) return false;
    const models::FilterChoices choices = m_choices;
    const QString& word = choices.texts[row];
    close();
    setSelection(choices.begin, choices.end - choices.begin);
    m_taking = true;
    insert(word);
    m_taking = false;
    // Behind a key its values are what comes next.
    const QChar end = word.back();
    if (QStringLiteral(":<>=").contains(end)) offer();
    return true;
}

// Tab takes what is chosen in the list; where nothing is, it goes on as everywhere.
bool FilterField::focusNextPrevChild(bool next) {
    if (next && take()) return true;
    close();
    return QLineEdit::focusNextPrevChild(next);
}

void FilterField::keyPressEvent(QKeyEvent* event) {
    const bool asks = event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier;
    if (asks || (!offers() && event->key() == Qt::Key_Down)) return offer();
    if (!offers()) return QLineEdit::keyPressEvent(event);
    switch (event->key()) {
        case Qt::Key_Down:
            return step(1);
        case Qt::Key_Up:
            return step(-1);
        case Qt::Key_PageDown:
            return step(kRowsShown);
        case Qt::Key_PageUp:
            return step(-kRowsShown);
        case Qt::Key_Escape:
            return close();
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (take()) return;
            close();
            Q_EMIT editingFinished();
            return;
        default:
            QLineEdit::keyPressEvent(event);
    }
}

void FilterField::focusOutEvent(QFocusEvent* event) {
    close();
    QLineEdit::focusOutEvent(event);
}

void FilterField::hideEvent(QHideEvent* event) {
    close();
    QLineEdit::hideEvent(event);
}

void FilterField::changeEvent(QEvent* event) {
    QLineEdit::changeEvent(event);
    if (event->type() != QEvent::LanguageChange || !offers()) return;
    const int row = m_list->currentRow();
    offer();
    m_list->setCurrentRow(row);
}

}  // namespace ifrit::gui::widgets
