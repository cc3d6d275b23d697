// SPDX-License-Identifier: GPL-3.0-or-later
// What the sheet of a verb says, and that it is what is sent and copied.
#include <QTest>

#include "gui/presenters/release_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
using namespace std::chrono_literals;
namespace services = gui::services;
using domain::DangerClass;
using domain::Outcome;
using domain::ReleaseVerb;
using gui::presenters::ReleasePresenter;

namespace {

/// 1.5.0 to 1.5.1 on 30 machines: gray is over, with one that failed; a batch of 4 opens next.
services::ReleaseInfo afterGray(base::WallTime now) {
    services::ReleaseInfo info;
    info.release.id = "a";
    info.release.number = 12;
    info.release.spec.agent = "logd";
    info.release.spec.version = "1.5.1";
    info.release.spec.machineDeadline = 10min;
    info.release.previousVersions = {{"LINUX", "1.5.0"}, {"ARM64", "1.5.0"}};
    info.release.state = domain::ReleaseState::Running;
    info.release.started = now;
    info.clusterMachines = 100;
    services::StageProgress gray;
    gray.counts.kind = domain::StageKind::Gray;
    gray.counts.targeted = 6;
    gray.counts.outcomes = {{Outcome::Ok, 5}, {Outcome::Failed, 1}};
    gray.counts.opened = now;
    services::StageProgress batch;
    batch.counts.kind = domain::StageKind::Batch;
    batch.counts.batch = 1;
    batch.counts.targeted = 4;
    services::StageProgress full;
    full.counts.targeted = 20;
    info.stages = {gray, batch, full};
    info.allowedVerbs = {ReleaseVerb::Verify,     ReleaseVerb::Promote,  ReleaseVerb::RetryFailed,
                         ReleaseVerb::PromoteAll, ReleaseVerb::Rollback, ReleaseVerb::Abort};
    info.reached = {{ReleaseVerb::Verify, 4},      {ReleaseVerb::Promote, 4},
                    {ReleaseVerb::RetryFailed, 1}, {ReleaseVerb::PromoteAll, 24},
                    {ReleaseVerb::Rollback, 6},    {ReleaseVerb::Abort, 30}};
    return info;
}

QString factOf(const gui::models::DangerFacts& facts, const char* label) {
    for (const auto& [name, value] : facts.facts) {
        if (name == QLatin1String(label)) return value;
    }
    return {};
}

}  // namespace

class TestReleaseSheet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_fixture = std::make_unique<tests::HubFixture>();
        m_fixture->connect({"release.start", "release.approve"});
        m_presenter = std::make_unique<ReleasePresenter>(m_fixture->hub);
        m_presenter->open(QStringLiteral("a"));
        m_fixture->master.releases.machineCalls.deliver(
            services::Page<services::ReleaseMachine>{{ranBefore("1.5.0")}, {}});
        tell(afterGray(m_fixture->clock.now()));
    }
    void cleanup() {
        m_presenter.reset();
        m_fixture.reset();
    }

    // It said "1.5.0 → 1.5.1" while the machines went the other way.
    void aRollbackGoesFromTheNewVersionToTheOneBefore() {
        QCOMPARE(factOf(facts(ReleaseVerb::Rollback), "Versions"), QStringLiteral("1.5.1 → 1.5.0"));
        QCOMPARE(factOf(facts(ReleaseVerb::Promote), "Versions"), QStringLiteral("1.5.0 → 1.5.1"));
        auto info = afterGray(m_fixture->clock.now());
        info.release.previousVersions = {{"ARM64", ""}, {"LINUX", "1.4"}};
        tell(info);
        machinesAre({ranBefore("1.4")});
        QCOMPARE(factOf(facts(ReleaseVerb::Rollback), "Versions"),
                 QStringLiteral("1.5.1 → absent, 1.4"));
        info.release.spec.action = domain::DesiredAction::Uninstall;
        info.release.previousVersions = {{"LINUX", "1.4"}};
        tell(info);
        QCOMPARE(factOf(facts(ReleaseVerb::Rollback), "Versions"), QStringLiteral("absent → 1.4"));
    }

    // 1.5.0 was settled and 1.5.1 on eleven of twelve, by an aborted release. The sheet said 1.5.0,
    // and the machine went to 1.5.1.
    void aRollbackNamesWhatAnAbortedReleaseHadLeft() {
        const auto versions = [this] { return factOf(facts(ReleaseVerb::Rollback), "Versions"); };
        auto unopened = ranBefore("1.3");
        unopened.stage = domain::StageKind::Batch;
        unopened.batch = 1;
        machinesAre({ranBefore("1.5.0"), ranBefore("1.4.9"), ranBefore("1.4.9"), unopened});
        QCOMPARE(versions(),
                 QStringLiteral("1.5.1 → 1.5.0, or 1.4.9 where an aborted release had left that"));
        // What nothing of the agent ran on may be new, or left so.
        const QString unknown =
            QStringLiteral("1.5.1 → 1.5.0, or what an aborted release had left on a machine");
        machinesAre({ranBefore("1.5.0"), ranBefore("")});
        QCOMPARE(versions(), unknown);
        // Nor is it known where not every machine was read.
        machinesAre({ranBefore("1.5.0")}, "more");
        QCOMPARE(versions(), unknown);
        machinesAre({ranBefore("1.5.0")});
        QCOMPARE(versions(), QStringLiteral("1.5.1 → 1.5.0"));
    }

    void aVerbAsksForTheMachinesThatItReaches_data() {
        QTest::addColumn<int>("verb");
        QTest::addColumn<int>("machines");
        QTest::addColumn<int>("danger");
        const auto row = [](const char* name, ReleaseVerb verb, int machines, DangerClass danger) {
            QTest::newRow(name) << static_cast<int>(verb) << machines << static_cast<int>(danger);
        };
        row("verify", ReleaseVerb::Verify, 4, DangerClass::ChangesMachines);
        row("promote", ReleaseVerb::Promote, 4, DangerClass::ChangesMachines);
        row("retry", ReleaseVerb::RetryFailed, 1, DangerClass::ChangesMachines);
        row("promote all", ReleaseVerb::PromoteAll, 24, DangerClass::Wide);
        row("rollback", ReleaseVerb::Rollback, 6, DangerClass::Wide);
        row("abort", ReleaseVerb::Abort, 30, DangerClass::Wide);
    }
    // Whatever the verb changed, the number was that of the whole release.
    void aVerbAsksForTheMachinesThatItReaches() {
        QFETCH(const int, verb);
        QFETCH(const int, machines);
        QFETCH(const int, danger);
        const auto wanted = static_cast<ReleaseVerb>(verb);
        const auto shown = facts(wanted);
        QCOMPARE(shown.machines, qint64{machines});
        QCOMPARE(static_cast<int>(shown.danger), danger);
        QVERIFY(factOf(shown, "Machines").contains(QString::number(machines)));
        QCOMPARE(m_presenter->request(wanted).mutation.expectedCount,
                 std::optional(static_cast<std::uint64_t>(machines)));
        const auto command = m_presenter->command(wanted);
        const bool wide = shown.danger >= DangerClass::Wide;
        QCOMPARE(command.count, wide ? std::uint64_t(machines) : std::uint64_t{0});
    }

    // "Every machine of the release" and "all machines" stood over 6 and 24 of 30.
    void whatIsReachedIsNotSaidToBeAll() {
        for (const ReleaseVerb verb : {ReleaseVerb::Rollback, ReleaseVerb::PromoteAll}) {
            const QString said = facts(verb).sentence;
            QVERIFY2(!said.contains(QLatin1String("machine of the release")), qPrintable(said));
            QVERIFY2(!said.contains(QLatin1String("all machines")), qPrintable(said));
            QVERIFY2(said.contains(QLatin1String("stage")), qPrintable(said));
        }
    }

    // "The next stage opens without waiting for this one" stood under "batch 4 is over".
    void promoteSaysWhatOpensAndWhetherAnybodyWaits() {
        auto info = afterGray(m_fixture->clock.now());
        info.release.stage = domain::StageKind::Gray;
        info.saysPerson = false;
        tell(info);
        QCOMPARE(facts(ReleaseVerb::Promote).sentence,
                 QStringLiteral("Batch 1 opens without waiting for Gray, and its machines change "
                                "their version."));
        info.saysPerson = true;
        tell(info);
        QCOMPARE(facts(ReleaseVerb::Promote).sentence,
                 QStringLiteral("Batch 1 opens, and its machines change their version."));
        QCOMPARE(facts(ReleaseVerb::Verify).sentence,
                 QStringLiteral("You say that Gray is good. Batch 1 opens, and its machines change "
                                "their version."));
        // One without machines passes, and the next one opens with it.
        info.stages[1].counts.targeted = 0;
        tell(info);
        QVERIFY(facts(ReleaseVerb::Promote).sentence.startsWith(QLatin1String("Full opens,")));
        info.stages.resize(1);
        tell(info);
        QCOMPARE(facts(ReleaseVerb::Promote).sentence, QStringLiteral("No stage is left to open."));
    }

    void onlyTheStagesThatAVerbReachesAreListed_data() {
        QTest::addColumn<int>("verb");
        QTest::addColumn<QStringList>("stages");
        const auto row = [](const char* name, ReleaseVerb verb, const QStringList& stages) {
            QTest::newRow(name) << static_cast<int>(verb) << stages;
        };
        const QString gray = QStringLiteral("Gray: 6 machine(s)");
        const QString batch = QStringLiteral("Batch 1: 4 machine(s)");
        const QString full = QStringLiteral("Full: 20 machine(s)");
        row("verify", ReleaseVerb::Verify, {batch});
        row("promote", ReleaseVerb::Promote, {batch});
        row("promote all", ReleaseVerb::PromoteAll, {batch, full});
        row("retry", ReleaseVerb::RetryFailed, {QStringLiteral("Gray: 1 machine(s)")});
        row("rollback", ReleaseVerb::Rollback, {gray});
        row("abort", ReleaseVerb::Abort, {gray, batch, full});
    }
    void onlyTheStagesThatAVerbReachesAreListed() {
        QFETCH(const int, verb);
        QFETCH(const QStringList, stages);
        QStringList listed;
        for (const auto& [name, value] : facts(static_cast<ReleaseVerb>(verb)).facts) {
            if (value.endsWith(QLatin1String("machine(s)")))
                listed << name + QLatin1String(": ") + value;
        }
        QCOMPARE(listed, stages);
    }

    // Of 17 that "go back" one had done so by itself.
    void aRollbackSaysHowManyAreBackAlready() {
        QVERIFY(!factOf(facts(ReleaseVerb::Rollback), "Machines").contains(QLatin1String("back")));
        auto info = afterGray(m_fixture->clock.now());
        info.stages[0].counts.outcomes = {{Outcome::Ok, 4}, {Outcome::Reverted, 2}};
        tell(info);
        QCOMPARE(factOf(facts(ReleaseVerb::Rollback), "Machines"),
                 QStringLiteral("6 of the release's 30, counted by the master · 2 of them has/have "
                                "put the version before back already"));
        QCOMPARE(facts(ReleaseVerb::Rollback).machines, qint64{6});
        QVERIFY(!factOf(facts(ReleaseVerb::Abort), "Machines").contains(QLatin1String("back")));
    }

    void aRollbackListsTheStagesThatGoBack() {
        QVERIFY(!factOf(facts(ReleaseVerb::Rollback), "Gray").isEmpty());
        QCOMPARE(factOf(facts(ReleaseVerb::Rollback), "Batch 1"), QString());
        QVERIFY(!factOf(facts(ReleaseVerb::Abort), "Batch 1").isEmpty());
    }

    void anOlderMasterComparesWithTheWholeRelease() {
        auto info = afterGray(m_fixture->clock.now());
        info.reached.clear();
        tell(info);
        QCOMPARE(facts(ReleaseVerb::Promote).machines, qint64{30});
        QCOMPARE(facts(ReleaseVerb::Promote).danger, DangerClass::Wide);
    }

    void theSheetSaysHowLongItTakes() {
        auto info = afterGray(m_fixture->clock.now());
        info.stages[0].counts.outcomes = {{Outcome::Pending, 6}};
        info.reached[ReleaseVerb::RetryFailed] = 2;
        m_presenter->open({});
        m_presenter->open(QStringLiteral("a"));
        tell(info);
        m_fixture->clock.advance(3min);
        info.stages[0].counts.outcomes = {{Outcome::Ok, 4}, {Outcome::Reverted, 2}};
        tell(info);
        m_fixture->clock.advance(40min);
        for (const auto verb :
             {ReleaseVerb::Verify, ReleaseVerb::Promote, ReleaseVerb::RetryFailed})
            QCOMPARE(factOf(facts(verb), "Expected"),
                     QStringLiteral("about 3 min, as the machines before"));
        QVERIFY(factOf(facts(ReleaseVerb::Rollback), "Expected")
                    .contains(QStringLiteral("at most 10 min")));
        QVERIFY(factOf(facts(ReleaseVerb::Abort), "Expected").isEmpty());
        info.stages[0].counts.outcomes = {{Outcome::Pending, 6}};
        tell(info);
        QVERIFY(factOf(facts(ReleaseVerb::Promote), "Expected")
                    .contains(QStringLiteral("at most 10 min")));
        info.reached[ReleaseVerb::Promote] = 0;
        tell(info);
        QVERIFY(
            factOf(facts(ReleaseVerb::Promote), "Expected").contains(QStringLiteral("no machine")));
    }

    // Whom the plan leaves out was shown in the wizard alone.
    void theSheetOfAPlanSaysWhomItRefuses_data() {
        QTest::addColumn<int>("verb");
        QTest::addColumn<int>("refused");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, ReleaseVerb verb, int refused, const char* text) {
            QTest::newRow(name) << static_cast<int>(verb) << refused << QString::fromUtf8(text);
        };
        row("start, none", ReleaseVerb::Start, 0, "");
        row("start, two", ReleaseVerb::Start, 2, "2 machine(s)\nm-0: too old\nm-1: too old");
        row("approve, many", ReleaseVerb::Approve, 1200,
            "1 200 machine(s)\nm-0: too old\nm-1: too old\nm-2: too old\nand 1 197 more");
    }
    void theSheetOfAPlanSaysWhomItRefuses() {
        QFETCH(const int, verb);
        QFETCH(const int, refused);
        QFETCH(const QString, text);
        auto info = afterGray(m_fixture->clock.now());
        info.release.state = domain::ReleaseState::Draft;
        info.allowedVerbs = {ReleaseVerb::Start, ReleaseVerb::Approve};
        tell(info);
        m_presenter->prepare(static_cast<ReleaseVerb>(verb));
        services::ReleasePlan plan;
        plan.planId = "p";
        plan.refusalCount = static_cast<std::uint64_t>(refused);
        for (int i = 0; i < std::min(refused, 1'000); ++i)
            plan.refusals.push_back({"m-" + std::to_string(i), "TOO_OLD", "too old"});
        m_fixture->master.releases.planCalls.deliver(plan);
        QString told = factOf(facts(static_cast<ReleaseVerb>(verb)), "Refused");
        for (const char16_t space : {u'\u2009', u'\u202f', u'\u00a0', u','})
            told.replace(QChar(space), QLatin1Char(' '));
        QCOMPARE(told, text);
    }

private:
    static services::ReleaseMachine ranBefore(const char* version) {
        services::ReleaseMachine out;
        out.stage = domain::StageKind::Gray;
        out.fromVersion = version;
        return out;
    }
    void machinesAre(std::vector<services::ReleaseMachine> machines, const char* next = "") {
        m_presenter->refresh();
        auto& calls = m_fixture->master.releases.machineCalls;
        std::size_t ofAll = 0;  // beside the one that asks who failed
        while (calls.request(ofAll).outcome)
            ++ofAll;
        calls.deliver(ofAll, services::Page<services::ReleaseMachine>{std::move(machines), next});
    }
    void tell(services::ReleaseInfo info) {
        info.release.revision = ++m_revision;
        m_fixture->master.releases.releaseWatch.tell(info);
    }
    gui::models::DangerFacts facts(ReleaseVerb verb) const { return m_presenter->facts(verb); }

    std::unique_ptr<tests::HubFixture> m_fixture;
    std::unique_ptr<ReleasePresenter> m_presenter;
    std::uint64_t m_revision = 0;
};

QTEST_GUILESS_MAIN(TestReleaseSheet)
#include "tst_release_sheet.moc"
