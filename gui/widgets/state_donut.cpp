// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/state_donut.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gui/models/text_format.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

using models::grouped;
using models::StateShare;

namespace {

constexpr int kHeight = 46;  // of a figure in the strip
constexpr int kRing = 46;
constexpr double kThick = 9;
constexpr int kGap = 10;
constexpr int kTitle = 16;
constexpr int kRow = 15;
constexpr int kRows = 2;
constexpr int kRowsUntitled = 3;
constexpr int kShape = 13;  // and the room behind it
constexpr int kBetween = 12;
/// Of a turn: a single machine among a million is seen, and can be hit.
constexpr double kLeastPart = 0.03;

QFont tinyFont(const Theme& theme) {
    QFont font = theme.smallFont();
    font.setPixelSize(11);
    return font;
}

}  // namespace

StateDonut::StateDonut(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setFocusPolicy(Qt::TabFocus);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StateDonut::setShares(const QString& title, const QList<StateShare>& shares) {
    if (title == m_title && shares == m_shares) return;
    m_title = title;
    m_shares = shares;
    if (m_current >= shares.size()) m_current = -1;
    describeAll();
    updateGeometry();
    update();
}

void StateDonut::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    update();
}

QString StateDonut::describe(const StateShare& share) const {
    return tr("%1: %2 machine(s), %3 of all", "", models::pluralOf(share.machines))
        .arg(share.look.word, grouped(share.machines), share.share);
}

void StateDonut::describeAll() {
    QStringList lines;
    for (const StateShare& share : m_shares)
        lines << describe(share);
    setAccessibleName(m_title);
    setAccessibleDescription(m_current >= 0 ? lines.value(m_current)
                                            : lines.join(QLatin1Char('\n')));
}

void StateDonut::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) describeAll();
}

QList<StateDonut::Entry> StateDonut::entries(bool titled) const {
    const QFontMetricsF metrics(tinyFont(m_theme));
    QList<Entry> out;
    double x = kRing + kGap;
    const int rows = titled ? kRows : kRowsUntitled;
    for (qsizetype first = 0; first < m_shares.size(); first += rows) {
        double wide = 0;
        for (qsizetype i = first; i < std::min<qsizetype>(first + rows, m_shares.size()); ++i) {
            const QString text =
                m_shares[i].look.word + QLatin1Char(' ') + grouped(m_shares[i].machines);
            const double width = kShape + std::ceil(metrics.horizontalAdvance(text)) + 1;
            const auto row = static_cast<double>(i - first);
            out.append({QRectF(x, (titled ? kTitle : 0) + row * kRow, width, kRow), text});
            wide = std::max(wide, width);
        }
        x += wide + kBetween;
    }
    return out;
}

double StateDonut::widthOf(bool titled) const {
    double right = kRing + kGap;
    if (titled) right += std::ceil(QFontMetricsF(tinyFont(m_theme)).horizontalAdvance(m_title)) + 1;
    for (const Entry& entry : entries(titled))
        right = std::max(right, entry.box.right());
    return right;
}

bool StateDonut::hasRoomForTitle() const {
    return widthOf(true) <= width();
}

QSize StateDonut::sizeHint() const {
    return {static_cast<int>(widthOf(true)) + 1, kHeight};
}

QSize StateDonut::minimumSizeHint() const {
    return {static_cast<int>(std::min(widthOf(true), widthOf(false))) + 1, kHeight};
}

QList<double> StateDonut::parts() const {
    qint64 total = 0;
    for (const StateShare& share : m_shares)
        total += share.machines;
    QList<double> out;
    double sum = 0;
    for (const StateShare& share : m_shares) {
        const double part =
            total == 0 ? 0 : static_cast<double>(share.machines) / static_cast<double>(total);
        out << (share.machines > 0 ? std::max(part, kLeastPart) : 0);
        sum += out.back();
    }
    // The largest gives what the least were lent.
    if (sum > 1) *std::max_element(out.begin(), out.end()) -= sum - 1;
    return out;
}

int StateDonut::indexAt(const QPointF& position) const {
    const QPointF away = position - QPointF(kRing / 2.0, kRing / 2.0);
    const double radius = std::hypot(away.x(), away.y());
    if (radius <= kRing / 2.0 && radius >= kRing / 2.0 - kThick - 2) {
        double turn = std::atan2(away.x(), -away.y()) / (2 * std::numbers::pi);
        if (turn < 0) turn += 1;
        const QList<double> all = parts();
        for (qsizetype i = 0; i < all.size(); ++i) {
            if (turn < all[i]) return static_cast<int>(i);
            turn -= all[i];
        }
    }
    const QList<Entry> words = entries(hasRoomForTitle());
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (words[i].box.contains(position)) return static_cast<int>(i);
    }
    return -1;
}

int StateDonut::stateAt(const QPointF& position) const {
    const int index = indexAt(position);
    return index < 0 ? -1 : m_shares[index].state;
}

bool StateDonut::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int index = indexAt(help->pos());
    QToolTip::showText(help->globalPos(), index < 0 ? m_title : describe(m_shares[index]), this);
    return true;
}

void StateDonut::mousePressEvent(QMouseEvent* event) {
    const int state = stateAt(event->position());
    if (state >= 0 && event->button() == Qt::LeftButton) Q_EMIT chosen(state);
}

void StateDonut::mouseDoubleClickEvent(QMouseEvent* event) {
    const int state = stateAt(event->position());
    if (state >= 0 && event->button() == Qt::LeftButton) Q_EMIT opened(state);
}

void StateDonut::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(m_shares.size());
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (step != 0 && count > 0) {
        m_current =
            m_current < 0 ? (step > 0 ? 0 : count - 1) : std::clamp(m_current + step, 0, count - 1);
        describeAll();
        update();
    } else if (event->key() == Qt::Key_Space && m_current >= 0) {
        Q_EMIT chosen(m_shares[m_current].state);
    } else if (enter && m_current >= 0) {
        Q_EMIT opened(m_shares[m_current].state);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void StateDonut::paintRing(QPainter& painter) const {
    const QRectF outer = QRectF(0, 0, kRing, kRing).adjusted(1, 1, -1, -1);
    const QRectF inner = outer.adjusted(kThick, kThick, -kThick, -kThick);
    const QColor ground = m_theme.color(Token::Surface);
    painter.save();
    if (m_old) painter.setOpacity(kOldOpacity);
    const QList<double> all = parts();
    constexpr double kTurn = 360;
    double from = 90;  // at the top, clockwise
    if (all.isEmpty()) {
        QPainterPath ring;
        ring.addEllipse(outer);
        ring.addEllipse(inner);
        painter.fillPath(ring, m_theme.color(Token::NoneFill));
    }
    for (qsizetype i = 0; i < all.size(); ++i) {
        const double span = -kTurn * all[i];
        QPainterPath piece;
        piece.arcMoveTo(outer, from);
        piece.arcTo(outer, from, span);
        piece.arcTo(inner, from + span, -span);
        piece.closeSubpath();
        const Token fill = m_old ? Token::NoneFill : fillToken(m_shares[i].look.kind);
        const bool pale = std::any_of(m_shares.begin(), m_shares.end(),
                                      [](const StateShare& share) { return share.chosen; }) &&
                          !m_shares[i].chosen;
        QColor color = m_theme.color(fill);
        constexpr double kPale = 0.35;
        if (pale) color.setAlphaF(kPale);
        painter.setBrush(color);
        painter.setPen(
            QPen(i == m_current && hasFocus() ? m_theme.color(Token::Accent) : ground, 1.5));
        painter.drawPath(piece);
        from += span;
    }
    painter.restore();
}

void StateDonut::paintEntries(QPainter& painter) const {
    painter.setFont(tinyFont(m_theme));
    painter.setPen(m_theme.color(Token::Muted));
    const bool titled = hasRoomForTitle();
    if (titled) {
        painter.drawText(QRectF(kRing + kGap, 0, width() - kRing - kGap, kTitle),
                         Qt::AlignVCenter | Qt::AlignLeft, m_title);
    }
    const QList<Entry> words = entries(titled);
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QRectF& box = words[i].box;
        const StateShare& share = m_shares[i];
        const bool focused = i == m_current && hasFocus();
        if (share.chosen || focused) {
            painter.setPen(QPen(m_theme.color(Token::Accent), 1));
            painter.setBrush(share.chosen ? m_theme.color(Token::AccentBg)
                                          : QColor(Qt::transparent));
            painter.drawRoundedRect(box.adjusted(-3, 0.5, 3, -0.5), 4, 4);
        }
        const QColor ink = m_theme.color(m_old ? Token::Muted : textToken(share.look.kind));
        paintShape(painter, share.look.kind, QRectF(box.left(), box.center().y() - 4, 8, 8), ink);
        painter.setPen(ink);
        painter.drawText(box.adjusted(kShape, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         words[i].text);
    }
}

void StateDonut::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintRing(painter);
    paintEntries(painter);
    if (hasFocus() && m_current < 0) {
        painter.setPen(QPen(m_theme.color(Token::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    }
}

}  // namespace ifrit::gui::widgets
