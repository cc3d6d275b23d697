// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "shared/base/status.h"
#include "tests/gui/presenters/release_desk.h"

using namespace ifrit;
namespace services = gui::services;
using domain::DangerClass;
using domain::ReleaseVerb;
using gui::presenters::ReleasePresenter;
using tests::releaseInGray;

class TestReleasePresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void dropsWhatAnEarlierReleaseAnswers();
    void whatWasAnsweredAboutAnotherIsTakenAway();
    void refusesWithTheMastersReason();
    void abortSendsWhatWasConfirmed();
    void whatIsSentIsWhatTheSheetShowed();
    void theSheetsRowsAddUpToItsNumber();
    void aStageThatMovedIsTold();
    void whatCannotBeDoneAnyMoreIsNotSent();
    void anOlderWordOfAnotherMasterIsDropped();
    void aRollbackOfWhatWasOverIsWatched();
    void tellsTheDifferenceOfACountThatChanged();
    void rollbackInProductionIsClassFour();
    void startOfADraftPlansFirst();
    void approvalIsAnothersToGive();
    void wideFollowsTheClustersSize();
    void lanesAndFiguresAgree();
    void theErrorBudgetIsTold();
    void theAuditIsThatOfTheRelease();
    void theAuditOfALinkIsThatOfTheRelease();
    void anEmptyListSaysWhy();
    void saysWhatItWasAskedToDo();
    void closingTheSessionForgets();
};

void TestReleasePresenter::dropsWhatAnEarlierReleaseAnswers() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    desk.look("b");
    auto& machines = desk.releases.machineCalls;
    QCOMPARE(machines.pending(), std::size_t{2});
    services::ReleaseMachine ofB;
    ofB.uuid = "of-b";
    services::ReleaseMachine ofA;
    ofA.uuid = "of-a";
    // The answer about b comes first, the late one about a must not replace it.
    machines.deliver(1, services::Page<services::ReleaseMachine>{{ofB}, {}});
    machines.deliver(0, services::Page<services::ReleaseMachine>{{ofA}, {}});
    QCOMPARE(presenter.machineModel().rowCount(), 1);
    QCOMPARE(presenter.machineModel().at(0)->uuid, std::string("of-b"));
    QCOMPARE(desk.releases.releaseWatch.open(), std::size_t{1});
}

// The refusal of one release stood on the page of the next.
void TestReleasePresenter::whatWasAnsweredAboutAnotherIsTakenAway() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    desk.look("a");
    QCOMPARE(acted.size(), 0);
    desk.look("b");
    QCOMPARE(acted.size(), 1);
    QCOMPARE(acted.first().first().toString(), QString());
}

void TestReleasePresenter::refusesWithTheMastersReason() {
    tests::ReleaseDesk desk({"release.rollback", "release.verify", "release.resume"});
    ReleasePresenter& presenter = desk.presenter;
    QVERIFY(!presenter.action(ReleaseVerb::Verify).enabled());
    desk.tell(releaseInGray("a", domain::ReleaseState::Running));
    QVERIFY(presenter.action(ReleaseVerb::Verify).enabled());
    QCOMPARE(presenter.action(ReleaseVerb::Rollback).whyNot,
             QStringLiteral("nothing was changed yet"));
    QVERIFY(presenter.action(ReleaseVerb::Resume).whyNot.contains(QStringLiteral("running")));
    QVERIFY(presenter.action(ReleaseVerb::Abort).whyNot.contains(QStringLiteral("release.abort")));
    presenter.act(presenter.request(ReleaseVerb::Abort), QStringLiteral("no"));
    QCOMPARE(desk.releases.actCalls.made(), std::size_t{0});
}

void TestReleasePresenter::abortSendsWhatWasConfirmed() {
    tests::ReleaseDesk desk({"release.abort"});
    ReleasePresenter& presenter = desk.presenter;
    desk.tell(releaseInGray("a", domain::ReleaseState::Running));
    const auto facts = presenter.facts(ReleaseVerb::Abort);
    QCOMPARE(facts.danger, DangerClass::Wide);
    QCOMPARE(facts.machines, 3LL);
    QCOMPARE(facts.commands.front().count, std::uint64_t{3});
    presenter.act(presenter.request(ReleaseVerb::Abort), QStringLiteral("wrong version"));
    QVERIFY(!presenter.action(ReleaseVerb::Abort).enabled());
    auto& calls = desk.releases.actCalls;
    QCOMPARE(calls.last().verb, ReleaseVerb::Abort);
    QCOMPARE(calls.last().mutation.reason, std::string("wrong version"));
    QCOMPARE(calls.last().mutation.expectedCount, std::optional<std::uint64_t>(3));
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    calls.deliver(releaseInGray("a", domain::ReleaseState::Aborted));
    QCOMPARE(acted.size(), 1);
    QCOMPARE(acted.first().first().toString(), QString());
    QCOMPARE(presenter.info()->release.state, domain::ReleaseState::Aborted);
}

// The stream went on while the sheet was open: 3 were confirmed, and 120 were sent and accepted.
void TestReleasePresenter::whatIsSentIsWhatTheSheetShowed() {
    tests::ReleaseDesk desk({"release.promote"});
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.release.stage = domain::StageKind::Gray;
    info.allowedVerbs = {ReleaseVerb::Promote};
    desk.tell(info);
    const auto facts = presenter.facts(ReleaseVerb::Promote);
    const auto shown = presenter.request(ReleaseVerb::Promote);
    QVERIFY(facts.facts.contains(
        qMakePair(QStringLiteral("Current stage"),
                  gui::models::StatusWords::nameOf(domain::StageKind::Gray, 0))));
    info.stages.front().counts.targeted = 120;
    info.release.stage = domain::StageKind::Batch;
    info.batch = 2;
    desk.tell(info);
    QCOMPARE(presenter.facts(ReleaseVerb::Promote).machines, 120LL);
    presenter.act(shown, QStringLiteral("go"));
    const auto& sent = desk.releases.actCalls.last();
    QCOMPARE(facts.machines, 3LL);
    QCOMPARE(sent.mutation.expectedCount, std::optional<std::uint64_t>(3));
    QCOMPARE(sent.seen, std::optional(services::SeenStage{domain::StageKind::Gray, 0}));
    QCOMPARE(sent.mutation.reason, std::string("go"));
}

// The stage's row said 5 beside "type 3 to go on".
void TestReleasePresenter::theSheetsRowsAddUpToItsNumber() {
    tests::ReleaseDesk desk({"release.promote"});
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.stages.front().counts.opened = base::fromUnixMillis(1);
    services::StageProgress batch;
    batch.counts.kind = domain::StageKind::Batch;
    batch.counts.batch = 2;
    batch.counts.targeted = 5;
    batch.counts.outcomes = {{domain::Outcome::Pending, 3}, {domain::Outcome::Skipped, 2}};
    info.stages.push_back(batch);
    info.allowedVerbs = {ReleaseVerb::Promote};
    info.reached = {{ReleaseVerb::Promote, 3}};
    desk.tell(info);
    const auto facts = desk.presenter.facts(ReleaseVerb::Promote);
    QCOMPARE(facts.machines, 3LL);
    QVERIFY(facts.facts.contains(
        qMakePair(gui::models::StatusWords::nameOf(domain::StageKind::Batch, 2),
                  QStringLiteral("3 machine(s)"))));
}

void TestReleasePresenter::aStageThatMovedIsTold() {
    tests::ReleaseDesk desk({"release.promote"});
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.allowedVerbs = {ReleaseVerb::Promote};
    desk.tell(info);
    presenter.act(presenter.request(ReleaseVerb::Promote), QStringLiteral("x"));
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    desk.releases.actCalls.deliver(base::makeError(absl::StatusCode::kAborted, "RELEASE_MOVED", "a",
                                                   "the release moved on since you looked"));
    const QString sentence = acted.first().first().toString();
    QVERIFY2(sentence.contains(QStringLiteral("moved on since you looked")), qPrintable(sentence));
    QVERIFY(sentence.contains(QStringLiteral("RELEASE_MOVED")));
}

void TestReleasePresenter::whatCannotBeDoneAnyMoreIsNotSent() {
    tests::ReleaseDesk desk({"release.verify"});
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    desk.tell(info);
    const auto shown = presenter.request(ReleaseVerb::Verify);
    info.allowedVerbs = {};
    info.refusedVerbs[ReleaseVerb::Verify] = "it was halted";
    desk.tell(info);
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    presenter.act(shown, {});
    QCOMPARE(acted.first().first().toString(), QStringLiteral("it was halted"));
    // Nor anything of a release that is not shown any more.
    desk.look("b");
    desk.tell(releaseInGray("b", domain::ReleaseState::Running));
    presenter.act(shown, {});
    QCOMPARE(desk.releases.actCalls.made(), std::size_t{0});
}

void TestReleasePresenter::anOlderWordOfAnotherMasterIsDropped() {
    tests::ReleaseDesk desk({"release.pause"});
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.release.revision = 4;
    desk.tell(info);
    presenter.act(presenter.request(ReleaseVerb::Pause), {});
    auto paused = releaseInGray("a", domain::ReleaseState::Paused);
    paused.release.revision = 5;
    desk.releases.actCalls.deliver(paused);
    desk.tell(info);
    QCOMPARE(presenter.info()->release.state, domain::ReleaseState::Paused);
    info.release.revision = 6;
    desk.tell(info);
    QCOMPARE(presenter.info()->release.state, domain::ReleaseState::Running);
}

// The watch of a release that was done had ended: its rollback stood still on the screen.
void TestReleasePresenter::aRollbackOfWhatWasOverIsWatched() {
    tests::ReleaseDesk desk({"release.rollback"});
    ReleasePresenter& presenter = desk.presenter;
    auto& releases = desk.releases;
    auto info = releaseInGray("a", domain::ReleaseState::Done);
    info.release.revision = 8;
    info.allowedVerbs = {ReleaseVerb::Rollback};
    releases.releaseWatch.tell(info);
    releases.releaseWatch.end(absl::OkStatus());
    QCOMPARE(releases.releaseWatch.open(), std::size_t{0});
    presenter.act(presenter.request(ReleaseVerb::Rollback), QStringLiteral("CPU"));
    info.release.state = domain::ReleaseState::RollingBack;
    info.release.revision = 9;
    releases.actCalls.deliver(info);
    QCOMPARE(releases.releaseWatch.open(), std::size_t{1});
    QCOMPARE(releases.watchedAtLeast, std::uint64_t{9});
    info.release.state = domain::ReleaseState::RolledBack;
    info.release.revision = 10;
    releases.releaseWatch.tell(info);
    QCOMPARE(presenter.info()->release.state, domain::ReleaseState::RolledBack);
}

void TestReleasePresenter::tellsTheDifferenceOfACountThatChanged() {
    tests::ReleaseDesk desk({"release.abort"});
    ReleasePresenter& presenter = desk.presenter;
    desk.tell(releaseInGray("a", domain::ReleaseState::Running));
    presenter.act(presenter.request(ReleaseVerb::Abort), QStringLiteral("x"));
    absl::Status refused =
        base::makeError(absl::StatusCode::kAborted, "COUNT_MISMATCH", "a", "the fleet changed");
    refused.SetPayload("ifrit/actual-count", absl::Cord("5"));
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    desk.releases.actCalls.deliver(refused);
    const QString sentence = acted.first().first().toString();
    QVERIFY2(sentence.contains(QStringLiteral("You confirmed 3 machine(s), the master counts 5")),
             qPrintable(sentence));
    QVERIFY(sentence.contains(QStringLiteral("COUNT_MISMATCH")));
    QVERIFY(presenter.action(ReleaseVerb::Abort).enabled());
}

void TestReleasePresenter::rollbackInProductionIsClassFour() {
    tests::ReleaseDesk desk({}, "production");
    ReleasePresenter& presenter = desk.presenter;
    desk.tell(releaseInGray("a", domain::ReleaseState::Running));
    QCOMPARE(presenter.facts(ReleaseVerb::Rollback).danger, DangerClass::WideInProduction);
    QCOMPARE(presenter.facts(ReleaseVerb::Verify).danger, DangerClass::ChangesMachines);
    QCOMPARE(presenter.facts(ReleaseVerb::Pause).danger, DangerClass::EasilyReversed);
}

void TestReleasePresenter::startOfADraftPlansFirst() {
    tests::ReleaseDesk desk({"release.start"});
    ReleasePresenter& presenter = desk.presenter;
    auto draft = releaseInGray("a", domain::ReleaseState::Draft);
    draft.stages.clear();
    draft.allowedVerbs = {ReleaseVerb::Start};
    desk.tell(draft);
    QSignalSpy prepared(&presenter, &ReleasePresenter::prepared);
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    auto& plans = desk.releases.planCalls;
    presenter.prepare(ReleaseVerb::Start);
    QCOMPARE(plans.last(), std::string("a"));
    services::ReleasePlan plan;
    plan.conflicts = {"release 3 of logd is running"};
    plans.deliver(plan);
    QCOMPARE(acted.last().first().toString(), QStringLiteral("release 3 of logd is running"));
    presenter.prepare(ReleaseVerb::Start);
    plan.conflicts.clear();
    plan.planId = "p7";
    plan.generation = 9;
    plan.machinesTotal = 5;
    plan.clusterMachines = 100;
    plan.stages = {{domain::StageKind::Full, 0, {{"LINUX", 5}}, {{"1.4.9", 5}}}};
    plans.deliver(plan);
    QTRY_COMPARE(prepared.size(), 1);
    // What was not started yet knows of no version before.
    QCOMPARE(presenter.facts(ReleaseVerb::Start).facts[0].second,
             QStringLiteral("1.4.9 → ") + QString::fromStdString(draft.release.spec.version));
    QCOMPARE(presenter.facts(ReleaseVerb::Start).danger, DangerClass::ChangesMachines);
    QCOMPARE(presenter.facts(ReleaseVerb::Start).machines, 5LL);
    presenter.act(presenter.request(ReleaseVerb::Start), QStringLiteral("go"));
    const auto& request = desk.releases.actCalls.last();
    QCOMPARE(request.planId, std::string("p7"));
    QCOMPARE(request.mutation.expectedCount, std::optional<std::uint64_t>(5));
    QCOMPARE(request.mutation.resolvedAtGeneration, std::uint64_t{9});
}

void TestReleasePresenter::approvalIsAnothersToGive() {
    tests::ReleaseDesk desk({"release.start", "release.approve"});
    ReleasePresenter& presenter = desk.presenter;
    const std::string me = desk.hub.identity()->user;
    auto& releases = desk.releases;
    auto info = releaseInGray("a", domain::ReleaseState::Draft);
    info.stages.clear();
    info.allowedVerbs = {ReleaseVerb::Start, ReleaseVerb::Approve};
    info.approvalRequired = true;
    info.release.createdBy = me;
    releases.releaseWatch.tell(info);
    QVERIFY(presenter.action(ReleaseVerb::Approve).whyNot.contains(QStringLiteral("You made")));
    QVERIFY(presenter.action(ReleaseVerb::Start).whyNot.contains(QStringLiteral("approve it")));
    QVERIFY(presenter.factsLine().contains(QStringLiteral("needs an approval")));
    info.release.endedApproval = domain::Approval{"eve", {}, "p0", {}};
    releases.releaseWatch.tell(info);
    QVERIFY(presenter.action(ReleaseVerb::Start)
                .whyNot.contains(QStringLiteral("What eve approved no longer holds")));
    QVERIFY(presenter.factsLine().contains(QStringLiteral("eve's has ended")));
    // Another one's: the plan is asked for, and that very plan is approved, whatever keeps it from
    // being started.
    info.release.createdBy = "somebody";
    releases.releaseWatch.tell(info);
    QVERIFY(presenter.action(ReleaseVerb::Approve).enabled());
    QSignalSpy prepared(&presenter, &ReleasePresenter::prepared);
    presenter.prepare(ReleaseVerb::Approve);
    services::ReleasePlan plan;
    plan.planId = "p1";
    plan.machinesTotal = 5;
    plan.approvalRequired = true;
    plan.conflicts = {"release 12 needs the approval of a second person"};
    releases.planCalls.deliver(plan);
    QTRY_COMPARE(prepared.size(), 1);
    QCOMPARE(presenter.facts(ReleaseVerb::Approve).machines, qint64{5});
    QCOMPARE(presenter.facts(ReleaseVerb::Approve).danger, DangerClass::ChangesMachines);
    presenter.act(presenter.request(ReleaseVerb::Approve), QStringLiteral("seen"));
    QCOMPARE(releases.actCalls.last().planId, std::string("p1"));
    QVERIFY(releases.actCalls.last().verb == ReleaseVerb::Approve);
    // Who approved does not start.
    info.release.approval = domain::Approval{me, base::fromUnixMillis(1), "p1", "seen"};
    releases.actCalls.deliver(info);
    QVERIFY(presenter.action(ReleaseVerb::Start).whyNot.contains(QStringLiteral("You approved")));
    QVERIFY(presenter.factsLine().contains(QStringLiteral("approved by")));
    info.release.approval->by = "bob";
    releases.releaseWatch.tell(info);
    QVERIFY(presenter.action(ReleaseVerb::Start).enabled());
}

void TestReleasePresenter::wideFollowsTheClustersSize() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.clusterMachines = 60;
    desk.tell(info);
    QCOMPARE(presenter.facts(ReleaseVerb::Verify).danger, DangerClass::ChangesMachines);
    info.clusterMachines = 59;
    desk.tell(info);
    QCOMPARE(presenter.facts(ReleaseVerb::Verify).danger, DangerClass::Wide);
    QCOMPARE(presenter.command(ReleaseVerb::Verify).count, std::uint64_t{3});
}

void TestReleasePresenter::theErrorBudgetIsTold() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.stages[0].counts.opened.reset();
    desk.tell(info);
    const auto budget = [&presenter]() -> std::optional<gui::models::Figure> {
        for (const auto& figure : presenter.figures()) {
            if (figure.label == QStringLiteral("Error budget")) return figure;
        }
        return std::nullopt;
    };
    QVERIFY2(!budget(), "no stage is open");
    info.stages[0].counts.opened = base::fromUnixMillis(1);
    info.stages[0].badLimit = 2;
    desk.tell(info);
    QVERIFY(budget());
    QCOMPARE(budget()->value, QStringLiteral("2"));
    QCOMPARE(budget()->unit, QStringLiteral("used, 2 allowed"));
    QCOMPARE(budget()->kind, std::optional(gui::models::StatusKind::Wait));
    QVERIFY2(presenter.lanes()[0].threshold < 0, "half of the stage halts before its limit does");
    info.stages[0].counts.targeted = 6;
    desk.tell(info);
    QVERIFY2(presenter.lanes()[0].threshold < 0, "at half it does so too, and there is a figure");
    info.stages[0].counts.targeted = 7;
    desk.tell(info);
    QVERIFY(presenter.lanes()[0].threshold > 0);
    // What is bad does not hide since when it is open.
    QVERIFY(presenter.lanes()[0].note.startsWith(QLatin1String("open since")));
    QCOMPARE(presenter.lanes()[0].bad, QStringLiteral("2 bad, 2 is/are let through"));
    info.stages[0].badLimit = 1;
    desk.tell(info);
    QCOMPARE(budget()->kind, std::optional(gui::models::StatusKind::Fail));
    // "0 of 0" is no budget that anybody understands, and "2 none may fail" none either.
    info.stages[0].badLimit = 0;
    desk.tell(info);
    QCOMPARE(budget()->unit, QStringLiteral("used, 0 allowed"));
}

void TestReleasePresenter::lanesAndFiguresAgree() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    desk.tell(releaseInGray("a", domain::ReleaseState::Running));
    const auto lanes = presenter.lanes();
    QCOMPARE(lanes.size(), 1);
    QCOMPARE(lanes[0].segments.size(), 2);
    QCOMPARE(lanes[0].segments[1].machines, 2LL);
    const auto figures = presenter.figures();
    QCOMPARE(figures[0].value, QStringLiteral("1"));
    QCOMPARE(figures[3].value, QStringLiteral("2"));
    QVERIFY(!figures[0].struck);
    desk.master.connection.tell(services::LinkState::Stale);
    for (const auto& figure : presenter.figures())
        QVERIFY(figure.struck);
}

void TestReleasePresenter::theAuditIsThatOfTheRelease() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    auto& calls = desk.master.audit.listCalls;
    QCOMPARE(calls.last().object, std::string("a"));
    services::AuditRow row;
    row.id = 7;
    row.verb = "release.verify";
    calls.deliver(services::Page<services::AuditRow>{{row}, {}});
    QCOMPARE(presenter.auditModel().rowCount(), 1);
    desk.look("b");
    QCOMPARE(presenter.auditModel().rowCount(), 0);
    QCOMPARE(calls.last().object, std::string("b"));
}

// A link has the number, the audit has the id: nobody seemed to have acted on the release.
void TestReleasePresenter::theAuditOfALinkIsThatOfTheRelease() {
    tests::ReleaseDesk desk;
    auto& calls = desk.master.audit.listCalls;
    const std::size_t made = calls.made();
    desk.look("12");
    QCOMPARE(calls.made(), made);
    QCOMPARE(desk.presenter.emptyLines().audit, QStringLiteral("Loading."));
    desk.tell(releaseInGray("a-uuid", domain::ReleaseState::Running));
    QCOMPARE(calls.made(), made + 1);
    QCOMPARE(calls.last().object, std::string("a-uuid"));
    calls.deliver(services::Page<services::AuditRow>());
    const auto rows = desk.presenter.auditRows();
    rows->read([](qint64) {}, [](const QString&) {});
    QCOMPARE(calls.last().object, std::string("a-uuid"));
}

void TestReleasePresenter::anEmptyListSaysWhy() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    // Before the answer nobody knows that nothing failed.
    QCOMPARE(presenter.emptyLines().failures, QStringLiteral("Loading."));
    QCOMPARE(presenter.emptyLines().audit, QStringLiteral("Loading."));
    auto& machines = desk.releases.machineCalls;
    machines.deliver(services::Page<services::ReleaseMachine>{{}, {}});
    QCOMPARE(presenter.emptyLines().machines, QStringLiteral("No machine is part of it yet."));
    QCOMPARE(presenter.emptyLines().failures, QStringLiteral("Loading."));
    desk.master.audit.listCalls.deliver(absl::UnavailableError("the database is away"));
    QCOMPARE(presenter.emptyLines().audit, QStringLiteral("The database is away."));
}

void TestReleasePresenter::saysWhatItWasAskedToDo() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    QVERIFY(presenter.specFacts().isEmpty());
    services::ReleaseInfo info = releaseInGray("a", domain::ReleaseState::Running);
    info.release.spec.machineTypes = {"LINUX", "ARM64"};
    info.release.previousVersions = {{"LINUX", "1.5.0"}};
    info.release.spec.gray.uuids = {"i-1", "i-2"};
    info.release.spec.batches = {true, std::chrono::minutes(5), domain::BatchAdvance::Promote, {}};
    for (const std::uint32_t batch : {2U, 1U}) {
        services::StageProgress stage;
        stage.counts.kind = domain::StageKind::Batch;
        stage.counts.batch = batch;
        info.stages.push_back(stage);
    }
    info.release.spec.windows.blackouts = {*domain::parseDateRange("2026-12-24..2027-01-02")};
    desk.tell(info);
    QStringList values;
    for (const auto& [label, value] : presenter.specFacts())
        values << value;
    const QString all = values.join(QLatin1Char('\n'));
    for (const char* said :
         {"LINUX from 1.5.0 to 1.6.1, ARM64 to 1.6.1", "in the order 2 1", "at least 5 min apart",
          "each waits for promote", "not 2026-12-24..2027-01-02"})
        QVERIFY2(all.contains(QLatin1String(said)), qPrintable(all));
}

void TestReleasePresenter::closingTheSessionForgets() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    desk.tell(releaseInGray("a", domain::ReleaseState::Running));
    desk.hub.close();
    QVERIFY(!presenter.info());
    QCOMPARE(desk.releases.releaseWatch.open(), std::size_t{0});
    QCOMPARE(desk.master.sessions, 0);
}

QTEST_GUILESS_MAIN(TestReleasePresenter)
#include "tst_release_presenter.moc"
