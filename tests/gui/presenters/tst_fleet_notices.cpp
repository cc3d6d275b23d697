// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/event_log.h"
#include "tests/gui/presenters/roster_desk.h"

using namespace ifrit;
using namespace gui::presenters;
using domain::ReleaseState;
using gui::services::LinkState;
using EventKind = gui::services::ClusterEvent::Kind;
using NoticeKind = ReleaseNotice::Kind;

namespace {

using Releases = gui::services::Page<gui::services::ReleaseInfo>;

gui::services::ReleaseInfo release(ReleaseState state, const char* id = "r-12") {
    gui::services::ReleaseInfo out;
    out.release.id = id;
    out.release.number = 12;
    out.release.spec.agent = "logd";
    out.release.spec.version = "4.2";
    out.release.state = state;
    out.saysPerson = false;
    return out;
}

/// What is told of the clusters beside the window's.
struct Noticed : tests::RosterDesk {
    Noticed() {
        QObject::connect(&notices, &FleetNotices::happened, &notices,
                         [this](const ClusterNotice& notice) { told.push_back(notice); });
    }
    /// Its line stands, and these run.
    void come(const char* name, std::vector<gui::services::ReleaseInfo> running) {
        master(name).connection.tell(LinkState::Connected);
        list(name, std::move(running));
    }
    void list(const char* name, std::vector<gui::services::ReleaseInfo> running) {
        master(name).releases.listCalls.deliver(Releases{std::move(running), {}});
    }
    /// The master tells of a change, and is asked what it was.
    bool change(const char* name, const gui::services::ReleaseInfo& now) {
        auto& gets = master(name).releases.getCalls;
        master(name).events.tell(EventKind::ReleaseChanged, now.release.id);
        if (!QTest::qWaitFor([&gets] { return gets.awaited() > 0; })) return false;
        gets.deliver(now);
        return true;
    }
    FleetNotices notices{*roster};
    std::vector<ClusterNotice> told;
};

}  // namespace

class TestFleetNotices : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aHaltElsewhereIsToldWithItsCluster();
    void whatWasSoIsNoNews();
    void onlyWhatWantsAPersonIsTold();
    void whatIsOlderIsNoNews();
    void oneThatHangsHoldsNoOther();
    void whatHappenedWhileTheLineWasBrokenIsTold();
    void whatIsNotAnsweredIsAskedAgain();
    void aNewReleaseThatHaltsIsTold();
    void theWindowsOwnClusterIsNotToldTwice();
    void aClusterThatIsThereTwiceTellsOnce();
    void theLogHasThem();
};

// Whoever looked at another cluster heard of it from the users.
void TestFleetNotices::aHaltElsewhereIsToldWithItsCluster() {
    Noticed many;
    many.come("beta", {release(ReleaseState::Running)});
    QVERIFY(many.change("beta", release(ReleaseState::Halted)));
    QCOMPARE(many.told.size(), std::size_t{1});
    QCOMPARE(many.told[0].cluster, QStringLiteral("beta"));
    QCOMPARE(many.told[0].bundlePath, many.connections.masters()[1].bundlePath);
    QVERIFY(many.told[0].release.kind == NoticeKind::Halted);
    QVERIFY(many.change("beta", release(ReleaseState::RolledBack)));
    QCOMPARE(many.told.size(), std::size_t{2});
    QVERIFY(many.told[1].release.kind == NoticeKind::RolledBack);
}

void TestFleetNotices::whatWasSoIsNoNews() {
    Noticed many;
    many.come("beta", {release(ReleaseState::Halted)});
    QVERIFY(many.change("beta", release(ReleaseState::Halted)));
    // As when the history of an old one is removed.
    QVERIFY(many.change("beta", release(ReleaseState::Done, "r-3")));
    QVERIFY(many.told.empty());
}

void TestFleetNotices::onlyWhatWantsAPersonIsTold() {
    Noticed many;
    many.come("beta", {});
    QVERIFY(many.change("beta", release(ReleaseState::Draft)));
    QVERIFY(many.change("beta", release(ReleaseState::Running)));
    QVERIFY(many.change("beta", release(ReleaseState::Paused)));
    QVERIFY(many.told.empty());
    auto waits = release(ReleaseState::Running);
    waits.saysPerson = true;
    QVERIFY(many.change("beta", waits));
    QCOMPARE(many.told.size(), std::size_t{1});
    QVERIFY(many.told[0].release.kind == NoticeKind::Waits);
}

// A list of a master that follows told of the same halt, and of the same end, once more.
void TestFleetNotices::whatIsOlderIsNoNews() {
    const auto at = [](std::uint64_t revision, ReleaseState state) {
        gui::services::ReleaseInfo out = release(state);
        out.release.revision = revision;
        return out;
    };
    Noticed many;
    many.come("beta", {at(4, ReleaseState::Running)});
    QVERIFY(many.change("beta", at(5, ReleaseState::Halted)));
    QVERIFY(many.change("beta", at(4, ReleaseState::Running)));
    QVERIFY(many.change("beta", at(5, ReleaseState::Halted)));
    QCOMPARE(many.told.size(), std::size_t{1});
    QVERIFY(many.change("beta", at(7, ReleaseState::RolledBack)));
    QCOMPARE(many.told.size(), std::size_t{2});
    QVERIFY(many.change("beta", at(5, ReleaseState::Halted)));
    QVERIFY(many.change("beta", at(7, ReleaseState::RolledBack)));
    QCOMPARE(many.told.size(), std::size_t{2});
}

void TestFleetNotices::oneThatHangsHoldsNoOther() {
    Noticed many;
    many.come("alpha", {release(ReleaseState::Running)});
    many.come("beta", {release(ReleaseState::Running)});
    // Alpha is asked, and never answers.
    many.master("alpha").events.tell(EventKind::ReleaseChanged, "r-12");
    QTRY_COMPARE(many.master("alpha").releases.getCalls.awaited(), std::size_t{1});
    QVERIFY(many.change("beta", release(ReleaseState::Halted)));
    QCOMPARE(many.told.size(), std::size_t{1});
    // Nor is it asked more at a time than one thing.
    many.master("alpha").events.tell(EventKind::ReleaseChanged, "r-13");
    QVERIFY(many.change("beta", release(ReleaseState::Aborted)));
    QCOMPARE(many.master("alpha").releases.getCalls.awaited(), std::size_t{1});
}

void TestFleetNotices::whatHappenedWhileTheLineWasBrokenIsTold() {
    Noticed many;
    many.come("beta", {release(ReleaseState::Running), release(ReleaseState::Running, "r-13")});
    many.master("beta").connection.tell(LinkState::Reconnecting);
    many.come("beta", {release(ReleaseState::Halted)});
    QCOMPARE(many.told.size(), std::size_t{1});
    QVERIFY(many.told[0].release.kind == NoticeKind::Halted);
    // How the other ended is not on the list of what runs.
    auto& gets = many.master("beta").releases.getCalls;
    QCOMPARE(gets.awaited(), std::size_t{1});
    QCOMPARE(gets.last(), std::string("r-13"));
    gets.deliver(release(ReleaseState::Aborted, "r-13"));
    QCOMPARE(many.told.size(), std::size_t{2});
    QVERIFY(many.told[1].release.kind == NoticeKind::Aborted);
}

void TestFleetNotices::whatIsNotAnsweredIsAskedAgain() {
    Noticed many;
    many.come("beta", {release(ReleaseState::Running)});
    auto& gets = many.master("beta").releases.getCalls;
    many.master("beta").events.tell(EventKind::ReleaseChanged, "r-12");
    QTRY_COMPARE(gets.awaited(), std::size_t{1});
    gets.deliver(absl::DeadlineExceededError("no answer"));
    QCOMPARE(gets.awaited(), std::size_t{0});
    for (auto* timer : many.notices.findChildren<QTimer*>()) {
        if (timer->isActive()) Q_EMIT timer->timeout({});
    }
    QCOMPARE(gets.awaited(), std::size_t{1});
    gets.deliver(release(ReleaseState::Halted));
    QCOMPARE(many.told.size(), std::size_t{1});
}

void TestFleetNotices::aNewReleaseThatHaltsIsTold() {
    Noticed many;
    many.come("beta", {});
    QVERIFY(many.change("beta", release(ReleaseState::Halted)));
    QCOMPARE(many.told.size(), std::size_t{1});
}

void TestFleetNotices::theWindowsOwnClusterIsNotToldTwice() {
    Noticed many;
    many.come("beta", {release(ReleaseState::Running)});
    // ReleaseWatch tells of it from now on.
    many.open(1);
    QCOMPARE(many.master("beta").events.eventWatch.open(), std::size_t{0});
    many.open(0);
    many.come("beta", {release(ReleaseState::Halted)});
    QVERIFY(many.told.empty());
}

void TestFleetNotices::aClusterThatIsThereTwiceTellsOnce() {
    Noticed many;
    const QString copy = many.directory.filePath(QStringLiteral("beta again"));
    QVERIFY(QFile::copy(many.bundle("beta"), copy));
    many.connections.import(copy);
    many.master("beta").connection.tell(LinkState::Connected);
    auto& releases = many.master("beta").releases;
    while (releases.listCalls.awaited() > 0)
        many.list("beta", {release(ReleaseState::Running)});
    many.master("beta").events.tell(EventKind::ReleaseChanged, "r-12");
    QTRY_COMPARE(releases.getCalls.awaited(), std::size_t{2});
    while (releases.getCalls.awaited() > 0)
        releases.getCalls.deliver(release(ReleaseState::Halted));
    QCOMPARE(many.told.size(), std::size_t{1});
}

void TestFleetNotices::theLogHasThem() {
    Noticed many;
    ReleasesPresenter releases(many.fixture.hub, many.fixture.feed);
    ReleaseWatch watch(many.fixture.hub, releases);
    EventLog log(many.fixture.hub, many.fixture.feed, watch);
    log.follow(many.notices);
    many.come("beta", {release(ReleaseState::Running)});
    QVERIFY(many.change("beta", release(ReleaseState::Halted)));
    QCOMPARE(log.model().rowCount(), 1);
    QCOMPARE(log.model().at(0)->cluster, QStringLiteral("beta"));
    QCOMPARE(log.model().at(0)->releaseId, QStringLiteral("r-12"));
    QCOMPARE(log.model().at(0)->bundlePath, many.connections.masters()[1].bundlePath);
}

QTEST_GUILESS_MAIN(TestFleetNotices)
#include "tst_fleet_notices.moc"
