// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <cmath>

#include "gui/widgets/ring_geometry.h"
#include "shared/domain/ring_place.h"

using namespace ifrit;
using namespace ifrit::gui::widgets;

class TestRingGeometry : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pointsAndTurns() {
        QCOMPARE(turnOf(0), 0.0);
        QCOMPARE(turnOf(std::uint64_t{1} << 63), 0.5);
        QVERIFY(turnOf(~std::uint64_t{0}) < 1.0);
        QCOMPARE(pointOf(0.25), std::uint64_t{1} << 62);
        QCOMPARE(pointOf(1.0), std::uint64_t{0});
    }
    void zoomKeepsWhatIsUnderThePointer() {
        RingWindow window;
        const double about = 0.3712345;
        for (int i = 0; i < 20; ++i) {
            const auto before = window.placeOf(about);
            QVERIFY(before);
            window.zoom(2.0, about);
            const auto after = window.placeOf(about);
            QVERIFY(after && std::abs(*after - *before) < 1e-6);
        }
        QCOMPARE(window.span(), std::pow(0.5, 20));
    }
    void zoomHasItsEnds() {
        RingWindow window;
        window.zoom(0.5, 0.2);
        QVERIFY(window.isWhole());
        for (int i = 0; i < 100; ++i)
            window.zoom(2.0, 0.999999);
        QCOMPARE(window.span(), RingWindow::kClosest);
        for (int i = 0; i < 100; ++i)
            window.zoom(0.5, 0.999999);
        QCOMPARE(window, RingWindow());
    }
    void panGoesOverTheTop() {
        RingWindow window;
        window.centre(0.95, 0.2);
        QVERIFY(window.placeOf(0.02));
        QVERIFY(!window.placeOf(0.5));
        window.pan(1.0);
        QVERIFY(std::abs(window.from() - 0.05) < 1e-9);
    }
    void countsTheNodesOfTheWindow() {
        const domain::HashRing ring({8, 128, 9});
        const auto nodes = ring.nodes();
        RingWindow window;
        QCOMPARE(window.nodesIn(nodes).second, nodes.size());
        for (const double middle : {0.0, 0.2, 0.5, 0.999}) {
            window.reset();
            window.centre(middle, 0.1);
            const auto [first, count] = window.nodesIn(nodes);
            std::size_t inside = 0;
            for (const auto& node : nodes)
                inside += window.placeOf(turnOf(node.point)) ? 1 : 0;
            QCOMPARE(count, inside);
            if (count > 0) QVERIFY(window.placeOf(turnOf(nodes[first].point)));
        }
    }
    void samplesAreTheOwners() {
        const domain::HashRing ring({20, 512, 3});
        const auto nodes = ring.nodes();
        RingWindow window;
        window.centre(0.7, 0.01);
        const auto batches = sampleBatches(nodes, window, 300);
        QCOMPARE(batches.size(), std::size_t{300});
        for (std::size_t i = 0; i < batches.size(); ++i) {
            const double place = (static_cast<double>(i) + 0.5) / 300.0;
            const std::uint64_t point = pointOf(window.turnAt(place));
            QCOMPARE(batches[i], nodes[domain::ownerOf(nodes, point)].batch);
        }
    }
    void samplesOfTheWholeRingShowTheShares() {
        const domain::HashRing ring({8, 4'096, 1});
        std::vector<int> seen(9, 0);
        for (const std::uint32_t batch : sampleBatches(ring.nodes(), {}, 8'000))
            ++seen[batch];
        for (std::size_t batch = 1; batch <= 8; ++batch)
            QVERIFY2(seen[batch] > 800 && seen[batch] < 1'200, qPrintable(QString::number(batch)));
    }
    void polarIsTheOtherWayOfPosition() {
        const RingPlaces places = layOutRing({300, 292});
        QVERIFY(places.inner < places.outer && places.arcOuter < places.inner);
        QVERIFY(places.arcInner > 30);
        QVERIFY(places.centre.y() + places.outer + 10 < places.strip.top());
        for (const double turn : {0.0, 0.1, 0.25, 0.6, 0.99}) {
            const auto [found, radius] = polarOf(places, positionOf(places, turn, 50));
            QVERIFY(std::abs(found - turn) < 1e-9);
            QVERIFY(std::abs(radius - 50) < 1e-9);
        }
    }
};

QTEST_APPLESS_MAIN(TestRingGeometry)
#include "tst_ring_geometry.moc"
