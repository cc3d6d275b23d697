// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/tokens_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::TokensPresenter;

namespace {

QString name(const char* text) {
    return QString::fromUtf8(text);
}

services::TokenInfo token(const char* id, const char* who, bool current = false) {
    services::TokenInfo out;
    out.id = id;
    out.user = who;
    out.label = "nightly report";
    out.current = current;
    return out;
}

/// Tokens of li (two) and of wang (one), who we are.
struct TokensFixture : tests::HubFixture {
    explicit TokensFixture(const std::vector<std::string>& permissions = {"session.revoke"}) {
        connect(permissions);
        presenter.list().read();
        master.access.tokenCalls.deliver(std::vector<services::TokenInfo>{
            token("t-1", "li"), token("t-2", "li"), token("t-3", "wang", true)});
        presenter.list().showOf("wang");
    }
    /// As whoever came with a password.
    void cameWithAToken() {
        services::Identity who;
        who.user = "wang";
        who.method = "token";
        hub.close();
        open();
        master.connection.tell(services::LinkState::Connected);
        master.connection.whoAmICalls.deliver(who);
        presenter.list().showOf("wang");
    }
    TokensPresenter presenter{hub};
};

}  // namespace

class TestTokensPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNewTokenIsOnesOwn();
    void whoCameWithATokenSaysThePassword();
    void whatATokenIsForIsChecked();
    void whatWasMadeIsToldOnce();
    void aSecretThatWasLostIsNoSecret();
    void aTokenIsEnded();
    void allOfAUserAreEnded();
    void whoMayNotSaysWhy();
    void eachStateOfTheListSaysSo();
};

void TestTokensPresenter::aNewTokenIsOnesOwn() {
    TokensFixture fixture;
    QVERIFY(fixture.presenter.createAction().enabled());
    // Whoever made it would be surprised whom it acts as.
    fixture.presenter.list().showOf("li");
    QVERIFY2(fixture.presenter.createAction().whyNot.contains(name("wang")),
             qPrintable(fixture.presenter.createAction().whyNot));
    fixture.presenter.list().showOf("wang");
    const TokensPresenter::NewToken wanted{name("nightly"), 7};
    const auto facts = fixture.presenter.createFacts(wanted);
    QCOMPARE(facts.danger, domain::DangerClass::ChangesMachines);
    QCOMPARE(facts.reason, gui::models::DangerFacts::Reason::Required);
    QCOMPARE(facts.password, gui::models::DangerFacts::Password::None);
    QCOMPARE(facts.commands.size(), 1);
    fixture.presenter.create(wanted, {name("OPS-7")});
    const auto& call = fixture.master.access.createTokenCalls.last();
    QCOMPARE(call.label, std::string("nightly"));
    QCOMPARE(call.lifetime, std::chrono::milliseconds(std::chrono::hours(7 * 24)));
    QCOMPARE(call.password, std::string());
    QCOMPARE(call.mutation.reason, std::string("OPS-7"));
    // One change at a time: the second would take the place of the first.
    QVERIFY(!fixture.presenter.createAction().enabled());
    fixture.presenter.create(wanted, {name("OPS-7")});
    QCOMPARE(fixture.master.access.createTokenCalls.made(), std::size_t{1});
}

void TestTokensPresenter::whoCameWithATokenSaysThePassword() {
    TokensFixture fixture({"release.start"});
    fixture.cameWithAToken();
    const TokensPresenter::NewToken wanted{name("nightly"), 7};
    // In the sheet, as for everything that makes or widens access.
    QCOMPARE(fixture.presenter.createFacts(wanted).password,
             gui::models::DangerFacts::Password::Required);
    fixture.presenter.create(wanted, {name("why"), name("secret")});
    QCOMPARE(fixture.master.access.createTokenCalls.last().password, std::string("secret"));
}

void TestTokensPresenter::whatATokenIsForIsChecked() {
    TokensFixture fixture;
    QVERIFY(fixture.presenter.problemOf({name("nightly"), 7}).isEmpty());
    QVERIFY(!fixture.presenter.problemOf({{}, 7}).isEmpty());
    // ifritctl would take it for an option.
    QVERIFY(!fixture.presenter.problemOf({name("-x"), 7}).isEmpty());
    QVERIFY(!fixture.presenter.problemOf({QString(200, QChar(0x4e2d)), 7}).isEmpty());
    fixture.presenter.create({name("-x"), 7}, {name("why")});
    QCOMPARE(fixture.master.access.createTokenCalls.made(), std::size_t{0});
}

void TestTokensPresenter::whatWasMadeIsToldOnce() {
    TokensFixture fixture;
    QSignalSpy secrets(&fixture.presenter, &TokensPresenter::secretMade);
    QSignalSpy acted(&fixture.presenter, &TokensPresenter::acted);
    fixture.presenter.create({name("nightly"), 7}, {name("why")});
    fixture.master.access.createTokenCalls.deliver(
        services::MadeToken{"ifrit_abc", token("t-9", "wang")});
    QCOMPARE(secrets.size(), 1);
    QCOMPARE(secrets[0][0].toString(), name("nightly"));
    QCOMPARE(secrets[0][1].toString(), name("ifrit_abc"));
    QCOMPARE(acted.size(), 1);
    QCOMPARE(acted[0][0].toString(), QString());
    // It is in no row, and asking again does not bring it back.
    for (int column = 0; column < fixture.presenter.model().columnCount(); ++column) {
        const QString cell = fixture.presenter.model().index(0, column).data().toString();
        QVERIFY(!cell.contains(name("ifrit_abc")));
    }
    fixture.presenter.list().read();
    fixture.master.access.tokenCalls.deliver(
        std::vector<services::TokenInfo>{token("t-9", "wang")});
    QCOMPARE(secrets.size(), 1);
}

// The answer was lost on the way and the request repeated: the master made one token, and keeps no
// secret to tell it again.
void TestTokensPresenter::aSecretThatWasLostIsNoSecret() {
    TokensFixture fixture;
    QSignalSpy secrets(&fixture.presenter, &TokensPresenter::secretMade);
    QSignalSpy acted(&fixture.presenter, &TokensPresenter::acted);
    fixture.presenter.create({name("nightly"), 7}, {name("why")});
    fixture.master.access.createTokenCalls.deliver(services::MadeToken{"", token("t-9", "wang")});
    QCOMPARE(secrets.size(), 0);
    QVERIFY2(acted[0][0].toString().contains(name("t-9")), qPrintable(acted[0][0].toString()));
    QVERIFY(fixture.presenter.createAction().enabled());
    fixture.presenter.create({name("nightly"), 7}, {name("why")});
    fixture.master.access.createTokenCalls.deliver(
        base::failedPrecondition("TOO_MANY", "wang", "there are too many tokens"));
    QVERIFY2(acted[1][0].toString().contains(name("TOO_MANY")), qPrintable(acted[1][0].toString()));
}

void TestTokensPresenter::aTokenIsEnded() {
    TokensFixture fixture;
    // The one by which this window speaks says so before.
    QVERIFY(fixture.presenter.endFacts(0).sentence.contains(name("sign in again")));
    fixture.presenter.list().showOf("li");
    QVERIFY(!fixture.presenter.endAction(-1).enabled());
    const auto facts = fixture.presenter.endFacts(1);
    QCOMPARE(facts.danger, domain::DangerClass::Wide);
    QCOMPARE(facts.machines, 1LL);
    QVERIFY(!facts.sentence.contains(name("sign in again")));
    fixture.presenter.end("t-2", name("leaked"));
    const auto& call = fixture.master.access.revokeTokenCalls.last();
    QCOMPARE(call.id, std::string("t-2"));
    QCOMPARE(call.user, std::string());
    QCOMPARE(call.mutation.reason, std::string("leaked"));
    QSignalSpy acted(&fixture.presenter, &TokensPresenter::acted);
    fixture.master.access.revokeTokenCalls.deliver(
        base::notFound("TOKEN_UNKNOWN", "t-2", "there is no token t-2"));
    QVERIFY(acted[0][0].toString().contains(name("no token t-2")));
    QVERIFY(acted[0][0].toString().contains(name("TOKEN_UNKNOWN")));
}

void TestTokensPresenter::allOfAUserAreEnded() {
    TokensFixture fixture;
    fixture.presenter.list().showOf("li");
    const auto facts = fixture.presenter.endAllFacts();
    QCOMPARE(facts.danger, domain::DangerClass::Wide);
    QVERIFY(facts.facts.contains(qMakePair(name("Tokens"), name("2"))));
    QVERIFY(!facts.sentence.contains(name("sign in again")));
    // Whoever was chosen while the sheet was open is not meant.
    fixture.presenter.list().showOf("wang");
    QVERIFY(fixture.presenter.endAllFacts().sentence.contains(name("sign in again")));
    fixture.presenter.endAll("li", name("left"));
    const auto& call = fixture.master.access.revokeTokenCalls.last();
    QCOMPARE(call.id, std::string());
    QCOMPARE(call.user, std::string("li"));
    fixture.master.access.revokeTokenCalls.deliver(std::uint32_t{2});
    fixture.presenter.list().showOf("zhou");
    QVERIFY(!fixture.presenter.endAllAction().enabled());
}

void TestTokensPresenter::whoMayNotSaysWhy() {
    TokensFixture fixture({"release.start"});
    fixture.presenter.list().read();
    QCOMPARE(fixture.master.access.tokenCalls.last(), std::string());
    // One's own need no permission.
    QVERIFY(fixture.presenter.createAction().enabled());
    QVERIFY(fixture.presenter.endAction(0).enabled());
    QVERIFY(fixture.presenter.endAllAction().enabled());
    fixture.presenter.list().showOf("li");
    QVERIFY(fixture.presenter.endAction(0).whyNot.contains(name("session.revoke")));
    QVERIFY(fixture.presenter.note().contains(name("super admins")));
    fixture.presenter.list().showOf("wang");
    fixture.master.connection.tell(services::LinkState::Reconnecting);
    for (const auto& action : {fixture.presenter.createAction(), fixture.presenter.endAction(0),
                               fixture.presenter.endAllAction()})
        QVERIFY(!action.enabled());
    fixture.presenter.end("t-3", name("why"));
    fixture.presenter.endAll("wang", name("why"));
    fixture.presenter.create({name("nightly"), 7}, {name("why")});
    QCOMPARE(fixture.master.access.revokeTokenCalls.made(), std::size_t{0});
    QCOMPARE(fixture.master.access.createTokenCalls.made(), std::size_t{0});
}

void TestTokensPresenter::eachStateOfTheListSaysSo() {
    tests::HubFixture fixture;
    TokensPresenter presenter(fixture.hub);
    fixture.connect({"session.revoke"});
    presenter.list().showOf("li");
    QCOMPARE(presenter.note(), name("Loading."));
    QCOMPARE(presenter.emptyText(), QString());
    auto& calls = fixture.master.access.tokenCalls;
    const auto read = [&](const auto& answer) {
        presenter.list().read();
        calls.deliver(answer);
    };
    read(absl::UnimplementedError("no such method"));
    QVERIFY(presenter.note().contains(name("does not know what it is asked")));
    read(base::permissionDenied("NOT_ALLOWED", "wang", "wang may not read this"));
    QVERIFY(presenter.note().contains(name("NOT_ALLOWED")));
    read(base::failedPrecondition("STORAGE", "sqlite", "the database is locked"));
    QVERIFY(presenter.note().contains(name("database is locked")));
    read(std::vector<services::TokenInfo>{});
    QCOMPARE(presenter.note(), QString());
    QCOMPARE(presenter.emptyText(), name("No token is open."));
    read(std::vector<services::TokenInfo>{token("t-1", "li")});
    presenter.list().filter(name("nothing-is-called-so"));
    QVERIFY(presenter.emptyText().contains(name("matches the filter")));
    QVERIFY(presenter.list().count().contains(name("1")));
    presenter.list().filter({});
    QCOMPARE(presenter.model().rowCount(), 1);
    // What was there stays, and what is said over it is why it may be old.
    read(base::failedPrecondition("STORAGE", "sqlite", "the database is locked"));
    QCOMPARE(presenter.model().rowCount(), 1);
    QVERIFY(presenter.note().contains(name("STORAGE")));
    read(std::vector<services::TokenInfo>{token("t-1", "li")});
    // The line over the page says it once for all of it.
    fixture.master.connection.tell(services::LinkState::Reconnecting);
    QCOMPARE(presenter.note(), QString());
    QCOMPARE(presenter.model().rowCount(), 1);
}

QTEST_GUILESS_MAIN(TestTokensPresenter)
#include "tst_tokens_presenter.moc"
