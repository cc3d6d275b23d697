// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/version_colors.h"

using ifrit::gui::models::VersionColors;

class TestVersionColors : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newestFirst() {
        const VersionColors colors({"1.9.0", "1.10.0", "1.10.0~rc1", "0.9"});
        QCOMPARE(colors.of("1.10.0"), 0);
        QCOMPARE(colors.of("1.10.0~rc1"), 1);
        QCOMPARE(colors.of("1.9.0"), 2);
        QCOMPARE(colors.of("0.9"), 3);
        QVERIFY(!colors.knows("2.0"));
        QCOMPARE(colors.of("2.0"), 4);
    }
    // Of seventeen versions two have one colour: not two that run.
    void whatRunsComesFirst() {
        const VersionColors colors({"1.0", "3.0"}, {"1.0", "2.0", "4.0"});
        QCOMPARE(colors.of("3.0"), 0);
        QCOMPARE(colors.of("1.0"), 1);
        QCOMPARE(colors.of("4.0"), 2);
        QCOMPARE(colors.of("2.0"), 3);
        QCOMPARE(colors.size(), 4);
    }
    // Two spellings of one version are two versions, and take no turns.
    void equallyNew() {
        const VersionColors colors({"1.0", "1.00"});
        QVERIFY(colors.of("1.0") != colors.of("1.00"));
        QVERIFY(colors == VersionColors({"1.00", "1.0"}));
    }
};

QTEST_GUILESS_MAIN(TestVersionColors)
#include "tst_version_colors.moc"
