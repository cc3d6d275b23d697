// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/access_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/in_other_words.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::StatusKind;
using gui::models::UserVerb;
using gui::models::ViewState;
using gui::presenters::AccessPresenter;

namespace {

const std::vector<std::string> kAll = {"operator.add",     "operator.passwd", "operator.role",
                                       "operator.disable", "operator.enable", "operator.remove",
                                       "grant.give",       "grant.take",      "session.revoke"};

services::UserInfo user(const char* name, services::UserRole role = services::UserRole::Reader) {
    services::UserInfo out;
    out.name = name;
    out.role = role;
    out.hasPassword = true;
    return out;
}

services::GrantInfo grant(const char* id, const char* to) {
    services::GrantInfo out;
    out.grant = {id, to, "release.*", "logd", "*", "LINUX", std::nullopt};
    return out;
}

services::TokenInfo token(const char* id, const char* who) {
    services::TokenInfo out;
    out.id = id;
    out.user = who;
    return out;
}

QString name(const char* text) {
    return QString::fromUtf8(text);
}

/// A presenter whose lists have arrived: root (super admin), li (reader), wang (we).
struct AccessFixture : tests::HubFixture {
    explicit AccessFixture(std::vector<std::string> permissions = kAll) {
        connect(std::move(permissions));
        std::vector<services::UserInfo> users{
            user("li"), user("root", services::UserRole::SuperAdmin), user("wang")};
        users[0].grants = 1;  // of its two one has expired
        users[2].grants = 1;
        master.access.userCalls.deliver(users);
        services::GrantList grants;
        grants.grants = {grant("g-1", "li"), grant("", "li"), grant("g-2", "wang")};
        grants.permissions = {"release.start", "package.publish", "release.pause"};
        grants.superAdminPermissions = {"grant.give"};
        master.access.grantCalls.deliver(grants);
        master.access.tokenCalls.deliver(
            std::vector<services::TokenInfo>{token("t-1", "li"), token("t-2", "wang")});
    }
    AccessPresenter presenter{hub, feed};
};

}  // namespace

class TestAccessPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theLastSuperAdminStays() {
        AccessFixture fixture;
        fixture.presenter.choose(name("root"));
        for (const auto verb : {UserVerb::Demote, UserVerb::Disable, UserVerb::Remove})
            QVERIFY(fixture.presenter.action(verb).whyNot.contains(QStringLiteral("last super")));
        QVERIFY(!fixture.presenter.action(UserVerb::Promote)
                     .whyNot.contains(QStringLiteral("last super")));
        fixture.presenter.refresh();
        fixture.master.access.userCalls.deliver(
            std::vector<services::UserInfo>{user("li", services::UserRole::SuperAdmin),
                                            user("root", services::UserRole::SuperAdmin)});
        fixture.presenter.choose(name("root"));
        QVERIFY(fixture.presenter.action(UserVerb::Remove).enabled());
    }
    void showsWhatBelongsToTheChosen() {
        AccessFixture fixture;
        QCOMPARE(fixture.presenter.notice().state, ViewState::Ready);
        QCOMPARE(fixture.presenter.users().rowCount(), 3);
        QCOMPARE(fixture.presenter.grants().rowCount(), 0);
        fixture.presenter.choose(name("li"));
        QCOMPARE(fixture.presenter.grants().rowCount(), 2);
        QCOMPARE(fixture.presenter.tokens().model().rowCount(), 1);
        fixture.presenter.choose(name("wang"));
        QCOMPARE(fixture.presenter.grants().rowCount(), 1);
        QCOMPARE(fixture.presenter.countLine(),
                 QStringLiteral("3 user(s) · 1 super admin(s) · 2 grant(s)"));
    }

    // "Nothing is granted" of somebody whose grants could not be read would be believed.
    void grantsThatCouldNotBeReadAreNoEmptyList() {
        tests::HubFixture fixture;
        AccessPresenter presenter(fixture.hub, fixture.feed);
        fixture.connect(kAll);
        fixture.master.access.userCalls.deliver(std::vector<services::UserInfo>{user("li")});
        presenter.choose(name("li"));
        QCOMPARE(presenter.grantsNote(), name("Loading."));
        fixture.master.access.grantCalls.deliver(
            base::makeError(absl::StatusCode::kUnavailable, "LEADER_AWAY", "", "no leader"));
        QVERIFY2(presenter.grantsNote().contains(name("no leader"), Qt::CaseInsensitive),
                 qPrintable(presenter.grantsNote()));
        presenter.refresh();
        fixture.master.access.grantCalls.deliver(services::GrantList{});
        QCOMPARE(presenter.grantsNote(), QString());
        // What was there once stays, and the note says that it may be old.
        presenter.refresh();
        fixture.master.access.grantCalls.deliver(absl::UnavailableError("away"));
        QVERIFY(!presenter.grantsNote().isEmpty());
    }

    void whoIsNoSuperAdminAsksForTheirOwnTokens() {
        AccessFixture fixture({"release.start"});
        QCOMPARE(fixture.master.access.tokenCalls.made(), std::size_t{1});
        fixture.presenter.refresh();
        QCOMPARE(fixture.master.access.tokenCalls.last(), std::string());
        fixture.presenter.choose(name("li"));
        QVERIFY(!fixture.presenter.tokens().note().isEmpty());
        fixture.presenter.choose(name("wang"));
        QVERIFY(fixture.presenter.tokens().note().isEmpty());
        // Their own they may end, nothing else.
        QVERIFY(fixture.presenter.tokens().endAction(0).enabled());
        for (const auto verb : {UserVerb::Promote, UserVerb::Disable, UserVerb::Remove}) {
            const auto action = fixture.presenter.action(verb);
            QVERIFY2(action.whyNot.contains(QStringLiteral("operator.")),
                     qPrintable(action.whyNot));
        }
        QVERIFY(fixture.presenter.giveAction().whyNot.contains(QStringLiteral("grant.give")));
        AccessFixture super;
        super.presenter.refresh();
        QCOMPARE(super.master.access.tokenCalls.last(), std::string("*"));
    }

    void everyChangeIsWideAndSaysItsCommand() {
        AccessFixture fixture;
        fixture.presenter.choose(name("li"));
        for (const auto verb : {UserVerb::Password, UserVerb::Promote, UserVerb::Demote,
                                UserVerb::Disable, UserVerb::Enable, UserVerb::Remove}) {
            QVERIFY(fixture.presenter.action(verb).enabled());
            const auto facts = fixture.presenter.facts(verb);
            QCOMPARE(facts.danger, domain::DangerClass::Wide);
            QCOMPARE(facts.machines, 1);
            QCOMPARE(facts.commands.size(), 1);
            QVERIFY(facts.title.contains(QStringLiteral("li")));
            // "what is granted below" stood where nothing stands below.
            QVERIFY(facts.facts.contains(qMakePair(name("May"), name("read; grants: 2"))));
        }
        fixture.presenter.act(UserVerb::Disable, "li", {name("lost")});
        const auto& call = fixture.master.access.disableCalls.last();
        QCOMPARE(call.first, std::string("li"));
        QCOMPARE(call.second.reason, std::string("lost"));
        QSignalSpy acted(&fixture.presenter, &AccessPresenter::acted);
        fixture.master.access.disableCalls.deliver(
            base::failedPrecondition("LAST_SUPER_ADMIN", "li", "'li' is the last super admin"));
        QCOMPARE(acted.size(), 1);
        QVERIFY(acted[0][0].toString().contains(QStringLiteral("last super admin")));
        QVERIFY(acted[0][0].toString().contains(QStringLiteral("LAST_SUPER_ADMIN")));
    }

    // "grants: 0" of somebody whose grants were not read would be believed.
    void grantsThatAreNotReadAreNotCounted() {
        tests::HubFixture fixture;
        AccessPresenter presenter(fixture.hub, fixture.feed);
        fixture.connect(kAll);
        fixture.master.access.userCalls.deliver(std::vector<services::UserInfo>{user("li")});
        presenter.choose(name("li"));
        const auto may = qMakePair(name("May"), name("read; grants: unknown"));
        QVERIFY(presenter.facts(UserVerb::Remove).facts.contains(may));
    }

    // What whoever helps asks for, whichever verb it was.
    void everyRefusalHasItsCode() {
        AccessFixture fixture;
        fixture.presenter.choose(name("li"));
        auto& access = fixture.master.access;
        QSignalSpy acted(&fixture.presenter, &AccessPresenter::acted);
        const auto refusal = base::failedPrecondition("TOO_MANY", "li", "there are too many");
        fixture.presenter.create({name("anna")}, {name("new")});
        access.createCalls.deliver(refusal);
        fixture.presenter.give({"", "li", "release.*", "*", "*", "*", {}}, {name("on call")});
        access.giveCalls.deliver(refusal);
        fixture.presenter.take("g-1", name("over"));
        access.takeCalls.deliver(refusal);
        QCOMPARE(acted.size(), 3);
        for (const auto& told : acted)
            QVERIFY2(told[0].toString().contains(name("TOO_MANY")), qPrintable(told[0].toString()));
    }

    // The second took the first one's place, which the master then may never have begun.
    void oneChangeAtATime() {
        AccessFixture fixture;
        fixture.presenter.choose(name("li"));
        fixture.presenter.act(UserVerb::Disable, "li", {name("lost")});
        QVERIFY(fixture.presenter.action(UserVerb::Disable).whyNot.contains(name("answered yet")));
        QVERIFY(!fixture.presenter.createAction().enabled());
        QVERIFY(!fixture.presenter.giveAction().enabled());
        QSignalSpy acted(&fixture.presenter, &AccessPresenter::acted);
        fixture.presenter.act(UserVerb::Disable, "wang", {name("lost too")});
        QCOMPARE(fixture.master.access.disableCalls.made(), std::size_t{1});
        QVERIFY(acted[0][0].toString().contains(name("answered yet")));
        fixture.master.access.disableCalls.deliver(services::UserInfo{});
        QCOMPARE(acted.size(), 2);
        QCOMPARE(acted[1][0].toString(), QString());
        QVERIFY(fixture.presenter.createAction().enabled());
    }

    void aMadePasswordIsToldOnce() {
        AccessFixture fixture;
        QSignalSpy secrets(&fixture.presenter, &AccessPresenter::secretMade);
        QVERIFY(!fixture.presenter.problemOf(AccessPresenter::NewUser{name("Bad Name")}).isEmpty());
        QVERIFY(!fixture.presenter.problemOf(AccessPresenter::NewUser{name("li")}).isEmpty());
        const AccessPresenter::NewUser anna{name("anna")};
        QVERIFY(fixture.presenter.problemOf(anna).isEmpty());
        fixture.presenter.create(anna, {name("new")});
        QCOMPARE(fixture.master.access.createCalls.last().name, std::string("anna"));
        fixture.master.access.createCalls.deliver(services::MadePassword{"anna", "made"});
        QCOMPARE(secrets.size(), 1);
        QCOMPARE(secrets[0][1].toString(), name("made"));
        // It is reread, and nothing of the secret stays here.
        QCOMPARE(fixture.master.access.userCalls.pending(), std::size_t{1});
    }

    // A stolen token would otherwise make itself a user that outlives it.
    void aUserThatATokenMakesIsAskedForThePassword() {
        using Password = gui::models::DangerFacts::Password;
        AccessFixture fixture;
        const AccessPresenter::NewUser anna{name("anna"), services::UserRole::SuperAdmin};
        QCOMPARE(fixture.presenter.createFacts(anna).password, Password::None);
        tests::HubFixture other;
        AccessPresenter presenter(other.hub, other.feed);
        other.open();
        other.master.connection.tell(services::LinkState::Connected);
        services::Identity who;
        who.user = "wang";
        who.method = "token";
        who.permissions = kAll;
        other.master.connection.whoAmICalls.deliver(who);
        QCOMPARE(presenter.createFacts(anna).password, Password::Required);
        QCOMPARE(presenter.createFacts({name("robot"), services::UserRole::Reader, false}).password,
                 Password::Required);
        presenter.create(anna, {name("new"), name("my password")});
        const services::NewUser& sent = other.master.access.createCalls.last();
        QCOMPARE(sent.mutation.password, std::string("my password"));
        QCOMPARE(sent.mutation.reason, std::string("new"));
    }

    void grantsAreCheckedBeforeTheyTravel() {
        AccessFixture fixture;
        fixture.presenter.choose(name("li"));
        AccessPresenter::NewGrant wanted{name("release.start"), name("logd"), name("LINUX"),
                                         name("prod-*"), 7};
        QVERIFY(fixture.presenter.problemOf(wanted).isEmpty());
        wanted.machineType = name("linux");
        QVERIFY(!fixture.presenter.problemOf(wanted).isEmpty());
        fixture.presenter.give(fixture.presenter.grantOf(wanted), {name("on call")});
        QCOMPARE(fixture.master.access.giveCalls.made(), std::size_t{0});
        wanted.machineType.clear();
        wanted.cluster = name("a b");
        QVERIFY(!fixture.presenter.problemOf(wanted).isEmpty());
        wanted.cluster = name("prod-*");
        fixture.presenter.give(fixture.presenter.grantOf(wanted), {name("on call")});
        const auto& [made, mutation] = fixture.master.access.giveCalls.last();
        QCOMPARE(made.to, std::string("li"));
        QCOMPARE(made.machineType, std::string("*"));
        QCOMPARE(made.cluster, std::string("prod-*"));
        QCOMPARE(*made.expires, fixture.clock.now() + std::chrono::hours(7 * 24));
        QCOMPARE(mutation.reason, std::string("on call"));
        fixture.master.access.giveCalls.deliver(services::GrantInfo{});
        QCOMPARE(fixture.presenter.grantable().first(), name("package.*"));
        // What the configuration grants is taken away there.
        QVERIFY(fixture.presenter.takeAction(0).enabled());
        QVERIFY(!fixture.presenter.takeAction(1).enabled());
        fixture.presenter.take(fixture.presenter.grants().at(0)->grant.id, name("over"));
        QCOMPARE(fixture.master.access.takeCalls.last().first, std::string("g-1"));
        fixture.presenter.choose(name("root"));
        QVERIFY(!fixture.presenter.giveAction().enabled());
    }

    void theMasterSaysWhetherSomebodyMay() {
        AccessFixture fixture;
        fixture.presenter.choose(name("li"));
        fixture.presenter.check(name("release.start"), name(" logd "), name("LINUX, ARM64"));
        const auto& asked = fixture.master.access.checkCalls.last();
        QCOMPARE(asked.user, std::string("li"));
        QCOMPARE(asked.agent, std::string("logd"));
        QCOMPARE(asked.machineTypes, (std::vector<std::string>{"LINUX", "ARM64"}));
        fixture.master.access.checkCalls.deliver(
            services::AccessAnswer{"li", false, "no grant gives li release.start", {}});
        QCOMPARE(fixture.presenter.answerKind(), StatusKind::Fail);
        QVERIFY(fixture.presenter.answer().contains(QStringLiteral("no grant gives li")));
        {
            const tests::InOtherWords other;
            QVERIFY(!fixture.presenter.answer().contains(QStringLiteral("no grant")));
        }
        // Another's answer would be a lie about them.
        fixture.presenter.choose(name("root"));
        QVERIFY(fixture.presenter.answer().isEmpty());
    }

    void nothingIsChangedOnAReadOnlyConnection() {
        tests::HubFixture fixture;
        AccessPresenter presenter(fixture.hub, fixture.feed);
        fixture.open("test", true);
        fixture.master.connection.tell(services::LinkState::Connected);
        services::Identity who;
        who.user = "li";
        who.permissions = kAll;
        fixture.master.connection.whoAmICalls.deliver(who);
        fixture.master.access.userCalls.deliver(std::vector<services::UserInfo>{user("li")});
        presenter.choose(name("li"));
        QVERIFY(!presenter.createAction().enabled());
        QVERIFY(!presenter.action(UserVerb::Remove).enabled());
        QVERIFY(!presenter.giveAction().enabled());
    }

    void eventsAboutAccessReload() {
        AccessFixture fixture;
        const auto before = fixture.master.access.userCalls.made();
        fixture.master.events.tell(services::ClusterEvent::Kind::AuditAppended, "release.start");
        fixture.master.events.tell(services::ClusterEvent::Kind::AuditAppended, "grant.give");
        QTRY_COMPARE(fixture.master.access.userCalls.made(), before + 1);
    }

    void whatWasReadLongAgoIsReadAgainWhereThePageIsShown() {
        AccessFixture fixture;
        const auto& calls = fixture.master.access.userCalls;
        const auto before = calls.made();
        fixture.presenter.look();
        QCOMPARE(calls.made(), before);
        fixture.clock.advance(std::chrono::seconds(5));
        fixture.presenter.look();
        QCOMPARE(calls.made(), before + 1);
    }

    void nothingStaysOfAClusterThatWasLeft() {
        AccessFixture fixture;
        fixture.presenter.choose(name("li"));
        fixture.hub.close();
        QCOMPARE(fixture.presenter.users().rowCount(), 0);
        QCOMPARE(fixture.presenter.grants().rowCount(), 0);
        QCOMPARE(fixture.presenter.tokens().model().rowCount(), 0);
        QVERIFY(fixture.presenter.chosen() == nullptr);
    }
};

QTEST_GUILESS_MAIN(TestAccessPresenter)
#include "tst_access_presenter.moc"
