// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/services/known_bad_clears.h"

using namespace ifrit::master::services;
using ifrit::domain::KnownBadClear;

namespace {

using ClearsOfOne = std::vector<KnownBadClear>;

}  // namespace

class TestKnownBadClears : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// The version went bad again before the next report: what it says of it is of after the clear.
    void aMachineSaysThatItHasObeyed() {
        KnownBadClears clears;
        clears.add("m-1", {"d1", 7});
        QCOMPARE(clears.tell("m-1"), (ClearsOfOne{{"d1", 7}}));
        QCOMPARE(clears.settle("m-1", {{"d1"}, {}}), ClearsOfOne());
        QCOMPARE(clears.tell("m-1"), (ClearsOfOne{{"d1", 7}}));
        QCOMPARE(clears.settle("m-1", {{"d1"}, {7}}), (ClearsOfOne{{"d1", 7}}));
        QCOMPARE(clears.tell("m-1"), ClearsOfOne());
    }
    /// To another master, or before a restart of this one.
    void itSaysSoToWhomeverItReports() {
        KnownBadClears clears;
        clears.load({{"m-1", {{"d1", 7}, {"d2", 8}}}});
        QCOMPARE(clears.settle("m-1", {{}, {7}}), (ClearsOfOne{{"d1", 7}}));
        QCOMPARE(clears.tell("m-1"), (ClearsOfOne{{"d2", 8}}));
    }
    void anOlderOneIsHeardByWhatItForgot() {
        KnownBadClears clears;
        clears.add("m-1", {"d1", 7});
        // Not told yet.
        QCOMPARE(clears.settle("m-1", {}), ClearsOfOne());
        (void)clears.tell("m-1");
        QCOMPARE(clears.settle("m-1", {}), (ClearsOfOne{{"d1", 7}}));
    }
    void aLaterClearStandsWhenTheEarlierWasObeyed() {
        KnownBadClears clears;
        clears.add("m-1", {"d1", 7});
        (void)clears.tell("m-1");
        clears.add("m-1", {"d1", 9});
        QCOMPARE(clears.settle("m-1", {{}, {7}}), ClearsOfOne());
        QCOMPARE(clears.tell("m-1"), (ClearsOfOne{{"d1", 9}}));
    }
    void eachHasAnIdOfItsOwn() {
        const KnownBadClear one = newClear("d1");
        QVERIFY(one.id != 0 && one.id != newClear("d1").id);
    }
};

QTEST_GUILESS_MAIN(TestKnownBadClears)
#include "tst_known_bad_clears.moc"
