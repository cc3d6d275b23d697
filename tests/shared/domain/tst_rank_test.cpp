// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>

#include "shared/domain/rank_test.h"

using namespace ifrit::domain;

class TestRankTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Exact one-sided probabilities of small samples without ties, from the distribution of U
    /// (Mann and Whitney 1947, table I); the approximation must be near them.
    void rankTest_data() {
        QTest::addColumn<QList<double>>("before");
        QTest::addColumn<QList<double>>("after");
        QTest::addColumn<double>("exact");
        QTest::addColumn<double>("near");
        QTest::newRow("five above five")
            << QList<double>{1, 2, 3, 4, 5} << QList<double>{6, 7, 8, 9, 10} << 1.0 / 252 << 0.003;
        QTest::newRow("one exchanged")
            << QList<double>{1, 2, 3, 4, 6} << QList<double>{5, 7, 8, 9, 10} << 2.0 / 252 << 0.003;
        QTest::newRow("interleaved")
            << QList<double>{1, 3, 5, 7, 9} << QList<double>{2, 4, 6, 8, 10} << 0.345 << 0.01;
        QTest::newRow("below") << QList<double>{6, 7, 8, 9, 10} << QList<double>{1, 2, 3, 4, 5}
                               << 1.0 << 0.01;
        QTest::newRow("all equal")
            << QList<double>{2, 2, 2} << QList<double>{2, 2, 2} << 1.0 << 0.0;
        QTest::newRow("nothing") << QList<double>{} << QList<double>{1} << 1.0 << 0.0;
    }
    void rankTest() {
        QFETCH(QList<double>, before);
        QFETCH(QList<double>, after);
        QFETCH(double, exact);
        QFETCH(double, near);
        const double p =
            probabilityOfNoRise({before.begin(), before.end()}, {after.begin(), after.end()});
        QVERIFY2(std::abs(p - exact) <= near, qPrintable(QString::number(p)));
    }
    void median() {
        QCOMPARE(medianOf({}), 0.0);
        QCOMPARE(medianOf({3}), 3.0);
        QCOMPARE(medianOf({5, 1, 3}), 3.0);
        QCOMPARE(medianOf({4, 1, 3, 2}), 2.5);
    }

    void aCostRises_data() {
        QTest::addColumn<QList<double>>("after");
        QTest::addColumn<bool>("rises");
        QTest::newRow("by both limits") << QList<double>{31, 32, 33, 34, 35} << true;
        QTest::newRow("by less than the share") << QList<double>{22, 23, 24, 25, 26} << false;
        QTest::newRow("by chance") << QList<double>{10, 11, 33, 34, 35} << false;
        QTest::newRow("falls") << QList<double>{1, 2, 3, 4, 5} << false;
    }
    void aCostRises() {
        QFETCH(const QList<double>, after);
        QFETCH(const bool, rises);
        const std::vector<double> now(after.begin(), after.end());
        const std::vector<double> before = {18, 19, 20, 21, 22};
        QCOMPARE(isCostRise(before, now, 50, 8), rises);
        QVERIFY2(!isCostRise(before, now, 50, 40), "the absolute least was not reached");
    }
};

QTEST_GUILESS_MAIN(TestRankTest)
#include "tst_rank_test.moc"
