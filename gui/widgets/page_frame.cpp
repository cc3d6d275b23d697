// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/page_frame.h"

#include <QPainter>

#include "gui/widgets/batch_lanes.h"
#include "gui/widgets/chart_view.h"
#include "gui/widgets/chip.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/hash_ring_view.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/share_bar.h"
#include "gui/widgets/state_donut.h"
#include "gui/widgets/state_view.h"
#include "gui/widgets/status_badge.h"
#include "gui/widgets/theme.h"
#include "gui/widgets/version_bars.h"

namespace ifrit::gui::widgets {
namespace {

/// No figure and no state of an old view looks as if it were known now.
template <typename Widget>
void setOld(const QWidget& page, bool old) {
    for (Widget* one : page.findChildren<Widget*>())
        one->setOld(old);
}

}  // namespace

PageFrame::PageFrame(const Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_title(new QLabel(this)),
      m_facts(mutedLabel({}, this)),
      m_heading(new QBoxLayout(QBoxLayout::LeftToRight)),
      m_actions(new QHBoxLayout),
      m_line(new NoticeLine(theme, this)),
      m_state(new StateView(theme, this)),
      m_toolArea(new QWidget(this)),
      m_tools(new QVBoxLayout(m_toolArea)),
      m_stack(new QStackedWidget(this)),
      m_body(nullptr) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 12, 18, 14);
    layout->setSpacing(12);
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    m_title->setProperty("look", QLatin1String("title"));
    m_title->setMinimumHeight(32);
    m_heading->setSpacing(10);
    m_heading->addWidget(m_title);
    m_heading->addWidget(m_facts, 1);
    row->addLayout(m_heading, 1);
    m_actions->setSpacing(10);
    row->addLayout(m_actions);
    layout->addLayout(row);
    layout->addWidget(m_line);
    m_tools->setContentsMargins(0, 0, 0, 0);
    m_tools->setSpacing(10);
    m_toolArea->hide();
    layout->addWidget(m_toolArea);
    auto* content = new QWidget(m_stack);
    m_body = new QVBoxLayout(content);
    m_body->setContentsMargins(0, 0, 0, 0);
    m_body->setSpacing(12);
    auto* panel = new Panel(theme, m_stack);
    panel->body()->addWidget(m_state);
    m_stack->addWidget(content);
    m_stack->addWidget(panel);
    layout->addWidget(m_stack, 1);
    connect(m_line, &NoticeLine::acted, this, &PageFrame::act);
    connect(m_state, &StateView::acted, this, &PageFrame::act);
}

void PageFrame::setTitle(const QString& title) {
    m_title->setText(title);
    setAccessibleName(title);
}

void PageFrame::stackHeading() {
    m_heading->setDirection(QBoxLayout::TopToBottom);
    m_heading->setSpacing(0);
    m_title->setMinimumHeight(24);
    m_facts->setWordWrap(true);
}

void PageFrame::pin(QWidget* banner) {
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->insertWidget(column->indexOf(m_line), banner);
}

void PageFrame::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void PageFrame::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

// Where a page has nothing yet for the keyboard to be at, it is at the page.
void PageFrame::paintEvent(QPaintEvent* event) {
    QWidget::paintEvent(event);
    if (!hasFocus()) return;
    QPainter painter(this);
    painter.setPen(m_theme.color(Token::Accent));
    painter.drawRect(rect().adjusted(3, 3, -4, -4));
}

void PageFrame::setFacts(const QString& facts) {
    m_facts->setText(facts);
}

void PageFrame::act() {
    switch (m_does) {
        case models::NoticeAction::OfThePage:
            return noticeActed();
        case models::NoticeAction::Connections:
            return connectionsAsked();
        case models::NoticeAction::Disconnect:
            return disconnectAsked();
    }
}

void PageFrame::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    countOn();
}

void PageFrame::countOn() {
    if (!m_counted) return;
    const QString sentence = m_counted();
    m_line->setSentence(sentence);
    m_state->setSentence(sentence);
}

QRect PageFrame::noticeWords() const {
    if (m_stack->currentIndex() == 0) return {};
    const QRect words = m_state->words();
    return {m_state->mapTo(this, words.topLeft()), words.size()};
}

void PageFrame::show(const models::ViewNotice& notice) {
    const QWidget* keyboard = window()->focusWidget();
    const bool atNotice =
        keyboard != nullptr && (m_line->isAncestorOf(keyboard) || m_state->isAncestorOf(keyboard));
    m_does = notice.does;
    m_shownState = notice.state;
    const bool content = models::keepsContent(notice.state);
    const bool appears = content && m_stack->currentIndex() != 0;
    m_stack->setCurrentIndex(content ? 0 : 1);
    m_toolArea->setVisible(m_tools->count() > 0 &&
                           (content || notice.state == models::ViewState::EmptyByFilter));
    const bool old = models::isOld(notice.state);
    setOld<DataTable>(*this, old);
    setOld<ChartView>(*this, old);
    setOld<ShareBar>(*this, old);
    setOld<StateDonut>(*this, old);
    setOld<VersionBars>(*this, old);
    setOld<BatchLanes>(*this, old);
    setOld<HashRingView>(*this, old);
    setOld<StatusBadge>(*this, old);
    setOld<FactList>(*this, old);
    setOld<Chip>(*this, old);
    setOldLook(m_facts, old && !m_factsAreOfNow);
    m_counted = notice.counted;
    m_line->show(notice);
    if (!content) m_state->show(notice);
    if (appears) contentShown();
    if (atNotice && !keyboard->isVisibleTo(this)) keyboardFreed();
}

}  // namespace ifrit::gui::widgets
