// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/integrity/agent_integrity.h"

namespace ifrit::tests {

using agent::integrity::AgentIntegrity;
using agent::integrity::DriftKind;
using agent::integrity::Finding;
using domain::Integrity;
using std::chrono::hours;
using std::chrono::milliseconds;
using Alert = AgentIntegrity::Alert;

namespace {

const Finding kDamage{{{DriftKind::Changed, "bin/app", "other content"}}, {}, {}};

}  // namespace

class AgentIntegrityTest : public QObject {
    Q_OBJECT

    AgentIntegrity m_one{agent::integrity::RepairPolicy{}};
    base::SteadyTime m_now = base::SteadyTime(hours(1000));

    Alert damageAndRepair() {
        m_one.scanned("d", kDamage);
        return m_one.repaired("d", "1 changed: bin/app", m_now);
    }

private Q_SLOTS:
    void init() {
        m_one = AgentIntegrity(agent::integrity::RepairPolicy{});
        m_now = base::SteadyTime(hours(1000));
    }

    void isUnknownUntilScanned() {
        QCOMPARE(m_one.state(m_now), Integrity::Unknown);
        m_one.scanned("d", {});
        QCOMPARE(m_one.state(m_now), Integrity::Intact);
        QVERIFY(m_one.note(m_now).empty() && !m_one.repairDue(m_now));
    }

    void damageIsToldAndMayBeRepairedAtOnce() {
        m_one.scanned("d", kDamage);
        QCOMPARE(m_one.state(m_now), Integrity::Damaged);
        QCOMPARE(m_one.note(m_now), std::string("1 changed: bin/app"));
        QVERIFY(m_one.repairDue(m_now));
    }

    void aRepairShowsForADay() {
        QVERIFY(damageAndRepair() == Alert::None);
        QCOMPARE(m_one.state(m_now), Integrity::Repaired);
        QCOMPARE(m_one.note(m_now), std::string("1 changed: bin/app"));
        QVERIFY(!m_one.repairDue(m_now));
        m_now += hours(24);
        QCOMPARE(m_one.state(m_now), Integrity::Intact);
        QVERIFY(m_one.note(m_now).empty());
    }

    void aFailedRepairIsTriedAgainEverLater() {
        m_one.scanned("d", kDamage);
        QVERIFY(m_one.repairFailed("DOWNLOAD_FAILED", "no master", m_now) == Alert::Raise);
        QCOMPARE(m_one.note(m_now),
                 std::string("1 changed: bin/app; cannot be repaired: no master"));
        QVERIFY(!m_one.repairDue(m_now + milliseconds(59'999)));
        QVERIFY(m_one.repairDue(m_now + milliseconds(60'000)));
        QVERIFY2(m_one.repairFailed("DOWNLOAD_FAILED", "no master", m_now) == Alert::None,
                 "the same again is no news");
        QVERIFY(!m_one.repairDue(m_now + milliseconds(119'999)));
        QVERIFY(m_one.repairFailed("SYSTEM", "disk full", m_now) == Alert::Raise);
        for (int i = 0; i < 20; ++i)
            m_one.repairFailed("SYSTEM", "disk full", m_now);
        QVERIFY(m_one.repairDue(m_now + hours(1)));
    }

    void mendedByHandIsIntact() {
        m_one.scanned("d", kDamage);
        m_one.repairFailed("SYSTEM", "disk full", m_now);
        m_one.scanned("d", {});
        QCOMPARE(m_one.state(m_now), Integrity::Intact);
        m_one.scanned("d", kDamage);
        QVERIFY(m_one.repairFailed("SYSTEM", "disk full", m_now) == Alert::Raise);
    }

    void theThirdRepairInADayIsAnAlert() {
        QVERIFY(damageAndRepair() == Alert::None);
        m_now += hours(2);
        QVERIFY(damageAndRepair() == Alert::None);
        m_now += hours(2);
        QVERIFY(damageAndRepair() == Alert::Raise);
        QCOMPARE(m_one.state(m_now), Integrity::Damaged);
        QVERIFY(m_one.note(m_now).rfind("changed again and again", 0) == 0);
        // From here on it is repaired at most once an hour, and told once.
        m_one.scanned("d", kDamage);
        QVERIFY(!m_one.repairDue(m_now + milliseconds(3'599'999)));
        m_now += hours(1);
        QVERIFY(m_one.repairDue(m_now));
        QVERIFY(damageAndRepair() == Alert::None);
        // A day without: over. Again: told again.
        m_now += hours(25);
        m_one.scanned("d", {});
        QCOMPARE(m_one.state(m_now), Integrity::Intact);
        for (int i = 0; i < 2; ++i)
            QVERIFY(damageAndRepair() == Alert::None);
        QVERIFY(damageAndRepair() == Alert::Raise);
    }

    void slowRecurrenceIsNone() {
        for (int i = 0; i < 10; ++i) {
            QVERIFY(damageAndRepair() == Alert::None);
            m_now += hours(13);
        }
    }

    void versionsThatAreGoneAreForgotten() {
        m_one.scanned("old", kDamage);
        m_one.scanned("new", {});
        m_one.keepOnly({"new"});
        QCOMPARE(m_one.state(m_now), Integrity::Intact);
    }

    void aLostManifestIsDamageToo() {
        m_one.scanned("d", {{}, "the manifest is gone", {}});
        QCOMPARE(m_one.state(m_now), Integrity::Damaged);
        QCOMPARE(m_one.note(m_now), std::string("the manifest is gone"));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::AgentIntegrityTest)
#include "tst_agent_integrity.moc"
