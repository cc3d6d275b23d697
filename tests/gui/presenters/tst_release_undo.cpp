// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/release_undo.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::presenters;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

services::ReleaseInfo release(ReleaseState state, std::uint64_t revision) {
    services::ReleaseInfo info;
    info.release.id = "a";
    info.release.number = 12;
    info.release.spec.agent = "logd";
    info.release.state = state;
    info.release.revision = revision;
    info.release.lastChange = domain::ReleaseChange{revision, "", "me", {}};
    info.allowedVerbs = {state == ReleaseState::Running ? ReleaseVerb::Pause : ReleaseVerb::Resume,
                         ReleaseVerb::Abort};
    return info;
}

struct Undo {
    explicit Undo(ReleaseState state = ReleaseState::Running,
                  std::vector<std::string> permissions = {"release.pause", "release.resume",
                                                          "release.abort"}) {
        fixture.connect(std::move(permissions));
        presenter.open(QStringLiteral("a"));
        master().releaseWatch.tell(release(state, 1));
    }
    tests::FakeReleases& master() { return fixture.master.releases; }
    void act(ReleaseVerb verb, ReleaseState after) {
        presenter.act(presenter.request(verb), {});
        master().actCalls.deliver(release(after, 2));
    }
    void pause() { act(ReleaseVerb::Pause, ReleaseState::Paused); }

    tests::HubFixture fixture;
    ReleasePresenter presenter{fixture.hub};
    ReleasesPresenter list{fixture.hub, fixture.feed};
    ReleaseWatch watch{fixture.hub, list};
    ReleaseUndo undo{{fixture.hub, presenter, watch}};
};

}  // namespace

class TestReleaseUndo : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theOppositeIsSentAsACallOfItsOwn();
    void aRefusalIsTold();
    void itIsBoundToWhatItUndoes();
    void whoCameBetweenIsNamed_data();
    void whoCameBetweenIsNamed();
    void onlyAnExactReturnIsOffered();
    void whoMayNotIsNotOfferedIt();
    void aReleaseThatMovedOnIsLeftAlone();
    void anotherPageHearsOfItToo();
    void anOlderWordTakesNothingAway();
    void itGoesWithTheSessionAndTheLine();
    void whatAsksIsNotUndone();
    void theNextOfferEndsTheOneBeforeFirst();
};

void TestReleaseUndo::theOppositeIsSentAsACallOfItsOwn() {
    Undo one;
    QSignalSpy done(&one.undo, &ReleaseUndo::done);
    one.pause();
    QCOMPARE(done.size(), 1);
    QVERIFY(one.undo.offered());
    QVERIFY2(one.undo.sentence().contains(QStringLiteral("was paused")),
             qPrintable(one.undo.sentence()));
    QSignalSpy told(&one.undo, &ReleaseUndo::told);
    one.undo.undo();
    QCOMPARE(one.master().actCalls.made(), std::size_t{2});
    const services::ReleaseAct sent = one.master().actCalls.last();
    QCOMPARE(sent.verb, ReleaseVerb::Resume);
    QCOMPARE(sent.releaseId, std::string("a"));
    // As the audit speaks, not the window.
    QCOMPARE(sent.mutation.reason, std::string("Undo of: pause"));
    // Each call gets an id of its own where it is sent.
    QVERIFY(sent.mutation.requestId.empty());
    // Once.
    QVERIFY(!one.undo.offered());
    one.undo.undo();
    QCOMPARE(one.master().actCalls.made(), std::size_t{2});
    one.master().actCalls.deliver(release(ReleaseState::Running, 3));
    QCOMPARE(told.size(), 1);
    QVERIFY(told[0][0].toString().startsWith(QStringLiteral("Undone")));
}

void TestReleaseUndo::aRefusalIsTold() {
    Undo one;
    one.pause();
    QSignalSpy told(&one.undo, &ReleaseUndo::told);
    one.undo.undo();
    one.master().actCalls.deliver(
        base::failedPrecondition("RELEASE_STATE", "a", "the release has ended"));
    QCOMPARE(told.size(), 1);
    QVERIFY(told[0][0].toString().contains(QStringLiteral("has ended")));
    QVERIFY(told[0][0].toString().contains(QStringLiteral("RELEASE_STATE")));
}

void TestReleaseUndo::itIsBoundToWhatItUndoes() {
    Undo one;
    one.pause();
    // Nothing but its machines moved.
    services::ReleaseInfo later = release(ReleaseState::Paused, 9);
    later.release.lastChange->revision = 2;
    one.master().releaseWatch.tell(later);
    one.undo.undo();
    QCOMPARE(one.master().actCalls.last().standing,
             std::optional(services::SeenStanding{ReleaseState::Paused, 2}));

    // A master that does not count changes is asked as before.
    Undo old;
    old.presenter.act(old.presenter.request(ReleaseVerb::Pause), {});
    services::ReleaseInfo paused = release(ReleaseState::Paused, 2);
    paused.release.lastChange.reset();
    old.master().actCalls.deliver(paused);
    old.undo.undo();
    QCOMPARE(old.master().actCalls.made(), std::size_t{2});
    QVERIFY(!old.master().actCalls.last().standing);
}

void TestReleaseUndo::whoCameBetweenIsNamed_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("by");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* what, const char* by, const char* sentence) {
        QTest::newRow(what) << QString::fromUtf8(what) << QString::fromUtf8(by)
                            << QString::fromUtf8(sentence);
    };
    row("resumed", "bob", "bob has since resumed #12");
    row("paused", "bob", "bob has since paused #12");
    row("aborted", "bob", "bob has since aborted #12");
    row("promoted", "bob", "bob has since promoted #12");
    row("rolling back", "bob", "bob has since begun to roll #12");
    row("retried", "bob", "bob has since changed #12");
    row("halted", "", "has changed since (halted,");
}

void TestReleaseUndo::whoCameBetweenIsNamed() {
    QFETCH(const QString, what);
    QFETCH(const QString, by);
    QFETCH(const QString, sentence);
    Undo one;
    one.pause();
    QSignalSpy told(&one.undo, &ReleaseUndo::told);
    one.undo.undo();
    one.master().actCalls.deliver(base::withCallDetails(
        base::makeError(absl::StatusCode::kAborted, "RELEASE_CHANGED", "a", "it changed"),
        {{}, {}, 0, 0, {what.toStdString(), by.toStdString(), 1'700'000'000'000}}));
    QCOMPARE(told.size(), 1);
    const QString said = told[0][0].toString();
    QVERIFY2(said.contains(sentence), qPrintable(said));
    QVERIFY2(said.endsWith(QStringLiteral("nothing was changed.")), qPrintable(said));
}

void TestReleaseUndo::onlyAnExactReturnIsOffered() {
    {
        Undo paused(ReleaseState::Paused);
        paused.act(ReleaseVerb::Resume, ReleaseState::Running);
        QVERIFY(paused.undo.offered());
    }
    // To pause what was halted is not what was before.
    Undo halted(ReleaseState::Halted);
    QSignalSpy done(&halted.undo, &ReleaseUndo::done);
    halted.act(ReleaseVerb::Resume, ReleaseState::Running);
    QCOMPARE(done.size(), 1);
    QVERIFY(!halted.undo.offered());
    QVERIFY(!halted.undo.sentence().isEmpty());
}

void TestReleaseUndo::whoMayNotIsNotOfferedIt() {
    Undo one(ReleaseState::Running, {"release.pause"});
    one.pause();
    QVERIFY(!one.undo.sentence().isEmpty());
    QVERIFY(!one.undo.offered());
    one.undo.undo();
    QCOMPARE(one.master().actCalls.made(), std::size_t{1});
}

void TestReleaseUndo::aReleaseThatMovedOnIsLeftAlone() {
    Undo one;
    one.pause();
    QSignalSpy withdrawn(&one.undo, &ReleaseUndo::withdrawn);
    // Its machines go on telling while it stands.
    one.master().releaseWatch.tell(release(ReleaseState::Paused, 3));
    QVERIFY(one.undo.offered());
    one.master().releaseWatch.tell(release(ReleaseState::Halted, 4));
    QCOMPARE(withdrawn.size(), 1);
    QVERIFY(!one.undo.offered());
    one.undo.undo();
    QCOMPARE(one.master().actCalls.made(), std::size_t{1});
}

void TestReleaseUndo::anotherPageHearsOfItToo() {
    Undo one;
    one.pause();
    one.presenter.open(QStringLiteral("b"));
    QVERIFY(one.undo.offered());
    Q_EMIT one.watch.happened({ReleaseNotice::Kind::Paused, release(ReleaseState::Paused, 2)});
    QVERIFY(one.undo.offered());
    Q_EMIT one.watch.happened({ReleaseNotice::Kind::Resumed, release(ReleaseState::Running, 3)});
    QVERIFY(!one.undo.offered());
}

void TestReleaseUndo::anOlderWordTakesNothingAway() {
    Undo one;
    one.pause();
    Q_EMIT one.watch.happened({ReleaseNotice::Kind::Started, release(ReleaseState::Running, 1)});
    QVERIFY(one.undo.offered());
}

void TestReleaseUndo::itGoesWithTheSessionAndTheLine() {
    {
        Undo one;
        one.pause();
        one.fixture.open("test", true);
        QVERIFY(!one.undo.offered());
        QVERIFY(one.undo.sentence().isEmpty());
    }
    Undo one;
    one.pause();
    services::LinkStatus broken;
    broken.state = services::LinkState::Reconnecting;
    one.fixture.master.connection.tell(broken);
    QVERIFY(!one.undo.offered());
}

void TestReleaseUndo::whatAsksIsNotUndone() {
    Undo one;
    QSignalSpy done(&one.undo, &ReleaseUndo::done);
    one.act(ReleaseVerb::Abort, ReleaseState::Aborted);
    QCOMPARE(done.size(), 0);
    QVERIFY(one.undo.sentence().isEmpty());
}

/// Whoever shows the one takes it off when the next comes, and must not take that away.
void TestReleaseUndo::theNextOfferEndsTheOneBeforeFirst() {
    Undo one;
    one.pause();
    QStringList heard;
    QObject::connect(&one.undo, &ReleaseUndo::withdrawn,
                     [&heard] { heard << QStringLiteral("withdrawn"); });
    QObject::connect(&one.undo, &ReleaseUndo::done, [&heard] { heard << QStringLiteral("done"); });
    services::ReleaseInfo other = release(ReleaseState::Running, 1);
    other.release.id = "b";
    one.presenter.open(QStringLiteral("b"));
    one.master().releaseWatch.tell(other);
    one.presenter.act(one.presenter.request(ReleaseVerb::Pause), {});
    other = release(ReleaseState::Paused, 2);
    other.release.id = "b";
    one.master().actCalls.deliver(other);
    QCOMPARE(heard, (QStringList{QStringLiteral("withdrawn"), QStringLiteral("done")}));
    QVERIFY(one.undo.offered() && !one.undo.sentence().isEmpty());
}

QTEST_GUILESS_MAIN(TestReleaseUndo)
#include "tst_release_undo.moc"
