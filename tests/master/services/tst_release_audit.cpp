// SPDX-License-Identifier: Apache-2.0
// What the audit's row of a release's verb says of it.
#include <fmt/format.h>

#include <QTest>
#include <memory>

#include "tests/master/services/release_engine_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;
using domain::ReleaseVerb;

class TestReleaseAudit : public QObject {
    Q_OBJECT

    /// "before -> after" of the row that the verb wrote.
    QString rowOf(ReleaseVerb verb) {
        const auto done = m_master->engine.act(kAda, m_id, verb, "");
        const AuditEntry& entry = m_master->database->state.audit.back().entry;
        return done.ok() ? rowOf(entry.before, entry.after)
                         : QString::fromStdString(base::messageOf(done.status()));
    }
    static QString rowOf(const std::string& before, const std::string& after) {
        return QString::fromStdString(before + " -> " + after);
    }
    void runs(const std::string& uuid) {
        m_master->report(uuid, "2", kV2, MachineState::Healthy, m_id);
    }
    static std::string in(const std::string& state, const std::string& stage) {
        return fmt::format(R"({{"state":"{}","stage":{}}})", state, stage);
    }

private Q_SLOTS:
    void init() {
        m_master = settled(12);
        domain::ReleaseSpec staged = spec("2", {"m0"});
        staged.pilot.count = 1;
        staged.batches.enabled = true;
        staged.batches.advance = domain::BatchAdvance::Promote;
        const std::size_t rows = m_master->database->state.audit.size();
        m_id = m_master->started(staged).id;
        const auto& audit = m_master->database->state.audit;
        QVERIFY(audit.size() > rows);
        const AuditEntry& started = audit.back().entry;
        QCOMPARE(started.verb, std::string("release.start"));
        QCOMPARE(started.before, std::string(R"({"state":"draft"})"));
        QCOMPARE(started.after, in("running", "\"gray\""));
    }

    void eachVerbSaysWhatItOpened() {
        const std::string gray = in("running", "\"gray\"");
        const std::string paused = in("paused", "\"gray\"");
        QCOMPARE(rowOf(ReleaseVerb::Pause), rowOf(gray, paused));
        QCOMPARE(rowOf(ReleaseVerb::Resume), rowOf(paused, gray));
        runs("m0");
        QCOMPARE(rowOf(ReleaseVerb::Promote),
                 rowOf(in("running", "\"gray\""), in("running", "\"pilot\"")));
        const domain::Release pilot = m_master->engine.head(m_id).value()->release;
        const std::uint32_t first = pilot.stages[2].batch;
        const std::uint32_t second = pilot.stages[3].batch;
        const auto batch = [](std::uint32_t number) {
            return fmt::format("\"batch\",\"batch\":{}", number);
        };
        for (const auto& view : m_master->fleet.all())
            runs(view.record->stored.facts.uuid);
        QCOMPARE(rowOf(ReleaseVerb::Promote),
                 rowOf(in("running", "\"pilot\""), in("running", batch(first))));
        QCOMPARE(rowOf(ReleaseVerb::Promote),
                 rowOf(in("running", batch(first)), in("running", batch(second))));
        QCOMPARE(rowOf(ReleaseVerb::PromoteAll),
                 rowOf(in("running", batch(second)), in("done", "\"full\"")));
    }

    void whatEndsItSaysWhere() {
        QCOMPARE(rowOf(ReleaseVerb::Abort),
                 rowOf(in("running", "\"gray\""), in("aborted", "\"gray\"")));
    }

    void aDraftHasNoStage() {
        m_id = m_master->engine.create(kAda, spec("1"))->release.id;
        QCOMPARE(rowOf(ReleaseVerb::Abort),
                 rowOf(R"({"state":"draft"})", R"({"state":"aborted"})"));
    }

private:
    std::unique_ptr<Master> m_master;
    std::string m_id;
};

QTEST_GUILESS_MAIN(TestReleaseAudit)
#include "tst_release_audit.moc"
