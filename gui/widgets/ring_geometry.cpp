// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/ring_geometry.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "shared/domain/ring_place.h"

namespace ifrit::gui::widgets {
namespace {

constexpr double kLegend = 22;
constexpr double kStrip = 20;
constexpr double kStripDots = 12;
constexpr double kEnds = 18;
/// Around the ring, for dots.
constexpr double kMargin = 13;
constexpr double kLeastRadius = 40;

double wrapped(double turn) {
    const double out = turn - std::floor(turn);
    return out >= 1.0 ? 0.0 : out;
}

}  // namespace

double turnOf(std::uint64_t point) {
    // The last points round up to a whole turn, which is the first.
    return wrapped(static_cast<double>(point) * 0x1p-64);
}

std::uint64_t pointOf(double turn) {
    return static_cast<std::uint64_t>(wrapped(turn) * 0x1p64);
}

void RingWindow::zoom(double factor, double about) {
    const double place = placeOf(about).value_or(0.5);
    const double fixed = turnAt(place);
    m_span = std::clamp(m_span / factor, kClosest, 1.0);
    m_from = isWhole() ? 0.0 : wrapped(fixed - place * m_span);
}

void RingWindow::pan(double spans) {
    if (!isWhole()) m_from = wrapped(m_from + spans * m_span);
}

void RingWindow::centre(double turn, double span) {
    m_span = std::clamp(std::min(m_span, span), kClosest, 1.0);
    m_from = isWhole() ? 0.0 : wrapped(turn - m_span / 2);
}

void RingWindow::reset() {
    *this = {};
}

std::optional<double> RingWindow::placeOf(double turn) const {
    const double place = wrapped(turn - m_from) / m_span;
    if (place >= 1.0) return std::nullopt;
    return place;
}

double RingWindow::turnAt(double place) const {
    return wrapped(m_from + place * m_span);
}

std::pair<std::size_t, std::size_t> RingWindow::nodesIn(RingNodes nodes) const {
    if (isWhole()) return {0, nodes.size()};
    const auto at = [&](double turn) {
        return static_cast<std::size_t>(std::lower_bound(nodes.begin(), nodes.end(), pointOf(turn),
                                                         [](const auto& node, std::uint64_t point) {
                                                             return node.point < point;
                                                         }) -
                                        nodes.begin());
    };
    const std::size_t first = at(m_from);
    const std::size_t behind = at(m_from + m_span);
    const bool over = m_from + m_span >= 1.0;
    const std::size_t count = over ? nodes.size() - first + behind : behind - first;
    return {first == nodes.size() ? 0 : first, count};
}

std::vector<std::uint32_t> sampleBatches(RingNodes nodes, const RingWindow& window,
                                         std::size_t bins) {
    std::vector<std::uint32_t> out(bins, 0);
    if (nodes.empty()) return out;
    for (std::size_t i = 0; i < bins; ++i) {
        const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(bins);
        out[i] = nodes[domain::ownerOf(nodes, pointOf(window.turnAt(place)))].batch;
    }
    return out;
}

RingPlaces layOutRing(const QSize& size) {
    RingPlaces out;
    const double below = kStripDots + kStrip + kEnds;
    const double room = std::min<double>(size.width(), size.height() - kLegend - below);
    out.legend = QRectF(0, 0, size.width(), kLegend);
    out.outer = std::max(kLeastRadius, room / 2 - kMargin);
    out.centre = QPointF(size.width() / 2.0, kLegend + kMargin + out.outer);
    out.inner = out.outer * 0.85;
    out.arcOuter = out.inner - 4;
    out.arcInner = out.arcOuter - std::max(14.0, out.outer * 0.15);
    out.ends = QRectF(0, size.height() - kEnds, size.width(), kEnds);
    out.strip = QRectF(1, out.ends.top() - kStrip, size.width() - 2, kStrip);
    return out;
}

std::pair<double, double> polarOf(const RingPlaces& places, const QPointF& position) {
    const QPointF from = position - places.centre;
    const double turn = std::atan2(from.x(), -from.y()) / (2 * std::numbers::pi);
    return {wrapped(turn), std::hypot(from.x(), from.y())};
}

QPointF positionOf(const RingPlaces& places, double turn, double radius) {
    const double angle = turn * 2 * std::numbers::pi;
    return places.centre + QPointF(std::sin(angle), -std::cos(angle)) * radius;
}

}  // namespace ifrit::gui::widgets
