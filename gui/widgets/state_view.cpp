// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/state_view.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <iterator>

#include "gui/widgets/panel.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"
#include "gui/widgets/wrapped_label.h"

namespace ifrit::gui::widgets {
namespace {

StatusKind kindOf(ViewState state) {
    switch (state) {
        case ViewState::NeverLoaded:
            return StatusKind::Run;
        case ViewState::Error:
        case ViewState::NoPermission:
            return StatusKind::Fail;
        case ViewState::Stale:
        case ViewState::Partial:
        case ViewState::VersionSkew:
            return StatusKind::Wait;
        case ViewState::Offline:
            return StatusKind::Silent;
        default:
            return StatusKind::None;
    }
}

constexpr int kRowHeight = 27;
constexpr int kBarHeight = 9;
/// Where the columns begin, and how much of their room each row fills, in parts of a hundred.
constexpr int kColumns[] = {0, 14, 44, 62, 80, 100};
constexpr int kFilled[] = {70, 82, 56, 74, 48, 64, 78};

/// Nothing moves: whoever waits is told by the progress how far it is.
void paintRows(QPainter& painter, const QRect& room, const QRect& spared, const QColor& color) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    int cell = 0;
    for (int top = room.top(); top + kRowHeight <= room.bottom(); top += kRowHeight) {
        for (std::size_t i = 0; i + 1 < std::size(kColumns); ++i) {
            const int left = room.left() + room.width() * kColumns[i] / 100;
            const int wide = room.width() * (kColumns[i + 1] - kColumns[i]) / 100;
            const int filled = kFilled[static_cast<std::size_t>(cell++) % std::size(kFilled)];
            const QRect bar(left, top + (kRowHeight - kBarHeight) / 2, wide * filled / 100,
                            kBarHeight);
            if (!bar.intersects(spared)) painter.drawRoundedRect(bar, 4, 4);
        }
    }
}

/// Of what is only empty it says what to do, which nobody has to be told by somebody else.
bool canBeCopied(const ViewNotice& notice) {
    return !notice.detail.isEmpty() && notice.state != ViewState::Empty &&
           notice.state != ViewState::EmptyByFilter;
}

void copyDetails(const ViewNotice& notice) {
    QGuiApplication::clipboard()->setText(notice.sentence + QLatin1Char('\n') + notice.detail);
}

QPixmap shapePixmap(const Theme& theme, StatusKind kind) {
    QPixmap pixmap(28, 28);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintShape(painter, kind, QRectF(4, 4, 20, 20), theme.color(textToken(kind)));
    return pixmap;
}

}  // namespace

StateView::StateView(const Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_shape(new QLabel(this)),
      m_sentence(new QLabel(this)),
      m_detail(mutedLabel({}, this)),
      m_progress(new QProgressBar(this)),
      m_action(new QPushButton(this)),
      m_copy(new QPushButton(tr("Copy details"), this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addStretch(2);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignHCenter);
    m_sentence->setProperty("look", QLatin1String("heading"));
    m_detail->setWordWrap(true);
    m_detail->setAlignment(Qt::AlignHCenter);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(260);
    layout->addWidget(m_shape, 0, Qt::AlignHCenter);
    layout->addWidget(m_sentence);
    layout->addWidget(m_detail);
    layout->addWidget(m_progress, 0, Qt::AlignHCenter);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_action);
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    layout->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &StateView::acted);
    connect(m_copy, &QPushButton::clicked, this, [this] { copyDetails(m_notice); });
    connect(&theme, &Theme::changed, this, [this] { show(m_notice); });
}

void StateView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) m_copy->setText(tr("Copy details"));
}

void StateView::show(const ViewNotice& notice) {
    m_notice = notice;
    m_shape->setPixmap(shapePixmap(m_theme, kindOf(notice.state)));
    m_sentence->setText(notice.sentence);
    m_detail->setText(notice.detail);
    m_detail->setVisible(!notice.detail.isEmpty());
    m_action->setText(notice.action);
    m_action->setVisible(!notice.action.isEmpty());
    m_copy->setVisible(canBeCopied(notice));
    m_progress->setVisible(notice.state == ViewState::NeverLoaded);
    m_progress->setRange(0, notice.progress < 0 ? 0 : 100);
    m_progress->setValue(notice.progress);
    setAccessibleName(notice.sentence);
    update();
}

QRect StateView::words() const {
    const int wide = m_sentence->fontMetrics().horizontalAdvance(m_sentence->text());
    const QRect line = m_sentence->geometry();
    return QRect(line.center().x() - wide / 2, line.top(), wide, line.height()) & line;
}

void StateView::paintEvent(QPaintEvent*) {
    if (m_notice.state != ViewState::NeverLoaded) return;
    QPainter painter(this);
    // The words stand in a room of their own.
    QRect words;
    for (const QWidget* child : {static_cast<QWidget*>(m_shape), static_cast<QWidget*>(m_progress),
                                 static_cast<QWidget*>(m_action)})
        if (child->isVisible()) words |= child->geometry();
    words |= this->words();
    paintRows(painter, rect(), words.adjusted(-24, -12, 24, 12), m_theme.color(Token::Border));
}

NoticeLine::NoticeLine(const Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_sentence(new WrappedLabel(this)),
      m_detail(mutedLabel({}, this)),
      m_action(new QPushButton(this)),
      m_copy(new QPushButton(tr("Copy details"), this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 4);
    m_sentence->setProperty("look", QLatin1String("wait"));
    m_sentence->setWordWrap(true);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action->setProperty("look", QLatin1String("link"));
    m_copy->setProperty("look", QLatin1String("link"));
    m_copy->setObjectName(QStringLiteral("copyDetails"));
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_sentence);
    words->addWidget(m_detail);
    layout->addLayout(words, 1);
    layout->addWidget(m_copy);
    layout->addWidget(m_action);
    connect(m_action, &QPushButton::clicked, this, &NoticeLine::acted);
    connect(m_copy, &QPushButton::clicked, this, [this] { copyDetails(m_notice); });
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    hide();
}

void NoticeLine::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) m_copy->setText(tr("Copy details"));
}

void NoticeLine::show(const ViewNotice& notice) {
    m_notice = notice;
    const bool wanted = keepsContent(notice.state) && notice.state != ViewState::Ready;
    m_sentence->setText(notice.sentence);
    // In one line: what is above a page takes little of it.
    m_detail->setText(QString(notice.detail).replace(QLatin1Char('\n'), QLatin1Char(' ')));
    m_detail->setVisible(!notice.detail.isEmpty());
    m_copy->setVisible(canBeCopied(notice));
    m_action->setText(notice.action);
    m_action->setVisible(!notice.action.isEmpty());
    setVisible(wanted);
}

void NoticeLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.color(Token::WaitFill), 1));
    painter.setBrush(m_theme.color(Token::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

}  // namespace ifrit::gui::widgets
