// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/operation_log.h"
#include "gui/presenters/tracked_session.h"
#include "shared/base/status.h"
#include "tests/gui/support/fake_session.h"
#include "tests/gui/support/fixed_clock.h"

using namespace ifrit;
using namespace gui::presenters;
using namespace std::chrono_literals;
using State = Operation::State;

namespace {

/// A tracked session over fakes that answer nothing by themselves.
struct Tracked {
    Tracked() {
        gui::services::ConnectionProfile profile;
        profile.bundle.cluster = "demo";
        session = factory.open(profile);
    }
    const Operation& newest() const { return log.operations().front(); }
    std::size_t shown() const { return log.operations().size(); }

    tests::FixedClock clock;
    gui::models::TimeText times{clock};
    tests::FakeMaster master;
    tests::FakeSessionFactory inner{master};
    OperationLog log{times};
    QAbstractItemModelTester tester{&log.model()};
    TrackedSessionFactory factory{inner, log};
    std::unique_ptr<gui::services::Session> session;
};

using Cluster = absl::StatusOr<gui::services::ClusterSummary>;

}  // namespace

class TestOperationLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aChangeIsToldAtOnceWithItsRequestId();
    void aRequestIdThatIsGivenIsKept();
    void aQuickQuestionIsNotTold();
    void aSlowQuestionIs();
    void cancelAnswersWhoAsked();
    void whoLetsGoHearsNothing();
    void aRefusalIsKeptWithTheMastersRequest();
    void anUploadHasProgress();
    void campaignsAreToldToo();
    void aVerbNamesItsRelease();
    void theOldestAreForgottenButNoneThatRuns();
    void howTheTableIsLookedAtChangesNothing();
    void whatNumbersARowIsNoWordOfIt();
    void theSessionIsClosedAsTheInnerOne();
};

void TestOperationLog::aChangeIsToldAtOnceWithItsRequestId() {
    Tracked tracked;
    int answers = 0;
    auto handle = tracked.session->fleet().freeze({}, [&](const Cluster& cluster) {
        QVERIFY(cluster.ok());
        ++answers;
    });
    QCOMPARE(tracked.shown(), std::size_t{1});
    QCOMPARE(tracked.newest().state, State::Running);
    QCOMPARE(tracked.newest().cluster, QStringLiteral("demo"));
    QCOMPARE(tracked.log.running(), 1);
    // What the list shows is what the master gets.
    const std::string sent = tracked.master.fleet.freezeCalls.last().requestId;
    QVERIFY(!sent.empty());
    QCOMPARE(tracked.newest().requestId, sent);
    tracked.clock.advance(1'340ms);
    tracked.master.fleet.freezeCalls.deliver(gui::services::ClusterSummary{});
    QCOMPARE(answers, 1);
    QCOMPARE(tracked.newest().state, State::Done);
    QCOMPARE(tracked.log.running(), 0);
    QCOMPARE(tracked.log.model().index(0, 4).data().toString(), QStringLiteral("1\u2009340 ms"));
}

void TestOperationLog::aRequestIdThatIsGivenIsKept() {
    Tracked tracked;
    gui::services::Mutation mutation;
    mutation.requestId = "r-1";
    auto handle = tracked.session->fleet().freeze(mutation, [](const Cluster&) {});
    QCOMPARE(tracked.master.fleet.freezeCalls.last().requestId, std::string("r-1"));
    QCOMPARE(tracked.newest().requestId, std::string("r-1"));
}

void TestOperationLog::aQuickQuestionIsNotTold() {
    Tracked tracked;
    auto handle = tracked.session->fleet().getCluster([](const Cluster&) {});
    tracked.clock.advance(900ms);
    tracked.log.look();
    tracked.master.fleet.clusterCalls.deliver(gui::services::ClusterSummary{});
    QCOMPARE(tracked.shown(), std::size_t{0});
}

void TestOperationLog::aSlowQuestionIs() {
    Tracked tracked;
    auto handle = tracked.session->fleet().getCluster([](const Cluster&) {});
    tracked.clock.advance(1'100ms);
    tracked.log.look();
    QCOMPARE(tracked.shown(), std::size_t{1});
    QCOMPARE(tracked.newest().state, State::Running);
    tracked.master.fleet.clusterCalls.deliver(gui::services::ClusterSummary{});
    QCOMPARE(tracked.newest().state, State::Done);
    // Also one that ended before anybody looked.
    handle = tracked.session->fleet().getCluster([](const Cluster&) {});
    tracked.clock.advance(5s);
    tracked.master.fleet.clusterCalls.deliver(gui::services::ClusterSummary{});
    QCOMPARE(tracked.shown(), std::size_t{2});
}

void TestOperationLog::cancelAnswersWhoAsked() {
    Tracked tracked;
    std::vector<absl::Status> answers;
    auto handle = tracked.session->fleet().freeze(
        {}, [&](const Cluster& cluster) { answers.push_back(cluster.status()); });
    tracked.log.cancel(tracked.newest().id);
    // Who asked must not wait for ever: a page would never let go of its buttons.
    QCOMPARE(answers.size(), std::size_t{1});
    QVERIFY(absl::IsCancelled(answers.front()));
    QCOMPARE(tracked.newest().state, State::Cancelled);
    // The answer that comes all the same comes to nobody.
    tracked.master.fleet.freezeCalls.deliver(gui::services::ClusterSummary{});
    QCOMPARE(answers.size(), std::size_t{1});
    tracked.log.cancel(tracked.newest().id);
    QCOMPARE(answers.size(), std::size_t{1});
}

void TestOperationLog::whoLetsGoHearsNothing() {
    Tracked tracked;
    int answers = 0;
    auto question = tracked.session->fleet().getCluster([&](const Cluster&) { ++answers; });
    tracked.clock.advance(2s);
    tracked.log.look();
    QCOMPARE(tracked.shown(), std::size_t{1});
    // Asked again, as a refresh does: the first is as if never asked.
    question = tracked.session->fleet().getCluster([&](const Cluster&) { ++answers; });
    QCOMPARE(tracked.shown(), std::size_t{0});
    {
        auto change = tracked.session->fleet().freeze({}, [&](const Cluster&) { ++answers; });
    }
    // A change may have been made: that it was sent is not forgotten.
    QCOMPARE(tracked.newest().state, State::Cancelled);
    QCOMPARE(answers, 0);
}

void TestOperationLog::aRefusalIsKeptWithTheMastersRequest() {
    Tracked tracked;
    auto handle = tracked.session->fleet().freeze({}, [](const Cluster&) {});
    tracked.master.fleet.freezeCalls.deliver(
        base::permissionDenied("NOT_ALLOWED", "wang", "wang may not freeze this cluster"));
    QCOMPARE(tracked.newest().state, State::Failed);
    const QString answer = tracked.log.model().index(0, 6).data().toString();
    QVERIFY2(answer.contains(QStringLiteral("may not freeze")), qPrintable(answer));
}

void TestOperationLog::anUploadHasProgress() {
    Tracked tracked;
    int told = 0;
    gui::services::PublishRequest request;
    request.path = "/tmp/logd-4.2.ifrit";
    auto handle = tracked.session->packages().publish(
        request, [&](const auto&) { ++told; }, [](const auto&) {});
    QCOMPARE(tracked.newest().what.text(), QStringLiteral("Publish logd-4.2.ifrit"));
    tracked.master.packages.publishProgress(
        {gui::services::PublishProgress::Phase::Uploading, 30, 120});
    QCOMPARE(tracked.newest().percent, 25);
    QCOMPARE(told, 1);
    tracked.log.cancel(tracked.newest().id);
    QCOMPARE(tracked.newest().state, State::Cancelled);
}

void TestOperationLog::campaignsAreToldToo() {
    Tracked tracked;
    using Info = absl::StatusOr<gui::services::CampaignInfo>;
    auto handle = tracked.session->campaigns().abort("c-1", {}, [](const Info&) {});
    QCOMPARE(tracked.newest().what.text(), QStringLiteral("Abort a campaign in the cluster"));
    QCOMPARE(tracked.master.campaigns.changes.last().mutation.requestId,
             tracked.newest().requestId);
    QVERIFY(!tracked.newest().requestId.empty());
    tracked.master.campaigns.changes.deliver(gui::services::CampaignInfo{});
    QCOMPARE(tracked.newest().state, State::Done);
    // Nor is it told that all clusters are asked again and again, however late one answers.
    auto list = tracked.session->campaigns().list({}, [](const auto&) {});
    tracked.clock.advance(5'000ms);
    tracked.log.look();
    tracked.master.campaigns.lists.deliver(absl::UnavailableError("away"));
    QCOMPARE(tracked.shown(), std::size_t{1});
    // A look at a document is no change.
    using Import = gui::services::CampaignService::Import;
    auto look = tracked.session->campaigns().import("x", Import::Validate, {}, [](const Info&) {});
    QCOMPARE(tracked.shown(), std::size_t{1});
    QCOMPARE(tracked.master.campaigns.changes.last().what, std::string("validate"));
}

// "Release: Promote" stood there ten times, of whichever release.
void TestOperationLog::aVerbNamesItsRelease() {
    Tracked tracked;
    using Info = gui::services::ReleaseInfo;
    auto& releases = tracked.session->releases();
    gui::services::ReleaseAct act;
    act.verb = domain::ReleaseVerb::Promote;
    act.releaseId = "r-2";
    const auto said = [&] {
        auto handle = releases.act(act, [](const auto&) {});
        return tracked.newest().what.text();
    };
    QCOMPARE(said(), QStringLiteral("Release: Promote"));
    const auto named = [](const char* id, std::uint64_t number) {
        Info info;
        info.release.id = id;
        info.release.number = number;
        info.release.spec.agent = "node-exporter";
        info.release.spec.version = "1.5.1";
        return info;
    };
    auto list = releases.list({}, [](const auto&) {});
    tracked.master.releases.listCalls.deliver(
        gui::services::Page<Info>{{named("r-1", 1), named("r-2", 2)}, {}});
    QCOMPARE(said(), QStringLiteral("Release #2, node-exporter 1.5.1: Promote"));
    // A page that a link opened has no list: it watches.
    act.releaseId = "r-3";
    gui::services::StreamObserver<Info> observer;
    observer.next = [](const Info&) {};
    auto watch = releases.watch("3", 0, std::move(observer));
    tracked.master.releases.releaseWatch.tell(named("r-3", 3));
    act.verb = domain::ReleaseVerb::Rollback;
    QCOMPARE(said(), QStringLiteral("Release #3, node-exporter 1.5.1: Roll back"));
}

void TestOperationLog::theOldestAreForgottenButNoneThatRuns() {
    Tracked tracked;
    auto first = tracked.session->fleet().freeze({}, [](const Cluster&) {});
    const std::uint64_t running = tracked.newest().id;
    for (std::size_t i = 0; i < OperationLog::kMost + 20; ++i) {
        auto handle = tracked.session->fleet().unfreeze({}, [](const Cluster&) {});
        tracked.master.fleet.unfreezeCalls.deliver(gui::services::ClusterSummary{});
    }
    QCOMPARE(tracked.shown(), OperationLog::kMost);
    QCOMPARE(tracked.log.operations().back().id, running);
}

void TestOperationLog::howTheTableIsLookedAtChangesNothing() {
    Tracked tracked;
    auto first = tracked.session->fleet().freeze({}, [](const Cluster&) {});
    const std::uint64_t running = tracked.newest().id;
    // The oldest first, and of them only those that run.
    tracked.log.model().sort(3, Qt::AscendingOrder);
    tracked.log.model().setFilter(QStringLiteral("running"));
    for (std::size_t i = 0; i < OperationLog::kMost + 20; ++i) {
        auto handle = tracked.session->fleet().unfreeze({}, [](const Cluster&) {});
        tracked.master.fleet.unfreezeCalls.deliver(gui::services::ClusterSummary{});
    }
    QCOMPARE(tracked.log.model().rowCount(), 1);
    QCOMPARE(tracked.shown(), OperationLog::kMost);
    QCOMPARE(tracked.log.operations().back().id, running);
    QCOMPARE(tracked.newest().id, running + OperationLog::kMost + 20);
}

void TestOperationLog::whatNumbersARowIsNoWordOfIt() {
    Tracked tracked;
    gui::services::Mutation mutation;
    mutation.requestId = "r-one";
    auto first = tracked.session->fleet().freeze(mutation, [](const Cluster&) {});
    QCOMPARE(tracked.newest().id, std::uint64_t{1});
    tracked.log.setFilter(QStringLiteral("R-ONE"));
    QCOMPARE(tracked.log.model().rowCount(), 1);
    for (const auto& [column, text] : {std::pair(0, "running"), std::pair(1, "freeze"),
                                       std::pair(2, "demo"), std::pair(5, "one")}) {
        tracked.log.setFilter(QString::fromLatin1(text));
        QVERIFY2(tracked.log.model().rowCount() == 1, text);
        QVERIFY(tracked.log.model().index(0, column).data().toString().contains(
            QString::fromLatin1(text), Qt::CaseInsensitive));
    }
    tracked.log.setFilter({});
    std::vector<gui::services::CallHandle> more;
    for (int i = 0; i < 8; ++i)
        more.push_back(tracked.session->fleet().freeze(mutation, [](const Cluster&) {}));
    int unsaid = 0;
    for (int id = 1; id <= 9; ++id) {
        const QString digit = QString::number(id);
        const auto says = [&](int row) {
            for (int column = 0; column < tracked.log.model().columnCount(); ++column) {
                if (tracked.log.model().index(row, column).data().toString().contains(digit))
                    return true;
            }
            return false;
        };
        if (says(0)) continue;
        ++unsaid;
        tracked.log.setFilter(digit);
        QCOMPARE(tracked.log.model().rowCount(), 0);
        tracked.log.setFilter({});
    }
    QVERIFY(unsaid > 0);
}

void TestOperationLog::theSessionIsClosedAsTheInnerOne() {
    Tracked tracked;
    QCOMPARE(tracked.master.sessions, 1);
    auto handle = tracked.session->fleet().freeze({}, [](const Cluster&) { QFAIL("told"); });
    handle.cancel();
    tracked.session.reset();
    QCOMPARE(tracked.master.sessions, 0);
}

QTEST_GUILESS_MAIN(TestOperationLog)
#include "tst_operation_log.moc"
