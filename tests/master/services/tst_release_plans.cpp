// SPDX-License-Identifier: Apache-2.0
// How plans of drafts are made while releases go on.
#include <QTest>
#include <memory>

#include "master/members/fence.h"
#include "shared/base/status.h"
#include "tests/master/services/one_of_many.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::ReleaseVerb;

namespace {

const Caller kBob{"bob", "127.0.0.1:2", "test", "", "seen"};

}  // namespace

class TestReleasePlans : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_database = sharedDatabase();
        giveLease(*m_database, 1);
        m_master = std::make_unique<OneOfMany>(*m_database);
        QVERIFY(m_master->engine.lead(1).ok());
    }

    // Every reader may ask for one, of all machines and of a database that may hang.
    void noPermitAndNoHaltWaitsForAPlan() {
        const std::string running = started(*m_master);
        const std::string id = draft();
        Standstill read;
        m_master->database.beforeRead = [&] {
            read.letEnd([&] {
                QVERIFY(m_master->engine.act(kOperator, running, ReleaseVerb::Pause, "").ok());
                m_master->engine.settlePermits();
            });
        };
        QVERIFY(m_master->engine.plan(id).ok());
        QVERIFY(read.endedMeanwhile());
    }

    void ofADraftThatEndsMeanwhileThereIsNone() {
        const std::string id = draft();
        m_master->database.beforeRead = [&] {
            QVERIFY(m_master->engine.act(kOperator, id, ReleaseVerb::Abort, "").ok());
        };
        QCOMPARE(base::errorInfo(m_master->engine.plan(id).status()).reason,
                 std::string("RELEASE_STATE"));
    }

    void whoStandsDownMeanwhileAnswersNone() {
        const std::string id = draft();
        m_master->database.beforeRead = [&] { m_master->engine.standDown(); };
        QVERIFY(members::isNotLeader(m_master->engine.plan(id).status()));
    }

    void aReleaseThatStartsMeanwhileIsAConflict() {
        const std::string id = draft();
        const std::string first = draft();
        const std::string planned = m_master->engine.plan(first)->id;
        m_master->database.beforeRead = [&] {
            QVERIFY(m_master->engine.act(kOperator, first, ReleaseVerb::Start, planned).ok());
        };
        const auto plan = m_master->engine.plan(id);
        QCOMPARE(plan->conflicts.size(), std::size_t{1});
        // A start looks by itself.
        QCOMPARE(base::errorInfo(
                     m_master->engine.act(kOperator, id, ReleaseVerb::Start, plan->id).status())
                     .reason,
                 std::string("RELEASE_CONFLICT"));
    }

    /// The same plan all the same: what it does did not change.
    void takesTheLongerThePollsAreSpaced() {
        const std::string id = draft();
        const auto before = m_master->engine.plan(id);
        m_master->fleet.touch("m1", m_master->clock.now(), std::chrono::seconds(90));
        (void)m_master->fleet.sweep(m_master->clock.now(), {std::chrono::seconds(90)});
        const auto spaced = m_master->engine.plan(id);
        QCOMPARE(spaced->id, before->id);
        QVERIFY(spaced->expectedDuration >= before->expectedDuration + std::chrono::seconds(120));
    }

    void anApprovalThatIsGivenMeanwhileStands() {
        const std::string id = draft(true);
        const std::string before = m_master->engine.plan(id)->id;
        // While the first plan is made, a machine comes and the plan with it is approved.
        m_master->database.beforeRead = [&] {
            enrol("m3");
            const std::string now = m_master->engine.plan(id)->id;
            QVERIFY(now != before);
            QVERIFY(m_master->engine.act(kBob, id, ReleaseVerb::Approve, now).ok());
            forget("m3");
        };
        QCOMPARE(m_master->engine.plan(id)->id, before);
        QVERIFY(m_master->engine.head(id).value()->release.approval.has_value());
        // One that the plan has left behind since is over.
        QCOMPARE(m_master->engine.plan(id)->id, before);
        QVERIFY(!m_master->engine.head(id).value()->release.approval.has_value());
    }

    void aStartThatIsRefusedSaysWhatChangedSinceItsPlan() {
        const std::string id = draft();
        const std::string shown = m_master->engine.plan(id)->id;
        enrol("m3");
        const auto start = [&] {
            return base::messageOf(
                m_master->engine.act(kOperator, id, ReleaseVerb::Start, shown).status());
        };
        QVERIFY2(start().find("1 machine more: m3") != std::string::npos, start().c_str());
        // Of another draft it is not.
        const std::string other = draft();
        const auto status =
            m_master->engine.act(kOperator, other, ReleaseVerb::Start, shown).status();
        QVERIFY(base::messageOf(status).find("not known here any more") != std::string::npos);
    }

private:
    std::string draft(bool needsApproval = false) {
        domain::ReleaseSpec wanted = spec();
        wanted.approvalRequired = needsApproval;
        return m_master->engine.create(kOperator, wanted)->release.id;
    }
    void enrol(const std::string& uuid) {
        domain::MachineFacts facts;
        facts.uuid = uuid;
        facts.machineType = "LINUX";
        m_master->fleet.enrol(facts, m_master->clock.now());
    }
    void forget(const std::string& uuid) { m_master->fleet.remove(uuid); }

    std::unique_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<OneOfMany> m_master;
};

QTEST_GUILESS_MAIN(TestReleasePlans)
#include "tst_release_plans.moc"
