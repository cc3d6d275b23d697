// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/hash_ring_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "gui/models/text_format.h"
#include "gui/widgets/ring_raster.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

using models::RingBatch;
using models::RingDot;

constexpr double kStep = 2.0;
constexpr double kPan = 0.25;
/// How near to a dot the pointer must be, in pixels.
constexpr double kNear = 5;
/// What the lens shows around a uuid: some tens of nodes.
constexpr double kNodesAround = 24;

}  // namespace

HashRingView::HashRingView(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Hash ring"));
    connect(&theme, &Theme::changed, this, &HashRingView::redraw);
}

void HashRingView::setContent(Content content) {
    if (content == m_scene.content) return;
    const std::string uuid =
        m_scene.dot < 0 ? std::string()
                        : m_scene.content->dots[static_cast<std::size_t>(m_scene.dot)].uuid;
    m_scene.content = std::move(content);
    m_scene.dot = dotOf(uuid);
    if (batchOf(m_scene.chosen) == nullptr) m_scene.chosen = 0;
    redraw();
    describeChosen();
}

void HashRingView::setMark(const std::optional<domain::RingPlace>& mark) {
    if (mark == m_scene.mark) return;
    m_scene.mark = mark;
    if (mark && m_scene.content) {
        const auto nodes = static_cast<double>(m_scene.content->nodes->size());
        m_scene.window.reset();
        m_scene.window.centre(turnOf(mark->point), kNodesAround / nodes);
    }
    windowMoved();
}

std::ptrdiff_t HashRingView::dotOf(const std::string& uuid) const {
    if (uuid.empty() || !m_scene.content) return -1;
    const auto& dots = m_scene.content->dots;
    const auto found = std::find_if(dots.begin(), dots.end(),
                                    [&](const RingDot& dot) { return dot.uuid == uuid; });
    return found == dots.end() ? -1 : found - dots.begin();
}

const RingBatch* HashRingView::batchOf(std::uint32_t number) const {
    if (!m_scene.content || number == 0) return nullptr;
    for (const RingBatch& batch : m_scene.content->batches) {
        if (batch.batch == number) return &batch;
    }
    return nullptr;
}

void HashRingView::setOld(bool old) {
    if (old == m_scene.old) return;
    m_scene.old = old;
    update();
}

void HashRingView::redraw() {
    m_scene.places = layOutRing(size());
    if (m_scene.content && !size().isEmpty()) {
        m_colors = ringColors(*m_scene.content, m_theme, m_scene.chosen);
        m_scene.ring =
            drawRing(*m_scene.content, m_scene.places, m_colors, size(), devicePixelRatioF());
    }
    windowMoved();
}

void HashRingView::windowMoved() {
    if (m_scene.content && !m_colors.empty()) {
        const int pixels = static_cast<int>(m_scene.places.strip.width() * devicePixelRatioF());
        m_scene.strip = drawStrip(*m_scene.content, m_scene.window, m_colors, pixels);
    }
    update();
}

void HashRingView::paintEvent(QPaintEvent*) {
    if (!m_scene.content || m_scene.ring.isNull()) return;
    QPainter painter(this);
    RingPainter(painter, m_scene, m_theme).paint();
    if (!hasFocus()) return;
    painter.setPen(QPen(m_theme.color(Token::Accent), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

void HashRingView::resizeEvent(QResizeEvent*) {
    redraw();
}

void HashRingView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange) return;
    setAccessibleName(tr("Hash ring"));
    describeChosen();
}

double HashRingView::turnAt(const QPointF& position) const {
    const QRectF& strip = m_scene.places.strip;
    if (position.y() >= strip.top() - 12) {
        const double place = (position.x() - strip.left()) / strip.width();
        return m_scene.window.turnAt(std::clamp(place, 0.0, 1.0));
    }
    return polarOf(m_scene.places, position).first;
}

std::uint32_t HashRingView::batchOfArc(double turn) const {
    double from = 0;
    for (const RingBatch& batch : m_scene.content->batches) {
        from += batch.share;
        if (turn < from) return batch.batch;
    }
    return 0;
}

std::ptrdiff_t HashRingView::dotNear(double turn, double tolerance) const {
    const auto& dots = m_scene.content->dots;
    std::ptrdiff_t best = -1;
    const auto next =
        std::lower_bound(dots.begin(), dots.end(), pointOf(turn),
                         [](const RingDot& dot, std::uint64_t point) { return dot.point < point; });
    for (auto dot = next == dots.begin() ? next : next - 1; dot != dots.end() && dot <= next;
         ++dot) {
        const double distance = std::abs(turnOf(dot->point) - turn);
        if (distance > tolerance) continue;
        tolerance = distance;
        best = dot - dots.begin();
    }
    return best;
}

HashRingView::Hit HashRingView::hitAt(const QPointF& position) const {
    Hit hit;
    if (!m_scene.content) return hit;
    const RingPlaces& places = m_scene.places;
    const RingNodes nodes = *m_scene.content->nodes;
    const double turn = turnAt(position);
    if (places.strip.contains(position)) {
        hit.batch = nodes[domain::ownerOf(nodes, pointOf(turn))].batch;
    } else if (position.y() >= places.strip.top() - 12) {
        hit.dot = dotNear(turn, kNear * m_scene.window.span() / places.strip.width());
    } else {
        const double radius = polarOf(places, position).second;
        if (radius >= places.outer && radius <= places.outer + 7 + kNear) {
            hit.dot = dotNear(turn, kNear / (2 * std::numbers::pi * places.outer));
        } else if (radius >= places.inner && radius < places.outer) {
            hit.batch = nodes[domain::ownerOf(nodes, pointOf(turn))].batch;
        } else if (radius >= places.arcInner && radius <= places.arcOuter) {
            hit.batch = batchOfArc(turn);
        }
    }
    return hit;
}

QString HashRingView::describe(const Hit& hit) const {
    if (hit.dot >= 0 && hit.dot < static_cast<std::ptrdiff_t>(m_scene.content->dots.size())) {
        const RingDot& dot = m_scene.content->dots[static_cast<std::size_t>(hit.dot)];
        return tr("%1: %2, batch %3").arg(models::toText(dot.uuid), dot.look.word).arg(dot.batch);
    }
    const RingBatch* batch = batchOf(hit.batch);
    if (batch == nullptr) return {};
    return tr("%1: %2, %3 of the ring, %4 machine(s), %5 bad", "",
              models::pluralOf(static_cast<std::uint64_t>(batch->machines)))
        .arg(batch->name, batch->look.word, models::percent(batch->share, 1.0),
             models::grouped(batch->machines), models::grouped(batch->failing));
}

QString HashRingView::describeAll() const {
    if (!m_scene.content) return {};
    QStringList rows = {m_scene.content->figure + QLatin1Char(' ') + m_scene.content->note};
    for (const RingBatch& batch : m_scene.content->batches)
        rows << describe({batch.batch, -1});
    return rows.join(QLatin1Char('\n'));
}

void HashRingView::describeChosen() {
    const Hit chosen{m_scene.chosen, m_scene.dot};
    setAccessibleDescription(chosen.any() && m_scene.content ? describe(chosen) : describeAll());
}

void HashRingView::chooseBatch(std::uint32_t batch) {
    m_scene.dot = -1;
    m_scene.chosen = batch;
    redraw();
    describeChosen();
}

void HashRingView::chooseDot(std::ptrdiff_t dot) {
    m_scene.chosen = 0;
    m_scene.dot = dot;
    redraw();
    describeChosen();
}

void HashRingView::stepBatch(int by) {
    const auto& batches = m_scene.content->batches;
    if (batches.empty()) return;
    const auto count = static_cast<std::ptrdiff_t>(batches.size());
    std::ptrdiff_t at = by > 0 ? -1 : count;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        if (batches[static_cast<std::size_t>(i)].batch == m_scene.chosen) at = i;
    }
    at = std::clamp<std::ptrdiff_t>(at + by, 0, count - 1);
    chooseBatch(batches[static_cast<std::size_t>(at)].batch);
}

void HashRingView::stepDot(int by) {
    const auto count = static_cast<std::ptrdiff_t>(m_scene.content->dots.size());
    if (count == 0) return;
    const std::ptrdiff_t at =
        m_scene.dot < 0 ? (by > 0 ? 0 : count - 1) : (m_scene.dot + by + count) % count;
    const double turn = turnOf(m_scene.content->dots[static_cast<std::size_t>(at)].point);
    if (!m_scene.window.placeOf(turn)) m_scene.window.centre(turn, 1.0);
    chooseDot(at);
}

void HashRingView::open() {
    if (m_scene.dot >= 0) {
        const RingDot& dot = m_scene.content->dots[static_cast<std::size_t>(m_scene.dot)];
        Q_EMIT machineOpened(models::toText(dot.uuid));
    } else if (m_scene.chosen != 0) {
        Q_EMIT batchOpened(m_scene.chosen);
    }
}

void HashRingView::wheelEvent(QWheelEvent* event) {
    if (!m_scene.content) return;
    const QPointF turned = event->angleDelta();
    if (std::abs(turned.x()) > std::abs(turned.y())) {
        m_scene.window.pan(-turned.x() / 120.0 * kPan);
    } else {
        m_scene.window.zoom(std::pow(kStep, turned.y() / 120.0), turnAt(event->position()));
    }
    windowMoved();
    event->accept();
}

void HashRingView::mousePressEvent(QMouseEvent* event) {
    if (!m_scene.content || event->button() != Qt::LeftButton) return;
    m_pressed = m_dragged = event->position();
}

void HashRingView::mouseMoveEvent(QMouseEvent* event) {
    if (!m_dragged || !m_scene.places.strip.contains(*m_pressed)) return;
    const double moved = event->position().x() - m_dragged->x();
    m_scene.window.pan(-moved / m_scene.places.strip.width());
    m_dragged = event->position();
    windowMoved();
}

void HashRingView::mouseReleaseEvent(QMouseEvent* event) {
    const auto pressed = std::exchange(m_pressed, std::nullopt);
    m_dragged.reset();
    if (!pressed || !m_scene.content) return;
    // What was dragged was no click.
    if ((*pressed - event->position()).manhattanLength() > kNear) return;
    const Hit hit = hitAt(event->position());
    if (hit.dot >= 0) {
        chooseDot(hit.dot);
    } else {
        // A second click on the same batch lets go of it.
        chooseBatch(hit.batch == m_scene.chosen ? 0 : hit.batch);
    }
}

void HashRingView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!m_scene.content) return;
    const Hit hit = hitAt(event->position());
    if (hit.dot >= 0) {
        chooseDot(hit.dot);
    } else if (hit.batch != 0) {
        chooseBatch(hit.batch);
    }
    if (hit.any()) open();
}

void HashRingView::keyPressEvent(QKeyEvent* event) {
    if (!m_scene.content) return QWidget::keyPressEvent(event);
    RingWindow& window = m_scene.window;
    const double middle = m_scene.mark && window.placeOf(turnOf(m_scene.mark->point))
                              ? turnOf(m_scene.mark->point)
                              : window.turnAt(0.5);
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            window.zoom(kStep, middle);
            break;
        case Qt::Key_Minus:
            window.zoom(1 / kStep, middle);
            break;
        case Qt::Key_0:
        case Qt::Key_Home:
            window.reset();
            break;
        case Qt::Key_Left:
            window.pan(-kPan);
            break;
        case Qt::Key_Right:
            window.pan(kPan);
            break;
        case Qt::Key_Up:
            return stepBatch(-1);
        case Qt::Key_Down:
            return stepBatch(1);
        case Qt::Key_PageUp:
            return stepDot(-1);
        case Qt::Key_PageDown:
            return stepDot(1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            return open();
        case Qt::Key_Escape:
            if (m_scene.chosen != 0 || m_scene.dot >= 0) return chooseBatch(0);
            return QWidget::keyPressEvent(event);
        default:
            return QWidget::keyPressEvent(event);
    }
    windowMoved();
}

bool HashRingView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && m_scene.content) {
        auto* help = static_cast<QHelpEvent*>(event);
        const Hit hit = hitAt(help->pos());
        if (hit.any()) {
            QToolTip::showText(help->globalPos(), describe(hit), this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

}  // namespace ifrit::gui::widgets
