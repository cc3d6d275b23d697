// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSize>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "shared/domain/hash_ring.h"

namespace ifrit::gui::widgets {

using RingNodes = std::span<const domain::HashRing::Node>;

/// A point of the ring as a part of a turn, 0 at the top and clockwise: [0, 1).
double turnOf(std::uint64_t point);
std::uint64_t pointOf(double turn);

/// The part of the ring that the lens shows; the whole of it at first. May lie over the top.
class RingWindow {
public:
    static constexpr double kClosest = 0x1p-32;  ///< some 14,000 times more than one needs

    double from() const { return m_from; }
    double span() const { return m_span; }
    bool isWhole() const { return m_span >= 1.0; }
    /// `factor` > 1: closer; the turn `about` stays where it is.
    void zoom(double factor, double about);
    /// By parts of itself; 1: to what lies next clockwise.
    void pan(double spans);
    /// Brings a turn to the middle, at least as close as `span`.
    void centre(double turn, double span);
    void reset();
    /// Where in the window a turn stands, [0, 1); nullopt: outside.
    std::optional<double> placeOf(double turn) const;
    double turnAt(double place) const;
    /// Indices of the nodes inside: first, and how many, going on over the end. O(log n).
    std::pair<std::size_t, std::size_t> nodesIn(RingNodes nodes) const;
    bool operator==(const RingWindow&) const = default;

private:
    double m_from = 0.0;
    double m_span = 1.0;
};

/// The batch at the middle of each of `bins` equal parts of the window: what one pixel shows where
/// a pixel holds hundreds of arcs. O(bins log n).
std::vector<std::uint32_t> sampleBatches(RingNodes nodes, const RingWindow& window,
                                         std::size_t bins);

/// Where the parts of the picture stand.
struct RingPlaces {
    QRectF legend;
    QPointF centre;
    double outer = 0;  ///< of the ring of virtual nodes
    double inner = 0;
    double arcOuter = 0;  ///< of the arcs, one per batch
    double arcInner = 0;
    QRectF strip;  ///< the lens
    QRectF ends;   ///< below it: from where to where it goes
};
RingPlaces layOutRing(const QSize& size);

/// Turn of a position seen from the centre, and its distance.
std::pair<double, double> polarOf(const RingPlaces& places, const QPointF& position);
QPointF positionOf(const RingPlaces& places, double turn, double radius);

}  // namespace ifrit::gui::widgets
