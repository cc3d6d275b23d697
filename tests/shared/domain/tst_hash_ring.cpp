// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <string>
#include <vector>

#include "shared/domain/hash_ring.h"

using namespace ifrit::domain;

namespace {

constexpr int kMachines = 100'000;

std::string machine(int i) {
    return "machine-" + std::to_string(i);
}

}  // namespace

class TestHashRing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void largestBatchIsNearTheIdeal_data() {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed : {0ULL, 1ULL, 42ULL, 0xffffffffffffffffULL})
            QTest::addRow("seed %llu", static_cast<unsigned long long>(seed)) << seed;
    }
    void largestBatchIsNearTheIdeal() {
        QFETCH(quint64, seed);
        const HashRing ring({20, RingSpec().virtualNodes, seed});
        std::vector<int> counts(21);
        for (int i = 0; i < kMachines; ++i)
            ++counts.at(ring.batchOf(machine(i)));
        QCOMPARE(counts[0], 0);
        const double ideal = kMachines / 20.0;
        QVERIFY2(*std::max_element(counts.begin() + 1, counts.end()) <= 1.05 * ideal,
                 qPrintable(QString::number(*std::max_element(counts.begin(), counts.end()))));
        QVERIFY(*std::min_element(counts.begin() + 1, counts.end()) >= 0.94 * ideal);
    }
    void oneMoreBatchMovesOnlyItsShare() {
        const HashRing before({20, RingSpec().virtualNodes, 7});
        const HashRing after({21, RingSpec().virtualNodes, 7});
        int moved = 0;
        for (int i = 0; i < kMachines; ++i) {
            const auto to = after.batchOf(machine(i));
            if (before.batchOf(machine(i)) == to) continue;
            ++moved;
            QCOMPARE(to, 21U);
        }
        QVERIFY2(moved <= 1.05 * kMachines / 21.0, qPrintable(QString::number(moved)));
    }
    void pointsAreTheSameOnEveryPlatform() {
        // Fixed figures: a change of hash, text form or tie rule moves machines of live clusters.
        const HashRing ring({20, 4, 42});
        QCOMPARE(ring.nodes().size(), std::size_t{80});
        std::vector<std::uint32_t> batches;
        for (int i = 0; i < 12; ++i)
            batches.push_back(ring.batchOf(machine(i)));
        const std::vector<std::uint32_t> expected = kExpected;
        QCOMPARE(batches, expected);
    }
    void aPointBehindTheLastNodeWrapsToTheFirst() {
        const HashRing ring({3, 1, 5});
        const auto nodes = ring.nodes();
        bool wrapped = false;
        for (int i = 0; i < 1'000; ++i) {
            if (ring.pointOf(machine(i)) <= nodes.back().point) continue;
            QCOMPARE(ring.batchOf(machine(i)), nodes.front().batch);
            wrapped = true;
        }
        QVERIFY(wrapped);
    }
    void anEmptySpecIsOneBatch() { QCOMPARE(HashRing({0, 0, 0}).batchOf("m"), 1U); }

private:
    static const std::vector<std::uint32_t> kExpected;
};

const std::vector<std::uint32_t> TestHashRing::kExpected = {15, 6,  16, 10, 4, 2,
                                                            11, 17, 10, 16, 4, 17};

QTEST_GUILESS_MAIN(TestHashRing)
#include "tst_hash_ring.moc"
