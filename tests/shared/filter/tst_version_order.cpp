// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/filter/version_order.h"

using ifrit::filter::compareVersions;

class TestVersionOrder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ordersAsPeopleDo_data();
    void ordersAsPeopleDo();
};

void TestVersionOrder::ordersAsPeopleDo_data() {
    QTest::addColumn<QByteArray>("older");
    QTest::addColumn<QByteArray>("newer");
    QTest::newRow("numbers by value") << QByteArray("4.9") << QByteArray("4.10");
    QTest::newRow("candidate before release") << QByteArray("1.0~rc1") << QByteArray("1.0");
    QTest::newRow("longer after shorter") << QByteArray("1.0") << QByteArray("1.0.1");
    QTest::newRow("revision") << QByteArray("1.5.0-1") << QByteArray("1.5.0-2+b1");
    QTest::newRow("beyond 64 bits")
        << QByteArray("1.99999999999999999999") << QByteArray("1.100000000000000000000");
    QTest::newRow("nothing before something") << QByteArray("") << QByteArray("0.1");
}

void TestVersionOrder::ordersAsPeopleDo() {
    QFETCH(QByteArray, older);
    QFETCH(QByteArray, newer);
    QVERIFY(compareVersions(older.toStdString(), newer.toStdString()) < 0);
    QVERIFY(compareVersions(newer.toStdString(), older.toStdString()) > 0);
    QCOMPARE(compareVersions(older.toStdString(), older.toStdString()), 0);
    QCOMPARE(compareVersions("1.007", "1.7"), 0);
}

QTEST_GUILESS_MAIN(TestVersionOrder)
#include "tst_version_order.moc"
