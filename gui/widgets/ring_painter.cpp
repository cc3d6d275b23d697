// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/ring_painter.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gui/models/text_format.h"
#include "gui/widgets/ring_raster.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

using models::RingBatch;
using models::RingDot;

/// Shorter arcs have no number.
constexpr double kLeastLabel = 17;
/// More batches than these leave no gap between their arcs.
constexpr std::size_t kMostGaps = 64;
/// Nodes nearer than this are no lines of their own.
constexpr double kLeastNode = 4;
constexpr double kDot = 3.5;

QPainterPath arcPath(const RingPlaces& places, double from, double share) {
    const auto box = [&](double radius) {
        return QRectF(places.centre - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius));
    };
    const double start = 90 - from * 360;
    QPainterPath path;
    path.arcMoveTo(box(places.arcOuter), start);
    path.arcTo(box(places.arcOuter), start, -share * 360);
    path.arcTo(box(places.arcInner), start - share * 360, share * 360);
    path.closeSubpath();
    return path;
}

QString ends(std::uint64_t point) {
    return QStringLiteral("0x%1…").arg(point >> 32, 8, 16, QLatin1Char('0'));
}

}  // namespace

void RingPainter::paint() const {
    m_painter.setRenderHint(QPainter::Antialiasing);
    paintLegend();
    m_painter.setOpacity(opacity());
    m_painter.drawImage(QPointF(0, 0), m_scene.ring);
    m_painter.setOpacity(1.0);
    paintArcs();
    paintMiddle();
    paintWindow();
    paintMark();
    paintDots();
    paintStrip();
    paintNodes();
    paintEnds();
}

void RingPainter::paintLegend() const {
    std::vector<StatusLook> looks;
    for (const RingBatch& batch : m_scene.content->batches) {
        if (std::find(looks.begin(), looks.end(), batch.look) == looks.end())
            looks.push_back(batch.look);
    }
    m_painter.setFont(m_theme.smallFont());
    const QFontMetrics metrics = m_painter.fontMetrics();
    double x = m_scene.places.legend.left();
    for (const StatusLook& look : looks) {
        const int wide = metrics.horizontalAdvance(look.word);
        // What has no room is in the table form.
        if (x + wide + 15 > m_scene.places.legend.right()) break;
        const QColor ink = m_theme.color(m_scene.old ? Token::Muted : textToken(look.kind));
        paintShape(m_painter, look.kind, QRectF(x, 6, 9, 9), ink);
        m_painter.setPen(ink);
        m_painter.drawText(QRectF(x + 14, 0, wide + 2, m_scene.places.legend.height()),
                           Qt::AlignVCenter, look.word);
        x += wide + 28;
    }
}

QColor RingPainter::inkOn(const RingBatch& batch) const {
    const bool pale = m_scene.chosen != 0 && m_scene.chosen != batch.batch;
    if (pale || m_scene.old) return m_theme.color(Token::Text);
    return widgets::inkOn(ringColor(*m_scene.content, batch, m_theme));
}

void RingPainter::paintArcs() const {
    const auto& batches = m_scene.content->batches;
    const double middle = (m_scene.places.arcOuter + m_scene.places.arcInner) / 2;
    const double gap = batches.size() > kMostGaps ? 0 : 1.2 / (2 * std::numbers::pi * middle);
    double from = 0;
    for (const RingBatch& batch : batches) {
        const double share = std::max(batch.share - gap, batch.share * 0.5);
        const QPainterPath path = arcPath(m_scene.places, from + gap / 2, share);
        const bool chosen = m_scene.chosen == batch.batch;
        m_painter.setOpacity(m_scene.chosen != 0 && !chosen ? 0.3 : opacity());
        m_painter.fillPath(path, ringColor(*m_scene.content, batch, m_theme));
        m_painter.setOpacity(1.0);
        if (chosen) {
            m_painter.setPen(QPen(m_theme.color(Token::Accent), 2));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawPath(path);
        }
        paintArcLabel(batch, from, batch.share);
        from += batch.share;
    }
}

void RingPainter::paintArcLabel(const RingBatch& batch, double from, double share) const {
    const RingPlaces& places = m_scene.places;
    const double middle = (places.arcOuter + places.arcInner) / 2;
    if (share * 2 * std::numbers::pi * middle < kLeastLabel) return;
    QFont font = m_theme.smallFont();
    font.setPixelSize(11);
    m_painter.setFont(font);
    m_painter.setPen(inkOn(batch));
    const QPointF at = positionOf(places, from + share / 2, middle);
    m_painter.drawText(QRectF(at.x() - 16, at.y() - 8, 32, 16), Qt::AlignCenter,
                       QString::number(batch.batch));
    // The shape stands inside of its arc: the colour alone says nothing to many.
    const QPointF shape = positionOf(places, from + share / 2, places.arcInner - 8);
    const bool old = m_scene.old || m_scene.content->old;
    const StatusKind kind = old ? StatusKind::None : batch.look.kind;
    paintShape(m_painter, kind, QRectF(shape.x() - 4, shape.y() - 4, 8, 8),
               m_theme.color(textToken(kind)));
}

void RingPainter::paintMiddle() const {
    const double radius = m_scene.places.arcInner - 14;
    const QRectF box(m_scene.places.centre - QPointF(radius, 24), QSizeF(2 * radius, 26));
    QFont font = m_theme.figureFont();
    const bool old = m_scene.old || m_scene.content->old;
    font.setStrikeOut(old);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.color(old ? Token::Muted : Token::Text));
    m_painter.drawText(box, Qt::AlignCenter, m_scene.content->figure);
    // A small ring has little room: smaller letters say more than an ellipsis.
    QFont small = m_theme.smallFont();
    const auto room = static_cast<int>(box.width());
    constexpr int kLeastPixels = 10;
    while (small.pixelSize() > kLeastPixels &&
           QFontMetrics(small).horizontalAdvance(m_scene.content->note) > room)
        small.setPixelSize(small.pixelSize() - 1);
    m_painter.setFont(small);
    m_painter.setPen(m_theme.color(Token::Muted));
    const QString note =
        m_painter.fontMetrics().elidedText(m_scene.content->note, Qt::ElideRight, room);
    m_painter.drawText(box.translated(0, 25), Qt::AlignHCenter | Qt::AlignTop, note);
}

void RingPainter::paintWindow() const {
    if (m_scene.window.isWhole()) return;
    const double radius = m_scene.places.outer + 3;
    const QRectF box(m_scene.places.centre - QPointF(radius, radius),
                     QSizeF(2 * radius, 2 * radius));
    // However close, it can be seen where the lens is.
    const double least = 3 / (2 * std::numbers::pi * radius);
    const double span = std::max(m_scene.window.span(), least);
    const double from = m_scene.window.turnAt(0.5) - span / 2;
    m_painter.setPen(QPen(m_theme.color(Token::Accent), 3, Qt::SolidLine, Qt::FlatCap));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawArc(box, static_cast<int>(std::lround((90 - from * 360) * 16)),
                      -std::max(1, static_cast<int>(std::lround(span * 360 * 16))));
}

void RingPainter::paintMark() const {
    if (!m_scene.mark) return;
    const double turn = turnOf(m_scene.mark->point);
    const QPen pen(m_theme.color(Token::Text), 2);
    m_painter.setPen(pen);
    m_painter.drawLine(positionOf(m_scene.places, turn, m_scene.places.inner - 3),
                       positionOf(m_scene.places, turn, m_scene.places.outer + 10));
    const auto place = m_scene.window.placeOf(turn);
    if (!place) return;
    const QRectF& strip = m_scene.places.strip;
    const double x = strip.left() + *place * strip.width();
    m_painter.drawLine(QPointF(x, strip.top() - 11), QPointF(x, strip.bottom()));
    // From there to the node that names the batch.
    const auto node = m_scene.window.placeOf(turnOf(m_scene.mark->node));
    if (!node) return;
    const double end = strip.left() + *node * strip.width();
    m_painter.drawLine(QPointF(x, strip.top() - 3), QPointF(end, strip.top() - 3));
    m_painter.drawLine(QPointF(end - 3, strip.top() - 6), QPointF(end, strip.top() - 3));
}

void RingPainter::paintDots() const {
    const auto& dots = m_scene.content->dots;
    const RingPlaces& places = m_scene.places;
    const auto paintOne = [&](const RingDot& dot, const QPointF& at) {
        const QColor color = m_theme.color(m_scene.old ? Token::Muted : fillToken(dot.look.kind));
        // A silent one is a ring: shape, not only colour.
        const bool hollow = dot.look.kind == StatusKind::Silent;
        m_painter.setPen(QPen(hollow ? color : m_theme.color(Token::Surface), hollow ? 1.6 : 1));
        m_painter.setBrush(hollow ? m_theme.color(Token::Surface) : color);
        m_painter.drawEllipse(at, kDot, kDot);
    };
    // One of a kind per pixel and half: a thousand on one spot are one dot. Those that failed lie
    // over silent ones, which are many where a whole rack is away.
    const double step = 1.5 / (2 * std::numbers::pi * places.outer);
    for (const bool failed : {false, true}) {
        double last = -1;
        double lastPlace = -1;
        for (const RingDot& dot : dots) {
            if ((dot.look.kind != StatusKind::Silent) != failed) continue;
            const double turn = turnOf(dot.point);
            if (turn - last >= step) {
                last = turn;
                paintOne(dot, positionOf(places, turn, places.outer + 7));
            }
            const auto place = m_scene.window.placeOf(turn);
            if (!place || std::abs(*place - lastPlace) * places.strip.width() < 1.5) continue;
            lastPlace = *place;
            paintOne(dot,
                     {places.strip.left() + *place * places.strip.width(), places.strip.top() - 7});
        }
    }
    if (m_scene.dot < 0 || m_scene.dot >= static_cast<std::ptrdiff_t>(dots.size())) return;
    const RingDot& chosen = dots[static_cast<std::size_t>(m_scene.dot)];
    m_painter.setPen(QPen(m_theme.color(Token::Accent), 2));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawEllipse(positionOf(places, turnOf(chosen.point), places.outer + 7), 6, 6);
    if (const auto place = m_scene.window.placeOf(turnOf(chosen.point))) {
        m_painter.drawEllipse(
            QPointF(places.strip.left() + *place * places.strip.width(), places.strip.top() - 7), 6,
            6);
    }
}

void RingPainter::paintStrip() const {
    m_painter.setOpacity(opacity());
    m_painter.drawImage(m_scene.places.strip, m_scene.strip);
    m_painter.setOpacity(1.0);
}

/// Virtual nodes, as soon as they can be told apart; and the number of each arc that has room.
void RingPainter::paintNodes() const {
    const QRectF& strip = m_scene.places.strip;
    const RingNodes nodes = *m_scene.content->nodes;
    const auto [first, count] = m_scene.window.nodesIn(nodes);
    if (static_cast<double>(count) * kLeastNode > strip.width()) return;
    QFont font = m_theme.smallFont();
    font.setPixelSize(11);
    m_painter.setFont(font);
    double before = strip.left();
    // One more: the arc that the window ends in belongs to the node behind it.
    for (std::size_t i = 0; i <= count; ++i) {
        const auto& node = nodes[(first + i) % nodes.size()];
        const auto place = m_scene.window.placeOf(turnOf(node.point));
        const double x =
            i == count || !place ? strip.right() : strip.left() + *place * strip.width();
        const QString number = QString::number(node.batch);
        if (x - before > m_painter.fontMetrics().horizontalAdvance(number) + 6) {
            const auto found =
                std::find_if(m_scene.content->batches.begin(), m_scene.content->batches.end(),
                             [&](const RingBatch& batch) { return batch.batch == node.batch; });
            if (found != m_scene.content->batches.end()) m_painter.setPen(inkOn(*found));
            m_painter.drawText(QRectF(before, strip.top(), x - before, strip.height()),
                               Qt::AlignCenter, number);
        }
        if (i < count) {
            m_painter.setPen(QPen(m_theme.color(Token::Text), 1));
            m_painter.drawLine(QPointF(x, strip.top()), QPointF(x, strip.bottom() + 3));
        }
        before = x;
    }
}

void RingPainter::paintEnds() const {
    QFont font = m_theme.monospaceFont();
    font.setPixelSize(11);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.color(Token::Muted));
    const RingWindow& window = m_scene.window;
    const QString from = ends(pointOf(window.from()));
    const QString to = ends(window.isWhole() ? ~std::uint64_t{0} : pointOf(window.turnAt(1.0)));
    m_painter.drawText(m_scene.places.ends, Qt::AlignLeft | Qt::AlignBottom, from);
    m_painter.drawText(m_scene.places.ends, Qt::AlignRight | Qt::AlignBottom, to);
    const double closer = 1.0 / window.span();
    m_painter.drawText(m_scene.places.ends, Qt::AlignHCenter | Qt::AlignBottom,
                       QStringLiteral("× %1").arg(models::grouped(std::llround(closer))));
}

}  // namespace ifrit::gui::widgets
