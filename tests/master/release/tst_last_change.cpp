// SPDX-License-Identifier: Apache-2.0
// What last changed how a release stands, by which a verb that takes another one back is bound.
#include <QTest>

#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::ReleaseState;
using domain::ReleaseVerb;

class TestLastChange : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aVerbIsOneByWhoGaveIt() {
        ReleaseFixture f(2, 5);
        QVERIFY(!f.model.release.lastChange);
        f.verb(ReleaseVerb::Start, 0).value();
        const domain::ReleaseChange started = f.model.release.lastChange.value();
        QCOMPARE(started.what, std::string("started"));
        QVERIFY(!started.by.empty());
        QCOMPARE(started.at, at(0));
        QCOMPARE(started.revision, f.model.release.revision);
        // The stage that it opens by itself is not what was done.
        f.verb(ReleaseVerb::Promote, 5).value();
        QCOMPARE(f.model.release.lastChange->what, std::string("promoted"));
        QVERIFY(f.model.release.lastChange->revision > started.revision);
    }

    void whatMachinesDoIsNone() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        const auto before = f.model.release.lastChange;
        const std::uint64_t revision = f.model.release.revision;
        f.report("m0", healthyNew(), 5);
        f.report("m1", healthyNew(), 6);
        QVERIFY(f.model.release.revision > revision);
        QVERIFY(f.model.release.lastChange == before);
    }

    void aStateThatItTakesByItselfIsOneByNobody() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 5);
        f.report("m1", revertedOld(), 6);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        QCOMPARE(f.model.release.lastChange->what, std::string("halted"));
        QVERIFY(f.model.release.lastChange->by.empty());
        QCOMPARE(f.model.release.lastChange->revision, f.model.release.revision);
    }

    void aRefusedVerbIsNone() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        const auto before = f.model.release.lastChange;
        QVERIFY(!f.verb(ReleaseVerb::Resume, 5).ok());
        QVERIFY(f.model.release.lastChange == before);
    }
};

QTEST_GUILESS_MAIN(TestLastChange)
#include "tst_last_change.moc"
