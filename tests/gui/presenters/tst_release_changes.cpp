// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include <functional>

#include "shared/base/status.h"
#include "tests/gui/presenters/release_desk.h"

using namespace ifrit;
namespace services = gui::services;
using domain::ReleaseVerb;
using gui::presenters::ReleasePresenter;
using tests::releaseInGray;

Q_DECLARE_METATYPE(std::function<void(gui::services::ReleaseInfo&)>)

class TestReleaseChanges : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anotherReleaseDoesNotTakeAChangeBack();
    void saysWhoSteppedIn();
    void saysWhySomebodySteppedIn_data();
    void saysWhySomebodySteppedIn();
    void whatHaltedItIsOfThatMoment();
    void whatIsOverIsNotOpenAnyMore_data();
    void whatIsOverIsNotOpenAnyMore();
    void whatIsInTheWayOfARollbackIsTold();
    void whatASheetSaysMayBeOver_data();
    void whatASheetSaysMayBeOver();
    void offersWhatItsStateCanEverAllow_data();
    void offersWhatItsStateCanEverAllow();
};

// To look at another release cancelled the call, and the master may not have begun it.
void TestReleaseChanges::anotherReleaseDoesNotTakeAChangeBack() {
    tests::ReleaseDesk desk({"release.abort"});
    ReleasePresenter& presenter = desk.presenter;
    auto& releases = desk.releases;
    releases.releaseWatch.tell(releaseInGray("a", domain::ReleaseState::Running));
    presenter.act(presenter.request(ReleaseVerb::Abort), QStringLiteral("x"));
    desk.look("b");
    releases.releaseWatch.tell(releaseInGray("b", domain::ReleaseState::Running));
    QVERIFY(presenter.action(ReleaseVerb::Abort).enabled());
    desk.look("a");
    releases.releaseWatch.tell(releaseInGray("a", domain::ReleaseState::Running));
    QVERIFY(!presenter.action(ReleaseVerb::Abort).enabled());
    desk.look("b");
    QSignalSpy acted(&presenter, &ReleasePresenter::acted);
    releases.actCalls.deliver(
        base::makeError(absl::StatusCode::kAborted, "RELEASE_MOVED", "a", "it moved on"));
    QCOMPARE(acted.size(), 1);
    QVERIFY(acted[0][0].toString().startsWith(QStringLiteral("Release 12: ")));
}

// "paused" alone left open who could let it go on.
void TestReleaseChanges::saysWhoSteppedIn() {
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Paused);
    info.release.lastChange = domain::ReleaseChange{};
    info.release.lastChange->what = "paused";
    info.release.lastChange->by = "li";
    info.release.lastChange->at = desk.clock.now() - std::chrono::minutes(5);
    desk.tell(info);
    const QString since = desk.times.at(info.release.lastChange->at);
    QCOMPARE(presenter.waitLine(), QStringLiteral("by li since %1").arg(since));
    info.waitsFor = "soaks for another 30 s";
    desk.tell(info);
    QCOMPARE(presenter.waitLine(),
             QStringLiteral("soaks for another 30 s · by li since %1").arg(since));
    // What it does by itself is nobody's, and one that runs needs nobody.
    info.release.lastChange->by.clear();
    desk.tell(info);
    QCOMPARE(presenter.waitLine(), QStringLiteral("soaks for another 30 s"));
    info.release.lastChange->by = "li";
    info.release.state = domain::ReleaseState::Running;
    desk.tell(info);
    QCOMPARE(presenter.waitLine(), QStringLiteral("soaks for another 30 s"));
}

void TestReleaseChanges::saysWhySomebodySteppedIn_data() {
    using domain::ReleaseState;
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("by");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, ReleaseState state, const char* what, const char* by,
                        const char* message, const char* says) {
        QTest::newRow(name) << static_cast<int>(state) << QString::fromLatin1(what)
                            << QString::fromLatin1(by) << QString::fromLatin1(message)
                            << QString::fromUtf8(says);
    };
    row("paused", ReleaseState::Paused, "paused", "li", "lunch", "by li since %1 · “lunch”");
    row("aborted", ReleaseState::Aborted, "aborted", "li", "stop it", "by li since %1 · “stop it”");
    row("rolling back", ReleaseState::RollingBack, "rolling back", "li", "CPU",
        "by li since %1 · “CPU”");
    row("by the master", ReleaseState::Aborted, "aborted", "", "nobody decided within 7 days",
        "nobody decided within 7 days · since %1");
    row("no reason", ReleaseState::Paused, "paused", "li", "", "by li since %1");
    row("of an earlier pause", ReleaseState::Paused, "promoted", "li", "go", "by li since %1");
}

// "stop it" was typed, and the header said only by whom.
void TestReleaseChanges::saysWhySomebodySteppedIn() {
    QFETCH(const int, state);
    QFETCH(const QString, what);
    QFETCH(const QString, by);
    QFETCH(const QString, message);
    QFETCH(const QString, says);
    tests::ReleaseDesk desk;
    auto info = releaseInGray("a", static_cast<domain::ReleaseState>(state));
    info.release.started = desk.clock.now() - std::chrono::hours(1);
    info.release.lastChange = domain::ReleaseChange{};
    info.release.lastChange->by = by.toStdString();
    info.release.lastChange->at = desk.clock.now() - std::chrono::minutes(5);
    desk.tell(info);
    services::TimelineEntry earlier{info.release.lastChange->at - std::chrono::minutes(9), "paused",
                                    "li", "an hour ago"};
    services::TimelineEntry entry{info.release.lastChange->at, what.toStdString(), by.toStdString(),
                                  message.toStdString()};
    desk.releases.timelineCalls.deliver(
        services::Page<services::TimelineEntry>{{earlier, entry}, {}});
    const QString since = desk.times.at(info.release.lastChange->at);
    QCOMPARE(desk.presenter.waitLine(),
             says.contains(QLatin1String("%1")) ? says.arg(since) : says);
    // That it is over everywhere is the master's to say; who wanted it, and why, stays.
    if (info.release.state != domain::ReleaseState::RollingBack) return;
    info.release.state = domain::ReleaseState::RolledBack;
    info.release.lastChange->by.clear();
    info.release.lastChange->at = desk.clock.now();
    desk.tell(info);
    QCOMPARE(desk.presenter.waitLine(), says.arg(since));
}

// "failed 0, reverted 2 of 5" stood over a lane with five that had reverted by then.
void TestReleaseChanges::whatHaltedItIsOfThatMoment() {
    tests::ReleaseDesk desk;
    auto info = releaseInGray("a", domain::ReleaseState::Halted);
    info.release.haltReason =
        "0 failed, 2 reverted, 0 silent of 5 in the gray stage: half or more of the stage";
    desk.tell(info);
    QVERIFY2(desk.presenter.waitLine().startsWith(QStringLiteral("when it halted: 0 failed")),
             qPrintable(desk.presenter.waitLine()));
}

void TestReleaseChanges::whatIsOverIsNotOpenAnyMore_data() {
    using domain::ReleaseState;
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("opened");
    QTest::addColumn<QString>("other");
    QTest::newRow("aborted") << static_cast<int>(ReleaseState::Aborted)
                             << QStringLiteral("open until %1") << QStringLiteral("not opened");
    QTest::newRow("rolling back") << static_cast<int>(ReleaseState::RollingBack)
                                  << QStringLiteral("going back") << QStringLiteral("not opened");
    QTest::newRow("rolled back") << static_cast<int>(ReleaseState::RolledBack)
                                 << QStringLiteral("rolled back %1")
                                 << QStringLiteral("not opened");
}

// "open since 18:04, soak 09:04 left" went on counting down after the rollback.
void TestReleaseChanges::whatIsOverIsNotOpenAnyMore() {
    QFETCH(const int, state);
    QFETCH(const QString, opened);
    QFETCH(const QString, other);
    tests::ReleaseDesk desk;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.stages.resize(2);
    info.stages[0].counts.opened = desk.clock.now() - std::chrono::minutes(1);
    info.stages[0].soakUntil = desk.clock.now() + std::chrono::minutes(9);
    desk.tell(info);
    QVERIFY(!desk.presenter.lanes()[0].soak.isEmpty());
    QCOMPARE(desk.presenter.lanes()[1].note, QStringLiteral("not open yet"));
    info.release.state = static_cast<domain::ReleaseState>(state);
    const bool ended = info.release.state != domain::ReleaseState::RollingBack;
    if (ended) info.release.ended = desk.clock.now();
    desk.tell(info);
    const auto lanes = desk.presenter.lanes();
    QCOMPARE(lanes[0].soak, QString());
    QCOMPARE(lanes[0].note, ended ? opened.arg(desk.times.at(desk.clock.now())) : opened);
    QCOMPARE(lanes[1].note, other);
}

// It was offered while another one was open, and refused by the master. The watch of what is over
// has ended: the events say when to look.
void TestReleaseChanges::whatIsInTheWayOfARollbackIsTold() {
    tests::ReleaseDesk desk({"release.rollback"});
    ReleasePresenter& presenter = desk.presenter;
    auto& releases = desk.releases;
    auto info = releaseInGray("a", domain::ReleaseState::Done);
    info.allowedVerbs = {};
    info.refusedVerbs[ReleaseVerb::Rollback] =
        "release 13 of logd for the same machine types is running; one at a time: let it end, "
        "abort or roll it back";
    releases.releaseWatch.tell(info);
    releases.releaseWatch.end(absl::OkStatus());
    QVERIFY(presenter.isOffered(ReleaseVerb::Rollback));
    QVERIFY(presenter.action(ReleaseVerb::Rollback)
                .whyNot.startsWith(QStringLiteral("release 13 of logd")));
    info.allowedVerbs = {ReleaseVerb::Rollback};
    info.refusedVerbs.clear();
    desk.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged, "r13");
    QTRY_COMPARE(releases.getCalls.pending(), std::size_t{1});
    releases.getCalls.deliver(info);
    QVERIFY(presenter.action(ReleaseVerb::Rollback).enabled());
    // Somebody else rolls it back: it is seen, and watched.
    info.release.state = domain::ReleaseState::RollingBack;
    info.release.revision = 9;
    desk.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged, "a");
    QTRY_COMPARE(releases.getCalls.pending(), std::size_t{1});
    releases.getCalls.deliver(info);
    QCOMPARE(releases.releaseWatch.open(), std::size_t{1});
    releases.releaseWatch.tell(info);
    QCOMPARE(presenter.info()->release.state, domain::ReleaseState::RollingBack);
    // What each machine did is gone for good: that is no button's to say.
    info.release.state = domain::ReleaseState::Done;
    info.release.historyRemoval = domain::HistoryRemoval{};
    info.allowedVerbs = {};
    releases.releaseWatch.tell(info);
    QVERIFY(!presenter.isOffered(ReleaseVerb::Rollback));
}

void TestReleaseChanges::whatASheetSaysMayBeOver_data() {
    using Change = std::function<void(services::ReleaseInfo&)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* says, const Change& change) {
        QTest::newRow(name) << change << QString::fromLatin1(says);
    };
    row("nothing", "", [](auto& info) { info.waitsFor = "soaks for another 30 s"; });
    row("it is done", "it has ended", [](auto& info) {
        info.release.state = domain::ReleaseState::Done;
        info.allowedVerbs = {};
        info.refusedVerbs[ReleaseVerb::Promote] = "the release is done; it has ended";
    });
    row("it moved on", "another stage", [](auto& info) {
        info.release.stage = domain::StageKind::Batch;
        info.batch = 1;
    });
    row("it reaches others", "4 machine(s)",
        [](auto& info) { info.reached[ReleaseVerb::Promote] = 4; });
}

// It was sent, and the master refused it.
void TestReleaseChanges::whatASheetSaysMayBeOver() {
    QFETCH(const std::function<void(services::ReleaseInfo&)>, change);
    QFETCH(const QString, says);
    tests::ReleaseDesk desk({"release.promote"});
    ReleasePresenter& presenter = desk.presenter;
    auto info = releaseInGray("a", domain::ReleaseState::Running);
    info.release.stage = domain::StageKind::Gray;
    info.allowedVerbs = {ReleaseVerb::Promote};
    info.reached[ReleaseVerb::Promote] = 3;
    desk.tell(info);
    const auto shown = presenter.request(ReleaseVerb::Promote);
    QCOMPARE(presenter.whyNotAnyMore(shown), QString());
    change(info);
    desk.tell(info);
    const QString why = presenter.whyNotAnyMore(shown);
    QCOMPARE(why.isEmpty(), says.isEmpty());
    QVERIFY2(why.contains(says), qPrintable(why));
    desk.look("b");
    QVERIFY(presenter.whyNotAnyMore(shown).contains(QStringLiteral("another release")));
}

void TestReleaseChanges::offersWhatItsStateCanEverAllow_data() {
    using domain::ReleaseState;
    QTest::addColumn<int>("state");
    QTest::addColumn<QList<int>>("offered");
    const auto row = [](const char* name, ReleaseState state,
                        std::initializer_list<ReleaseVerb> verbs) {
        QList<int> offered;
        for (const ReleaseVerb verb : verbs)
            offered << static_cast<int>(verb);
        QTest::newRow(name) << static_cast<int>(state) << offered;
    };
    using enum ReleaseVerb;
    row("draft", ReleaseState::Draft, {Start, Abort});
    row("running", ReleaseState::Running, {Promote, RetryFailed, Pause, Rollback, Abort});
    row("halted", ReleaseState::Halted, {Promote, RetryFailed, Resume, Rollback, Abort});
    // What is in the way of it may go, and is said.
    row("done", ReleaseState::Done, {Rollback});
}

// One batch is open, full is not: promote-all would do the same as promote.
void TestReleaseChanges::offersWhatItsStateCanEverAllow() {
    QFETCH(const int, state);
    QFETCH(const QList<int>, offered);
    tests::ReleaseDesk desk;
    ReleasePresenter& presenter = desk.presenter;
    QVERIFY(!presenter.isOffered(ReleaseVerb::Pause));
    auto info = releaseInGray("a", static_cast<domain::ReleaseState>(state));
    info.release.stage = domain::StageKind::Batch;
    info.stages.resize(2);
    info.stages[0].counts.opened = desk.clock.now();
    desk.tell(info);
    QList<int> found;
    for (const ReleaseVerb verb : ReleasePresenter::verbs()) {
        if (presenter.isOffered(verb)) found << static_cast<int>(verb);
    }
    QCOMPARE(found, offered);
}

QTEST_GUILESS_MAIN(TestReleaseChanges)
#include "tst_release_changes.moc"
