// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <numeric>
#include <string>

#include "shared/domain/ring_place.h"

using namespace ifrit::domain;

class TestRingPlace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithTheRing() {
        const HashRing ring({8, 64, 4711});
        const auto nodes = ring.nodes();
        for (int i = 0; i < 5'000; ++i) {
            const std::string uuid = "i-" + std::to_string(i);
            const RingPlace place = placeOf(ring, nodes, uuid);
            QCOMPARE(place.batch, ring.batchOf(uuid));
            QCOMPARE(place.point, ring.pointOf(uuid));
            // The named node is the next one: none stands between.
            const std::size_t owner = ownerOf(nodes, place.point);
            QCOMPARE(nodes[owner].point, place.node);
            if (owner > 0) QVERIFY(nodes[owner - 1].point < place.point);
        }
    }
    void behindTheLastNodeComesTheFirst() {
        const std::vector<HashRing::Node> nodes = {{100, 1}, {200, 2}, {300, 3}};
        QCOMPARE(ownerOf(nodes, 0), std::size_t{0});
        QCOMPARE(ownerOf(nodes, 100), std::size_t{0});
        QCOMPARE(ownerOf(nodes, 101), std::size_t{1});
        QCOMPARE(ownerOf(nodes, 300), std::size_t{2});
        QCOMPARE(ownerOf(nodes, 301), std::size_t{0});
    }
    void sharesAreTheWholeCircle_data() {
        QTest::addColumn<quint32>("batches");
        QTest::addColumn<quint32>("virtualNodes");
        QTest::newRow("one node") << 1U << 1U;
        QTest::newRow("a batch of many") << 1U << 64U;
        QTest::newRow("many batches of one") << 20U << 1U;
        QTest::newRow("as a cluster has it") << 20U << 2'048U;
    }
    void sharesAreTheWholeCircle() {
        QFETCH(quint32, batches);
        QFETCH(quint32, virtualNodes);
        const HashRing ring({batches, virtualNodes, 7});
        const std::vector<double> shares = sharesOf(ring.nodes(), batches);
        QCOMPARE(shares.size(), std::size_t{batches});
        const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
        QVERIFY2(std::abs(sum - 1.0) < 1e-9, qPrintable(QString::number(sum)));
        if (virtualNodes < 2'000) return;
        for (const double share : shares)
            QVERIFY(share > 0.9 / batches && share < 1.1 / batches);
    }
};

QTEST_APPLESS_MAIN(TestRingPlace)
#include "tst_ring_place.moc"
