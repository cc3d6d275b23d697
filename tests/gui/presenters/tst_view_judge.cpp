// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "gui/presenters/view_judge.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::presenters;
using gui::models::ViewState;
using gui::services::LinkState;

class TestViewJudge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void judges_data();
    void judges();
    void offlineSaysSinceWhenAndWhatNext();
    void whatIsCountedIsSaidAnew();
    void aListThatIsReadSaysWhen();
    void aNameStaysAsItIs_data();
    void aNameStaysAsItIs();
    void whoHasToSignInIsToldSo_data();
    void whoHasToSignInIsToldSo();
    void whoIsDisabledIsNotSentToSignIn_data();
    void whoIsDisabledIsNotSentToSignIn();
    void whatIsWaitedForCanBeGivenUp();
    void tellsHowFarAndWhatIsMissing();
    void saysWhyAnActionIsRefused();
    void ofTwoVersionsItSaysWhichIsBehind_data();
    void ofTwoVersionsItSaysWhichIsBehind();
};

void TestViewJudge::judges_data() {
    QTest::addColumn<int>("link");  // -1: no session
    QTest::addColumn<bool>("loaded");
    QTest::addColumn<int>("total");
    QTest::addColumn<int>("shown");
    QTest::addColumn<int>("code");
    QTest::addColumn<ViewState>("expected");
    const auto row = [](const char* name, int link, bool loaded, int total, int shown,
                        absl::StatusCode code, ViewState expected) {
        QTest::newRow(name) << link << loaded << total << shown << static_cast<int>(code)
                            << expected;
    };
    const int up = static_cast<int>(LinkState::Connected);
    const auto ok = absl::StatusCode::kOk;
    row("no session", -1, false, 0, 0, ok, ViewState::Empty);
    row("connecting", static_cast<int>(LinkState::Connecting), false, 0, 0, ok,
        ViewState::NeverLoaded);
    row("loading", up, false, 0, 0, ok, ViewState::NeverLoaded);
    row("ready", up, true, 5, 5, ok, ViewState::Ready);
    row("empty", up, true, 0, 0, ok, ViewState::Empty);
    row("filtered", up, true, 5, 0, ok, ViewState::EmptyByFilter);
    row("denied", up, false, 0, 0, absl::StatusCode::kPermissionDenied, ViewState::NoPermission);
    row("not signed in", up, false, 0, 0, absl::StatusCode::kUnauthenticated,
        ViewState::NoPermission);
    row("not signed in any more", up, true, 5, 5, absl::StatusCode::kUnauthenticated,
        ViewState::Partial);
    row("too old a master", up, false, 0, 0, absl::StatusCode::kUnimplemented,
        ViewState::VersionSkew);
    row("error", up, false, 0, 0, absl::StatusCode::kInternal, ViewState::Error);
    row("error of a refresh", up, true, 5, 5, absl::StatusCode::kInternal, ViewState::Partial);
    row("stale", static_cast<int>(LinkState::Stale), true, 5, 5, ok, ViewState::Stale);
    row("offline", static_cast<int>(LinkState::Reconnecting), true, 5, 5, ok, ViewState::Offline);
    row("never reached", static_cast<int>(LinkState::Reconnecting), false, 0, 0, ok,
        ViewState::NeverLoaded);
}

void TestViewJudge::judges() {
    QFETCH(int, link);
    QFETCH(bool, loaded);
    QFETCH(int, total);
    QFETCH(int, shown);
    QFETCH(int, code);
    tests::HubFixture fixture;
    if (link >= 0) {
        fixture.open();
        fixture.master.connection.tell(static_cast<LinkState>(link));
    }
    ViewFacts facts;
    facts.loaded = loaded;
    facts.total = total;
    facts.shown = shown;
    facts.empty = QStringLiteral("Nothing yet.");
    facts.error = absl::Status(static_cast<absl::StatusCode>(code), "it broke");
    const auto notice = judgeView(fixture.hub, facts);
    QTEST(notice.state, "expected");
    if (notice.state != ViewState::Ready) QVERIFY(!notice.sentence.isEmpty());
}

void TestViewJudge::offlineSaysSinceWhenAndWhatNext() {
    tests::HubFixture fixture;
    fixture.open();
    services::LinkStatus status;
    status.state = LinkState::Reconnecting;
    status.attempt = 6;
    status.staleSince = fixture.clock.now() - std::chrono::seconds(72);
    status.nextAttempt = fixture.clock.now() + std::chrono::seconds(7);
    fixture.master.connection.tell(status);
    ViewFacts facts;
    facts.loaded = true;
    facts.total = facts.shown = 3;
    const auto notice = judgeView(fixture.hub, facts);
    QVERIFY(notice.sentence.contains(fixture.times.at(*status.staleSince)));
    QVERIFY(notice.sentence.contains(QStringLiteral("attempt 6")));
    QVERIFY(notice.sentence.contains(QStringLiteral("next in 8 s")));
    QVERIFY(gui::models::isOld(notice.state));
}

void TestViewJudge::whatIsCountedIsSaidAnew() {
    tests::HubFixture fixture;
    fixture.open();
    services::LinkStatus status;
    status.state = LinkState::Reconnecting;
    status.attempt = 2;
    status.nextAttempt = fixture.clock.now() + std::chrono::seconds(9);
    fixture.master.connection.tell(status);
    for (const bool loaded : {false, true}) {
        ViewFacts facts;
        facts.loaded = loaded;
        facts.total = facts.shown = 3;
        const auto notice = judgeView(fixture.hub, facts);
        QVERIFY(notice.counted);
        QCOMPARE(notice.counted(), notice.sentence);
        fixture.clock.advance(std::chrono::seconds(2));
        QVERIFY(notice.counted() != notice.sentence);
        QCOMPARE(notice.counted(), judgeView(fixture.hub, facts).sentence);
    }
    // A second later it says so itself; beside a button nothing would count on.
    QSignalSpy seconds(&fixture.hub, &ConnectionHub::secondPassed);
    QVERIFY(seconds.wait());
    QVERIFY(!fixture.hub.whyNot("release.pause").contains(QStringLiteral("next in")));
    fixture.master.connection.tell(LinkState::Connected);
    QVERIFY(!judgeView(fixture.hub, {}).counted);
    QVERIFY(!fixture.hub.findChild<QTimer*>()->isActive());
}

// What had happened between the list and the end of the contact was missing, and nothing said so.
void TestViewJudge::aListThatIsReadSaysWhen() {
    tests::HubFixture fixture;
    fixture.open();
    services::LinkStatus status;
    status.state = LinkState::Reconnecting;
    status.staleSince = fixture.clock.now();
    fixture.master.connection.tell(status);
    ViewFacts facts;
    facts.loaded = true;
    facts.total = facts.shown = 3;
    facts.readAt = fixture.clock.now() - std::chrono::minutes(3);
    const QString read = QStringLiteral("read at ") + fixture.times.at(*facts.readAt);
    QVERIFY2(judgeView(fixture.hub, facts).sentence.contains(read),
             qPrintable(judgeView(fixture.hub, facts).sentence));
    fixture.master.connection.tell(LinkState::Connected);
    QVERIFY(judgeView(fixture.hub, facts).sentence.isEmpty());
}

void TestViewJudge::aNameStaysAsItIs_data() {
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("said");
    QTest::newRow("name first") << "admin"
                                << "admin is disabled; ask a super admin"
                                << "admin is disabled; ask a super admin.";
    QTest::newRow("name alone") << "li"
                                << "li"
                                << "li.";
    QTest::newRow("another word") << "a"
                                  << "another one exists"
                                  << "Another one exists.";
    QTest::newRow("no name") << ""
                             << "it broke"
                             << "It broke.";
}

// "Admin is disabled", of a user who is called admin.
void TestViewJudge::aNameStaysAsItIs() {
    QFETCH(const QString, subject);
    QFETCH(const QString, message);
    const absl::Status status = base::makeError(absl::StatusCode::kUnauthenticated, "ANY",
                                                subject.toStdString(), message.toStdString());
    QTEST(sentenceOf(status), "said");
}

void TestViewJudge::whoHasToSignInIsToldSo_data() {
    QTest::addColumn<bool>("line");
    QTest::addColumn<bool>("loaded");
    QTest::addColumn<ViewState>("expected");
    QTest::newRow("a call, nothing loaded") << false << false << ViewState::NoPermission;
    QTest::newRow("a call, loaded") << false << true << ViewState::Partial;
    QTest::newRow("the line, nothing loaded") << true << false << ViewState::NoPermission;
    QTest::newRow("the line, loaded") << true << true << ViewState::Offline;
}

// It said that a super admin can grant it, or "Not reached yet" with "Try again".
void TestViewJudge::whoHasToSignInIsToldSo() {
    QFETCH(const bool, line);
    QFETCH(const bool, loaded);
    tests::HubFixture fixture;
    fixture.open();
    const absl::Status expired = base::makeError(absl::StatusCode::kUnauthenticated,
                                                 "SIGN_IN_EXPIRED", "li", "the login has expired");
    ViewFacts facts;
    facts.loaded = loaded;
    facts.total = facts.shown = 3;
    services::LinkStatus status;
    status.state = line ? LinkState::Disconnected : LinkState::Connected;
    if (line) {
        status.lastError = expired;
        status.staleSince = fixture.clock.now();
    } else {
        facts.error = expired;
    }
    fixture.master.connection.tell(status);
    const auto notice = judgeView(fixture.hub, facts);
    QTEST(notice.state, "expected");
    QVERIFY2(notice.sentence.contains(QStringLiteral("sign in again")),
             qPrintable(notice.sentence));
    QVERIFY(notice.detail.contains(QStringLiteral("SIGN_IN_EXPIRED")));
    QVERIFY(!notice.detail.contains(QStringLiteral("super admin")));
    QCOMPARE(notice.action, QStringLiteral("Sign in"));
    QVERIFY(notice.does == gui::models::NoticeAction::Connections);
    // The status line and every disabled action say the same.
    QCOMPARE(fixture.hub.linkSentence().contains(QStringLiteral("sign in again")), line);
    if (line)
        QVERIFY(fixture.hub.whyNot("release.pause").contains(QStringLiteral("sign in again")));
    QCOMPARE(notice.sentence.contains(QStringLiteral("old")), line && loaded);
}

void TestViewJudge::whoIsDisabledIsNotSentToSignIn_data() {
    whoHasToSignInIsToldSo_data();
}

// Who signs in again is refused again: the window asked for it once more each time.
void TestViewJudge::whoIsDisabledIsNotSentToSignIn() {
    QFETCH(const bool, line);
    QFETCH(const bool, loaded);
    tests::HubFixture fixture;
    fixture.open();
    const absl::Status disabled =
        base::makeError(absl::StatusCode::kUnauthenticated, "OPERATOR_DISABLED", "li",
                        "li is disabled; a super admin can enable the account again");
    ViewFacts facts;
    facts.loaded = loaded;
    facts.total = facts.shown = 3;
    services::LinkStatus status;
    status.state = line ? LinkState::Disconnected : LinkState::Connected;
    if (line) {
        status.lastError = disabled;
        status.staleSince = fixture.clock.now();
    } else {
        facts.error = disabled;
    }
    fixture.master.connection.tell(status);
    if (!line) fixture.master.connection.whoAmICalls.deliver(disabled);
    const auto notice = judgeView(fixture.hub, facts);
    QTEST(notice.state, "expected");
    const QString says = QStringLiteral(
        "The account li is disabled. A super admin of the cluster can enable it again");
    QVERIFY2(notice.sentence.startsWith(says), qPrintable(notice.sentence));
    QCOMPARE(notice.detail, QStringLiteral("UNAUTHENTICATED (OPERATOR_DISABLED), li"));
    QCOMPARE(notice.action, QStringLiteral("Try again"));
    QVERIFY(notice.does == gui::models::NoticeAction::OfThePage);
    QCOMPARE(fixture.hub.linkSentence().startsWith(says), line);
    QVERIFY2(fixture.hub.whyNot("release.pause").startsWith(says),
             qPrintable(fixture.hub.whyNot("release.pause")));
}

void TestViewJudge::whatIsWaitedForCanBeGivenUp() {
    tests::HubFixture fixture;
    fixture.open();
    for (const auto state : {LinkState::Connecting, LinkState::Connected}) {
        fixture.master.connection.tell(state);
        const auto notice = judgeView(fixture.hub, {});
        QCOMPARE(notice.state, ViewState::NeverLoaded);
        QCOMPARE(notice.action, QStringLiteral("Cancel"));
        QVERIFY(notice.does == gui::models::NoticeAction::Disconnect);
    }
}

void TestViewJudge::tellsHowFarAndWhatIsMissing() {
    tests::HubFixture fixture;
    fixture.open();
    fixture.master.connection.tell(LinkState::Connected);
    ViewFacts facts;
    facts.progress = 40;
    QCOMPARE(judgeView(fixture.hub, facts).progress, 40);
    facts.loaded = true;
    facts.empty = QStringLiteral("Nothing yet.");
    facts.firstAction = QStringLiteral("Make one");
    QCOMPARE(judgeView(fixture.hub, facts).sentence, facts.empty);
    QCOMPARE(judgeView(fixture.hub, facts).action, facts.firstAction);
    // Of what a filter hides the first step is another.
    facts.total = 5;
    QCOMPARE(judgeView(fixture.hub, facts).action, QStringLiteral("Clear the filter"));
    facts.shown = 5;
    facts.partial = QStringLiteral("37 of 40 clusters answered.");
    QCOMPARE(judgeView(fixture.hub, facts).state, ViewState::Partial);
    QCOMPARE(judgeView(fixture.hub, facts).sentence, facts.partial);
    // What cannot be answered at all comes before that.
    facts.error = absl::InternalError("it broke");
    QVERIFY(judgeView(fixture.hub, facts).sentence != facts.partial);
}

void TestViewJudge::saysWhyAnActionIsRefused() {
    tests::HubFixture fixture;
    QVERIFY(!fixture.hub.whyNot("release.start").isEmpty());
    fixture.connect({"release.pause"});
    QCOMPARE(fixture.hub.whyNot("release.pause"), QString());
    QVERIFY(fixture.hub.whyNot("release.start").contains(QStringLiteral("release.start")));
    fixture.master.connection.tell(LinkState::Reconnecting);
    QVERIFY(fixture.hub.whyNot("release.pause").contains(QStringLiteral("attempt")));
    fixture.open("test", true);
    fixture.master.connection.tell(LinkState::Connected);
    QVERIFY(fixture.hub.whyNot("release.pause").contains(QStringLiteral("read-only")));
}

// "This master is older than the desktop" was said of a newer one, too, and left open what to do.
void TestViewJudge::ofTwoVersionsItSaysWhichIsBehind_data() {
    QTest::addColumn<QString>("master");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("advises");
    QTest::newRow("older master") << QStringLiteral("0.2.7")
                                  << QStringLiteral("This master is older than this desktop")
                                  << QStringLiteral("Upgrade the master.");
    QTest::newRow("a digit more is no older one")
        << QStringLiteral("0.10.0") << QStringLiteral("This desktop is older than the master")
        << QStringLiteral("Upgrade this desktop.");
    QTest::newRow("a candidate of it")
        << QStringLiteral("0.3.1~rc1") << QStringLiteral("This master is older than this desktop")
        << QStringLiteral("Upgrade the master.");
    // In a rolling upgrade another master than the one that told its version.
    QTest::newRow("as old") << QStringLiteral("0.3.1")
                            << QStringLiteral("A master of this cluster is of another version")
                            << QStringLiteral("Upgrade the masters that are behind.");
    QTest::newRow("not told") << QString() << QStringLiteral("the master has not told its own")
                              << QStringLiteral("Upgrade the one that is behind.");
}

void TestViewJudge::ofTwoVersionsItSaysWhichIsBehind() {
    QFETCH(const QString, master);
    QFETCH(const QString, says);
    QFETCH(const QString, advises);
    QCoreApplication::setApplicationVersion(QStringLiteral("0.3.1"));
    tests::HubFixture fixture;
    fixture.connect({});
    services::ClusterSummary cluster;
    cluster.serverVersion = master.toStdString();
    fixture.master.fleet.clusterCalls.deliver(cluster);
    ViewFacts facts;
    facts.error = absl::UnimplementedError("no such method");
    const auto notice = judgeView(fixture.hub, facts);
    QCOMPARE(notice.state, ViewState::VersionSkew);
    // Nothing was loaded: a page that stayed would be empty, and say for ever that it loads.
    QVERIFY(!gui::models::keepsContent(notice.state));
    // The next answer may be of a master that is upgraded already.
    QVERIFY(!notice.action.isEmpty());
    QCOMPARE(notice.does, gui::models::NoticeAction::OfThePage);
    QVERIFY2(notice.sentence.contains(says), qPrintable(notice.sentence));
    QVERIFY2(notice.sentence.endsWith(advises), qPrintable(notice.sentence));
    for (const QString& version : {master, QStringLiteral("0.3.1")})
        QVERIFY2(notice.sentence.contains(version), qPrintable(notice.sentence));
    QVERIFY2(notice.detail.contains(QStringLiteral("UNIMPLEMENTED")), qPrintable(notice.detail));
    QVERIFY2(notice.detail.endsWith(QStringLiteral("desktop 0.3.1, master %1")
                                        .arg(master.isEmpty() ? QStringLiteral("?") : master)),
             qPrintable(notice.detail));
    // Another master may answer next, whose version is not known until it says it.
    fixture.master.connection.tell(LinkState::Reconnecting);
    QVERIFY(fixture.hub.serverVersion().isEmpty());
    fixture.master.connection.tell(LinkState::Connected);
    QVERIFY(
        judgeView(fixture.hub, facts).sentence.contains(QStringLiteral("has not told its own")));
    // Another session, another master.
    fixture.master.fleet.clusterCalls.deliver(cluster);
    QCOMPARE(fixture.hub.serverVersion(), master);
    fixture.open();
    QVERIFY(fixture.hub.serverVersion().isEmpty());
}

QTEST_GUILESS_MAIN(TestViewJudge)
#include "tst_view_judge.moc"
