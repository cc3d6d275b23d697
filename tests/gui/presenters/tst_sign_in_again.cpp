// SPDX-License-Identifier: GPL-3.0-or-later
// A login that ends ends every stream for good; whoever signs in again looks at what goes on.
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/access_presenter.h"
#include "gui/presenters/audit_presenter.h"
#include "gui/presenters/machine_detail_presenter.h"
#include "gui/presenters/packages_presenter.h"
#include "gui/presenters/release_notices.h"
#include "gui/presenters/view_judge.h"
#include "tests/gui/presenters/release_desk.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::presenters;
using gui::models::ViewState;
using services::LinkState;
using Kind = services::ClusterEvent::Kind;

namespace {

absl::Status ended() {
    return absl::UnauthenticatedError("the token has ended");
}

services::Page<services::ReleaseInfo> releasesOf(domain::ReleaseState state) {
    return {{tests::releaseInGray("a", state)}, {}};
}

services::Identity wang() {
    services::Identity out;
    out.user = "wang";
    return out;
}

/// A window whose every list has looked once, with a password.
struct Desk : tests::HubFixture {
    /// As the master does to whoever has no login, or none any more: each stream, then the line.
    void loseLogin() {
        master.fleet.machineWatch.end(ended());
        master.releases.releaseWatch.end(ended());
        master.events.eventWatch.end(ended());
        services::LinkStatus link;
        link.lastError = ended();
        master.connection.tell(link);
    }
    void signIn() {
        hub.signIn(QStringLiteral("wang"), QStringLiteral("secret"), [](const absl::Status&) {});
        master.connection.loginCalls.deliver(services::LoginSession{"token", "wang", {}});
        master.connection.tell(LinkState::Connected);
        master.connection.whoAmICalls.deliver(wang());
    }
    void tellMachines(std::size_t count) {
        tests::FleetScript script;
        master.fleet.machineWatch.tell(script.snapshot(tests::plainMachines(count)));
    }
    ViewState state() const {
        ViewFacts facts;
        facts.loaded = feed.store().loaded();
        facts.error = feed.error();
        facts.total = facts.shown = feed.store().size();
        return judgeView(hub, facts).state;
    }

    ReleasesPresenter releases{hub, feed};
    ReleaseWatch notices{hub, releases};
    PackagesPresenter packages{hub, feed};
    AuditPresenter audit{hub, feed, heads};
    AccessPresenter access{hub, feed};
    ReleasePresenter release{hub, &feed};
    MachineDetailPresenter machine{hub, feed};
};

/// How many calls were made; `fail`: after one that the master refuses.
using Made = std::function<std::size_t(Desk& desk, bool fail)>;

}  // namespace

class TestSignInAgain : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFirstLoginBringsTheFleet();
    void aLaterLoginBringsWhatIsNow();
    void aReleaseIsWatchedAgain();
    void whatFailedForTheLoginIsReadAgain_data();
    void whatFailedForTheLoginIsReadAgain();
    void aLoginOnALineThatStandsIsEnough();
    void aLineThatOnlyBrokeAsksForNothingTwice();
};

void TestSignInAgain::theFirstLoginBringsTheFleet() {
    Desk desk;
    QSignalSpy happened(&desk.feed, &FleetFeed::happened);
    desk.open();
    desk.loseLogin();
    QCOMPARE(desk.state(), ViewState::NoPermission);
    desk.signIn();
    QVERIFY(desk.feed.error().ok());
    QCOMPARE(desk.state(), ViewState::NeverLoaded);
    desk.tellMachines(7);
    QCOMPARE(desk.state(), ViewState::Ready);
    // There was nothing before that could have been missed.
    QCOMPARE(happened.size(), 0);
    desk.master.events.tell(Kind::ReleaseChanged);
    QCOMPARE(happened.size(), 1);
}

// 100 % healthy, of a stream that was dead; and releases stood still.
void TestSignInAgain::aLaterLoginBringsWhatIsNow() {
    Desk desk;
    desk.connect({});
    desk.tellMachines(7);
    desk.master.releases.listCalls.deliver(releasesOf(domain::ReleaseState::Running));
    desk.master.packages.listCalls.deliver(services::Page<services::PackageInfo>());
    desk.master.audit.listCalls.deliver(services::Page<services::AuditRow>());
    const std::size_t heads = desk.master.audit.headCalls.made();
    QSignalSpy notices(&desk.notices, &ReleaseWatch::happened);
    desk.loseLogin();
    QCOMPARE(desk.state(), ViewState::Offline);
    desk.signIn();
    QCOMPARE(desk.master.fleet.machineWatch.open(), std::size_t{1});
    QCOMPARE(desk.master.events.eventWatch.open(), std::size_t{1});
    desk.tellMachines(9);
    QCOMPARE(desk.feed.store().size(), 9U);
    // Nobody says what happened meanwhile: all of it is read again.
    QTRY_COMPARE(desk.master.releases.listCalls.pending(), std::size_t{1});
    QTRY_COMPARE(desk.master.packages.listCalls.pending(), std::size_t{1});
    desk.audit.look();
    QCOMPARE(desk.master.audit.listCalls.pending(), std::size_t{1});
    desk.access.look();
    QVERIFY(desk.master.access.userCalls.pending() > 0);
    desk.master.releases.listCalls.deliver(releasesOf(domain::ReleaseState::Halted));
    QCOMPARE(notices.size(), 1);
    // And what happens from now on is told.
    desk.master.events.tell(Kind::ReleaseChanged);
    QTRY_COMPARE(desk.master.releases.listCalls.pending(), std::size_t{1});
    QCOMPARE(desk.master.audit.headCalls.made(), heads);
}

void TestSignInAgain::aReleaseIsWatchedAgain() {
    Desk desk;
    desk.connect({});
    desk.release.open(QStringLiteral("a"));
    desk.master.releases.releaseWatch.tell(
        tests::releaseInGray("a", domain::ReleaseState::Running));
    desk.loseLogin();
    desk.signIn();
    QCOMPARE(desk.master.releases.releaseWatch.open(), std::size_t{1});
    QCOMPARE(desk.release.notice().state, ViewState::Ready);
    desk.master.releases.releaseWatch.tell(tests::releaseInGray("a", domain::ReleaseState::Halted));
    QCOMPARE(desk.release.info()->release.state, domain::ReleaseState::Halted);
}

void TestSignInAgain::whatFailedForTheLoginIsReadAgain_data() {
    QTest::addColumn<Made>("failOnce");
    const auto row = [](const char* name, const auto& callsOf, const auto& askAgain) {
        QTest::newRow(name) << Made([callsOf, askAgain](Desk& desk, bool fail) {
            auto& calls = callsOf(desk.master);
            if (fail) {
                askAgain(desk);
                calls.deliver(ended());
            }
            return calls.made();
        });
    };
    row(
        "releases", [](auto& master) -> auto& { return master.releases.listCalls; },
        [](Desk& desk) {
            desk.master.releases.listCalls.deliver(releasesOf(domain::ReleaseState::Running));
            desk.releases.refresh();
        });
    row(
        "packages", [](auto& master) -> auto& { return master.packages.listCalls; },
        [](Desk& desk) {
            desk.master.packages.listCalls.deliver(services::Page<services::PackageInfo>());
            desk.packages.refresh();
        });
    row(
        "a package", [](auto& master) -> auto& { return master.packages.getCalls; },
        [](Desk& desk) {
            services::PackageInfo package;
            package.manifestDigest = "d1";
            desk.master.packages.listCalls.deliver(
                services::Page<services::PackageInfo>{{package}, {}});
            desk.packages.choose(QStringLiteral("d1"));
        });
    row(
        "the audit", [](auto& master) -> auto& { return master.audit.listCalls; },
        [](Desk& desk) {
            desk.master.audit.listCalls.deliver(services::Page<services::AuditRow>());
            desk.audit.refresh();
        });
    row(
        "the heads", [](auto& master) -> auto& { return master.audit.headCalls; }, [](Desk&) {});
    row(
        "users", [](auto& master) -> auto& { return master.access.userCalls; },
        [](Desk& desk) {
            desk.master.access.userCalls.deliver(std::vector<services::UserInfo>());
            desk.access.refresh();
        });
    row(
        "what became of a release",
        [](auto& master) -> auto& { return master.releases.timelineCalls; },
        [](Desk& desk) { desk.release.open(QStringLiteral("a")); });
    row(
        "a machine", [](auto& master) -> auto& { return master.fleet.machineCalls; },
        [](Desk& desk) { desk.machine.show(QStringLiteral("m-1")); });
}

// The streams may end a second after a call was refused.
void TestSignInAgain::whatFailedForTheLoginIsReadAgain() {
    QFETCH(Made, failOnce);
    Desk desk;
    desk.connect({});
    const std::size_t made = failOnce(desk, true);
    services::LinkStatus link;
    link.lastError = ended();
    desk.master.connection.tell(link);
    QCOMPARE(failOnce(desk, false), made);
    desk.signIn();
    QCOMPARE(failOnce(desk, false), made + 1);
}

void TestSignInAgain::aLoginOnALineThatStandsIsEnough() {
    Desk desk;
    desk.connect({});
    desk.master.fleet.machineWatch.end(absl::PermissionDeniedError("not yours"));
    QVERIFY(!desk.feed.error().ok());
    desk.hub.signIn(QStringLiteral("wang"), QStringLiteral("secret"), [](const absl::Status&) {});
    desk.master.connection.loginCalls.deliver(services::LoginSession{"token", "wang", {}});
    QVERIFY(desk.feed.error().ok());
    QCOMPARE(desk.master.fleet.machineWatch.open(), std::size_t{1});
}

void TestSignInAgain::aLineThatOnlyBrokeAsksForNothingTwice() {
    Desk desk;
    desk.connect({});
    desk.release.open(QStringLiteral("a"));
    desk.tellMachines(7);
    desk.master.connection.tell(LinkState::Reconnecting);
    QSignalSpy happened(&desk.feed, &FleetFeed::happened);
    desk.master.connection.tell(LinkState::Connected);
    QCOMPARE(desk.master.fleet.machineWatch.open(), std::size_t{1});
    QCOMPARE(desk.master.events.eventWatch.open(), std::size_t{1});
    QCOMPARE(desk.master.releases.releaseWatch.open(), std::size_t{1});
    QCOMPARE(happened.size(), 0);
}

QTEST_GUILESS_MAIN(TestSignInAgain)
#include "tst_sign_in_again.moc"
