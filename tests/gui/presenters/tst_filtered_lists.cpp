// SPDX-License-Identifier: GPL-3.0-or-later
// Lists under a filter: what is counted, what is read on, what is chosen then.
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

#include "gui/presenters/access_presenter.h"
#include "gui/presenters/audit_presenter.h"
#include "gui/presenters/packages_presenter.h"
#include "gui/presenters/releases_presenter.h"
#include "tests/gui/presenters/campaign_desk.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::presenters;
using gui::models::ViewState;

namespace {

using Releases = services::Page<services::ReleaseInfo>;
using Packages = services::Page<services::PackageInfo>;

services::ReleaseInfo release(std::uint64_t number, const char* agent) {
    services::ReleaseInfo out;
    out.release.id = "r-" + std::to_string(number);
    out.release.number = number;
    out.release.spec.agent = agent;
    out.release.spec.version = "2.0";
    return out;
}

services::ReleaseInfo releaseIn(domain::ReleaseState state, std::uint64_t number) {
    services::ReleaseInfo out = release(number, "logd");
    out.release.state = state;
    return out;
}

services::PackageInfo package(const char* agent) {
    services::PackageInfo out;
    out.agent = agent;
    out.version = "1.0";
    out.manifestDigest = std::string("digest-") + agent;
    return out;
}

}  // namespace

class TestFilteredLists : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void unreadPagesAreReadBeforeNothingIsSaid();
    void anEmptyListIsNotCounted();
    void aPageThatFailsIsTold();
    void whatRunsIsCountedOnEveryPage();
    void everyReleaseIsInAFigure();
    void whatRunsIsOfTheClusterThatIsShown();
    void whatRunsIsNotReadWhileTheListIs();
    void theFilterIsKeptByAReload();
    void aLongListIsReadSeldomer();
    void aLongAuditIsReadSeldomer();
    void aPackageThatIsLeftOutIsNotChosen();
    void aCampaignThatIsLeftOutIsNotChosen();
    void aUserWhoIsLeftOutIsNotActedOn();
};

// "0 campaigns, newest first" stood over the sentence that there is none.
void TestFilteredLists::anEmptyListIsNotCounted() {
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    fixture.connect({});
    fixture.master.releases.listCalls.deliver(Releases{{}, {}});
    QCOMPARE(releases.notice().state, ViewState::Empty);
    QCOMPARE(releases.countLine(), QString());
    tests::CampaignDesk desk;
    desk.presenter.setShown(true);
    for (tests::FakeMaster* master : {&desk.test, &desk.master, &desk.west})
        master->campaigns.lists.deliver(tests::Campaigns{{}, {}});
    QCOMPARE(desk.presenter.notice().state, ViewState::Empty);
    QCOMPARE(desk.presenter.countLine(), QString());
}

void TestFilteredLists::unreadPagesAreReadBeforeNothingIsSaid() {
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    fixture.connect({});
    auto& calls = fixture.master.releases.listCalls;
    calls.deliver(Releases{{release(1, "logd")}, "p2"});
    // That page, and what runs beside it.
    QCOMPARE(calls.made(), std::size_t{2});
    releases.setFilter(QStringLiteral("tracer"));
    QCOMPARE(calls.made(), std::size_t{3});
    QCOMPARE(calls.last().page.token, std::string("p2"));
    QCOMPARE(releases.model().rowCount(), 0);
    // What was not read yet may match.
    QCOMPARE(releases.notice().state, ViewState::Ready);
    QVERIFY(releases.emptyLine().contains(QStringLiteral("so far")));
    QCOMPARE(releases.countLine(), QStringLiteral("0 shown · 1 read so far"));
    calls.deliver(Releases{{release(2, "tracer")}, "p3"});
    calls.deliver(Releases{{release(3, "logd")}, {}});
    QCOMPARE(calls.made(), std::size_t{4});
    QCOMPARE(releases.countLine(), QStringLiteral("1 shown · 3 in all"));
    QCOMPARE(releases.emptyLine(), QString());
    releases.setFilter(QStringLiteral("nobody"));
    QCOMPARE(releases.notice().state, ViewState::EmptyByFilter);
    QVERIFY(!releases.notice().action.isEmpty());
    releases.setFilter({});
    QCOMPARE(releases.model().rowCount(), 3);
    QCOMPARE(releases.notice().state, ViewState::Ready);
}

void TestFilteredLists::aPageThatFailsIsTold() {
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    fixture.connect({});
    auto& calls = fixture.master.releases.listCalls;
    calls.deliver(Releases{{release(1, "logd")}, "p2"});
    releases.setFilter(QStringLiteral("tracer"));
    calls.deliver(absl::InternalError("broken"));
    // Not again and again.
    QCOMPARE(calls.made(), std::size_t{3});
    QCOMPARE(releases.notice().state, ViewState::Partial);
    QVERIFY(releases.countLine().contains(QStringLiteral("read so far")));
    releases.refresh();
    calls.deliver(Releases{{release(1, "logd")}, "p2"});
    calls.deliver(Releases{{release(2, "tracer")}, {}});
    QCOMPARE(releases.model().rowCount(), 1);
}

// Three of eight were in no figure: what ended otherwise than done.
void TestFilteredLists::everyReleaseIsInAFigure() {
    using domain::ReleaseState;
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    fixture.connect({});
    auto aborted = releaseIn(ReleaseState::Aborted, 1);
    aborted.release.started = fixture.clock.now();
    auto& calls = fixture.master.releases.listCalls;
    calls.deliver(Releases{
        {aborted, releaseIn(ReleaseState::Aborted, 2), releaseIn(ReleaseState::RolledBack, 3),
         releaseIn(ReleaseState::Running, 4), releaseIn(ReleaseState::Done, 5)},
        {}});
    const auto figures = releases.figures();
    int sum = 0;
    for (const auto& figure : figures)
        sum += figure.value.toInt();
    QCOMPARE(sum, 5);
    QCOMPARE(figures.last().label, QStringLiteral("Aborted or rolled back"));
    QCOMPARE(figures.last().value, QStringLiteral("3"));
    // What was never started is not called aborted anywhere else.
    QCOMPARE(figures.last().unit, QStringLiteral("1 discarded"));
}

// The badge said that nothing waits for a person, and the release that was halted was on page two.
void TestFilteredLists::whatRunsIsCountedOnEveryPage() {
    const auto halted = releaseIn(domain::ReleaseState::Halted, 1);
    const auto done = releaseIn(domain::ReleaseState::Done, 2);
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    fixture.connect({});
    auto& calls = fixture.master.releases.listCalls;
    const auto figure = [&releases](const char* label) {
        const auto figures = releases.figures();
        const auto found = std::find_if(figures.begin(), figures.end(), [label](const auto& one) {
            return one.label == QLatin1String(label);
        });
        return found->value + QLatin1Char(' ') + found->unit;
    };
    calls.deliver(Releases{{done}, "p2"});
    QCOMPARE(figure("Halted"), QStringLiteral("0 of 1 read"));
    QVERIFY(calls.last().onlyRunning);
    calls.deliver(Releases{{halted}, "more"});
    QCOMPARE(figure("Halted"), QStringLiteral("0 of 1 read"));
    calls.deliver(Releases{{releaseIn(domain::ReleaseState::Running, 3)}, {}});
    QCOMPARE(figure("Halted"), QStringLiteral("1 "));
    QCOMPARE(figure("Running"), QStringLiteral("1 "));
    QCOMPARE(releases.attention(), 1);
    // Of what has ended only a part was read, and that is said.
    QCOMPARE(figure("Done"), QStringLiteral("1 of 1 read"));
    releases.more();
    calls.deliver(Releases{{halted}, {}});
    QCOMPARE(figure("Done"), QStringLiteral("1 "));
    QCOMPARE(figure("Halted"), QStringLiteral("1 "));
    QCOMPARE(releases.attention(), 1);
}

// What another cluster's halted releases were was counted until this one's were read.
void TestFilteredLists::whatRunsIsOfTheClusterThatIsShown() {
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    auto& calls = fixture.master.releases.listCalls;
    fixture.connect({});
    calls.deliver(Releases{{releaseIn(domain::ReleaseState::Done, 2)}, "p2"});
    calls.deliver(Releases{{releaseIn(domain::ReleaseState::Halted, 1)}, {}});
    QCOMPARE(releases.attention(), 1);
    fixture.hub.close();
    fixture.connect({});
    calls.deliver(Releases{{releaseIn(domain::ReleaseState::Done, 2)}, "p2"});
    QCOMPARE(releases.attention(), 0);
}

// Under a filter each page would ask for all that runs once more.
void TestFilteredLists::whatRunsIsNotReadWhileTheListIs() {
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    auto& calls = fixture.master.releases.listCalls;
    fixture.connect({});
    calls.deliver(Releases{{release(1, "logd")}, "p2"});
    calls.deliver(Releases{{}, {}});
    releases.setFilter(QStringLiteral("tracer"));
    QCOMPARE(calls.made(), std::size_t{3});
    calls.deliver(Releases{{release(2, "logd")}, "p3"});
    QCOMPARE(calls.made(), std::size_t{4});
    QVERIFY(!calls.last().onlyRunning);
}

void TestFilteredLists::theFilterIsKeptByAReload() {
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    fixture.connect({});
    auto& calls = fixture.master.releases.listCalls;
    calls.deliver(Releases{{release(1, "logd"), release(2, "tracer")}, {}});
    releases.setFilter(QStringLiteral("TRACER 2.0"));
    QCOMPARE(releases.model().rowCount(), 1);
    releases.refresh();
    calls.deliver(Releases{{release(1, "logd"), release(2, "tracer"), release(3, "tracer")}, {}});
    QCOMPARE(releases.model().rowCount(), 2);
    // What is counted over the list is of the whole list.
    QCOMPARE(releases.model().all().size(), std::size_t{3});
}

// Under a filter the whole list was read anew three times a second, however long it was.
void TestFilteredLists::aLongListIsReadSeldomer() {
    tests::HubFixture fixture;
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    PackagesPresenter packages{fixture.hub, fixture.feed};
    fixture.connect({});
    auto& releaseCalls = fixture.master.releases.listCalls;
    auto& packageCalls = fixture.master.packages.listCalls;
    releaseCalls.deliver(Releases{std::vector(2'500, release(1, "logd")), {}});
    packageCalls.deliver(Packages{std::vector(2'500, package("logd")), {}});
    releases.setFilter(QStringLiteral("tracer"));
    packages.setFilter(QStringLiteral("tracer"));
    packages.setShown(true);
    QElapsedTimer elapsed;
    elapsed.start();
    fixture.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged, "r-1");
    // Five pages of 300 ms, less what a timer may come early. Later is no fault.
    QTRY_VERIFY_WITH_TIMEOUT(releaseCalls.made() + packageCalls.made() >= 3, 60'000);
    QVERIFY2(elapsed.elapsed() > 1'200, qPrintable(QString::number(elapsed.elapsed())));
    QTRY_VERIFY_WITH_TIMEOUT(releaseCalls.made() + packageCalls.made() == 4, 60'000);
}

void TestFilteredLists::aLongAuditIsReadSeldomer() {
    tests::HubFixture fixture;
    AuditPresenter audit{fixture.hub, fixture.feed, fixture.heads};
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(services::Page<services::AuditRow>{std::vector<services::AuditRow>(2'500), {}});
    audit.look();
    QElapsedTimer elapsed;
    elapsed.start();
    fixture.master.events.tell(services::ClusterEvent::Kind::AuditAppended, "release.start");
    QTRY_VERIFY_WITH_TIMEOUT(calls.made() == 2, 60'000);
    QVERIFY2(elapsed.elapsed() > 1'200, qPrintable(QString::number(elapsed.elapsed())));
}

void TestFilteredLists::aPackageThatIsLeftOutIsNotChosen() {
    tests::HubFixture fixture;
    PackagesPresenter packages{fixture.hub, fixture.feed};
    fixture.connect({"package.delete"});
    fixture.master.packages.listCalls.deliver(Packages{{package("logd"), package("tracer")}, {}});
    packages.choose(QStringLiteral("digest-logd"));
    QVERIFY(packages.removeAction().enabled());
    packages.setFilter(QStringLiteral("logd"));
    QVERIFY(packages.chosen());
    packages.setFilter(QStringLiteral("tracer"));
    QVERIFY(!packages.chosen());
    QVERIFY(!packages.removeAction().enabled());
    QCOMPARE(packages.countLine(), QStringLiteral("1 shown · 2 in all"));
}

void TestFilteredLists::aCampaignThatIsLeftOutIsNotChosen() {
    tests::CampaignDesk desk;
    desk.answer();
    QCOMPARE(desk.presenter.chosen(), tests::kMoving);
    desk.presenter.setFilter(QStringLiteral("nobody"));
    QVERIFY(desk.presenter.board() == nullptr);
    QVERIFY(!desk.presenter.abortAction().enabled());
    QCOMPARE(desk.presenter.seatModel().rowCount(), 0);
    QCOMPARE(desk.presenter.notice().state, ViewState::EmptyByFilter);
    QCOMPARE(desk.presenter.countLine(), QStringLiteral("0 shown · 1 in all"));
    desk.presenter.setFilter(QStringLiteral("node-exporter"));
    QCOMPARE(desk.presenter.chosen(), tests::kMoving);
    QVERIFY(desk.presenter.seatModel().rowCount() > 0);
}

void TestFilteredLists::aUserWhoIsLeftOutIsNotActedOn() {
    tests::HubFixture fixture;
    AccessPresenter access{fixture.hub, fixture.feed};
    fixture.connect({"operator.remove"});
    services::UserInfo li;
    li.name = "li";
    services::UserInfo chen;
    chen.name = "chen";
    fixture.master.access.userCalls.deliver(std::vector<services::UserInfo>{li, chen});
    access.choose(QStringLiteral("li"));
    QVERIFY(access.action(gui::models::UserVerb::Remove).enabled());
    access.filterUsers(QStringLiteral("chen"));
    QVERIFY(access.chosen() == nullptr);
    QVERIFY(!access.action(gui::models::UserVerb::Remove).enabled());
    QCOMPARE(access.countLine(), QStringLiteral("1 shown · 2 in all"));
    // The page stays: what it is about stands beside the list.
    access.filterUsers(QStringLiteral("nobody"));
    QCOMPARE(access.notice().state, ViewState::Ready);
    access.filterUsers({});
    QVERIFY(access.chosen() != nullptr);
}

QTEST_GUILESS_MAIN(TestFilteredLists)
#include "tst_filtered_lists.moc"
