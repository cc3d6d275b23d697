// SPDX-License-Identifier: GPL-3.0-or-later
// A line beside the window's own that its master ended for good: nobody tried it again until the
// program was started anew.
#include <QTest>

#include "gui/presenters/connection_details.h"
#include "gui/presenters/map_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/roster_desk.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
using namespace std::chrono_literals;
using namespace gui::presenters;
using gui::models::StatusKind;
using gui::services::LinkState;

namespace {

/// The longest pauses that the jitter lets be.
constexpr std::chrono::seconds kFirstPause{20};

absl::Status disabled() {
    return base::makeError(absl::StatusCode::kUnauthenticated, "OPERATOR_DISABLED", "wang",
                           "wang is disabled");
}

struct Desk : tests::RosterDesk {
    void end(const char* name, const absl::Status& why) {
        gui::services::LinkStatus ended;
        ended.lastError = why;
        master(name).connection.tell(ended);
    }
    int tries(const char* name) { return master(name).connection.retries; }
    void later(std::chrono::seconds by) {
        fixture.clock.advance(by);
        roster->refresh();
    }
    QString wordOf(int card) const { return roster->cards()[card].look.word; }
};

}  // namespace

Q_DECLARE_METATYPE(absl::StatusCode)

class TestEndedLines : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatMayHelpIsTriedAgainByItself_data();
    void whatMayHelpIsTriedAgainByItself();
    void itIsTriedMoreAndMoreSeldom();
    void aLineThatStoodIsTriedSoon();
    void aLineOfANewBundleIsTriedSoon();
    void aLineThatReconnectsHasNotEnded();
    void aLineThatDoesNotStandYetHasNotEnded();
    void aLoginThatEndedWaitsForAPerson();
    void aCertificateThatIsRefusedWaitsForAPerson();
    void whoeverAsksWaitsForNoTime();
    void aBundleThatCannotBeReadIsReadAgain();
    void theMapSaysWhatBecomesOfIt();
    void theWindowsOwnCardSaysWhy();
    void theListSaysWhatBecomesOfIt();
};

void TestEndedLines::whatMayHelpIsTriedAgainByItself_data() {
    QTest::addColumn<absl::StatusCode>("code");
    QTest::addColumn<QString>("word");
    QTest::newRow("disabled") << absl::StatusCode::kUnauthenticated
                              << QStringLiteral("account disabled");
    QTest::newRow("denied") << absl::StatusCode::kPermissionDenied << QStringLiteral("not allowed");
    QTest::newRow("rolling upgrade")
        << absl::StatusCode::kUnimplemented << QStringLiteral("of another version");
    QTest::newRow("else") << absl::StatusCode::kNotFound << QStringLiteral("refused");
}

void TestEndedLines::whatMayHelpIsTriedAgainByItself() {
    QFETCH(const absl::StatusCode, code);
    QFETCH(const QString, word);
    Desk desk;
    desk.answer("beta", 20);
    const bool isDisabled = code == absl::StatusCode::kUnauthenticated;
    desk.end("beta", isDisabled ? disabled() : absl::Status(code, "no"));
    QCOMPARE(desk.wordOf(1), word);
    const QString note = desk.roster->cards()[1].note;
    QVERIFY2(note.startsWith(word + QStringLiteral(", tried again at ")), qPrintable(note));
    desk.later(9s);
    QCOMPARE(desk.tries("beta"), 0);
    desk.later(kFirstPause);
    QCOMPARE(desk.tries("beta"), 1);
    // It is not due while it is being tried.
    desk.roster->refresh();
    QCOMPARE(desk.tries("beta"), 1);
    // Over the session that it has, and nobody else's.
    QCOMPARE(desk.many.opened["beta"], 1);
    QCOMPARE(desk.tries("alpha") + desk.tries("gamma"), 0);
    desk.master("beta").connection.tell(LinkState::Connecting);
    QCOMPARE(desk.wordOf(1), word);
    QCOMPARE(desk.roster->cards()[1].note, word + QStringLiteral(", tried again now"));
    desk.later(kFirstPause);
    QCOMPARE(desk.tries("beta"), 1);
    desk.answer("beta", 21);
    QVERIFY(!desk.roster->cards()[1].old);
    QVERIFY(desk.roster->cards()[1].note.isEmpty());
    QCOMPARE(desk.roster->cards()[1].machines, qint64{21});
}

void TestEndedLines::itIsTriedMoreAndMoreSeldom() {
    Desk desk;
    desk.end("beta", absl::PermissionDeniedError("no"));
    std::vector<int> tries;
    for (int hour = 0; hour < 3; ++hour) {
        const int before = desk.tries("beta");
        for (std::chrono::seconds left = 1h; left > 0s; left -= 10s) {
            const int last = desk.tries("beta");
            desk.later(10s);
            if (desk.tries("beta") != last) desk.end("beta", absl::PermissionDeniedError("no"));
        }
        tries.push_back(desk.tries("beta") - before);
    }
    // Each 10 minutes at the longest, each 5 on average.
    QVERIFY2(tries[2] >= 5 && tries[2] < 60, qPrintable(QString::number(tries[2])));
}

// One that was refused for an hour, and then stood, is tried again as soon as any other.
void TestEndedLines::aLineThatStoodIsTriedSoon() {
    Desk desk;
    for (int refusal = 0; refusal < 12; ++refusal) {
        desk.end("beta", absl::PermissionDeniedError("no"));
        desk.later(10min);
    }
    QCOMPARE(desk.tries("beta"), 12);
    desk.answer("beta", 5);
    desk.end("beta", absl::PermissionDeniedError("no"));
    desk.later(kFirstPause);
    QCOMPARE(desk.tries("beta"), 13);
}

void TestEndedLines::aLineOfANewBundleIsTriedSoon() {
    Desk desk;
    for (int refusal = 0; refusal < 12; ++refusal) {
        desk.end("beta", absl::PermissionDeniedError("no"));
        desk.later(10min);
    }
    QFile file(desk.bundle("beta"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray moved = file.readAll().replace("7443", "7444");
    QVERIFY(file.resize(0) && file.seek(0) && file.write(moved) == moved.size());
    file.close();
    desk.connections.import(file.fileName());
    QCOMPARE(desk.many.opened["beta"], 2);
    // Why the line before had ended says nothing of this one.
    QCOMPARE(desk.roster->cards()[1].note, QString());
    desk.end("beta", absl::PermissionDeniedError("no"));
    desk.later(kFirstPause);
    QCOMPARE(desk.tries("beta"), 13);
}

void TestEndedLines::aLineThatReconnectsHasNotEnded() {
    for (const LinkState state : {LinkState::Reconnecting, LinkState::Stale}) {
        Desk desk;
        desk.end("beta", disabled());
        desk.master("beta").connection.tell(state);
        QCOMPARE(desk.roster->cards()[1].note, QString());
        desk.later(1h);
        QCOMPARE(desk.tries("beta"), 0);
    }
}

// A session says so before it has begun.
void TestEndedLines::aLineThatDoesNotStandYetHasNotEnded() {
    Desk desk;
    desk.master("beta").connection.tell(LinkState::Disconnected);
    desk.later(1h);
    QCOMPARE(desk.tries("beta"), 0);
}

void TestEndedLines::aLoginThatEndedWaitsForAPerson() {
    Desk desk;
    desk.connections.import(desk.bundle("delta", Desk::Login::Password));
    desk.fixture.secrets.readCalls.deliver(std::string("old"));
    desk.end("delta", absl::UnauthenticatedError("the login has expired"));
    QCOMPARE(desk.wordOf(3), QStringLiteral("not signed in"));
    QCOMPARE(desk.roster->cards()[3].note,
             QStringLiteral("not signed in, tried again once you have signed in there"));
    desk.later(1h);
    QCOMPARE(desk.many.opened["delta"], 1);
    QCOMPARE(desk.tries("delta"), 0);
    // By hand: another program may have signed in meanwhile.
    desk.roster->tryAgain();
    desk.fixture.secrets.readCalls.deliver(std::string("new"));
    QCOMPARE(desk.many.opened["delta"], 2);
    QCOMPARE(desk.master("delta").profile.bearerToken, std::string("new"));
}

void TestEndedLines::aCertificateThatIsRefusedWaitsForAPerson() {
    Desk desk;
    desk.end("beta", absl::UnauthenticatedError("nobody of that name"));
    QCOMPARE(desk.wordOf(1), QStringLiteral("certificate refused"));
    QCOMPARE(desk.roster->cards()[1].note,
             QStringLiteral("certificate refused, tried again once its new bundle is imported"));
    desk.later(1h);
    QCOMPARE(desk.tries("beta"), 0);
    desk.roster->tryAgain();
    QCOMPARE(desk.tries("beta"), 1);
}

// F5, "Try again": neither the time that was set nor that of a line that is away.
void TestEndedLines::whoeverAsksWaitsForNoTime() {
    Desk desk;
    desk.answer("alpha", 10);
    desk.end("beta", disabled());
    gui::services::LinkStatus away;
    away.state = LinkState::Reconnecting;
    away.lastError = absl::UnavailableError("away");
    desk.master("gamma").connection.tell(away);
    desk.roster->tryAgain();
    QCOMPARE(desk.tries("alpha"), 0);
    QCOMPARE(desk.master("alpha").fleet.clusterCalls.made(), std::size_t{2});
    QCOMPARE(desk.tries("beta"), 1);
    QCOMPARE(desk.tries("gamma"), 1);
}

void TestEndedLines::aBundleThatCannotBeReadIsReadAgain() {
    Desk desk;
    const QString path = desk.bundle("delta");
    desk.connections.import(path);
    desk.connections.setWatched(3, false);
    QVERIFY(QFile::rename(path, path + QStringLiteral(".away")));
    desk.connections.setWatched(3, true);
    QCOMPARE(desk.many.opened["delta"], 1);
    QCOMPARE(desk.wordOf(3), QStringLiteral("bundle file not readable"));
    QVERIFY(QFile::rename(path + QStringLiteral(".away"), path));
    desk.later(kFirstPause);
    QCOMPARE(desk.many.opened["delta"], 2);
    desk.answer("delta", 4);
    QCOMPARE(desk.roster->cards()[3].machines, qint64{4});
}

// "no contact since", though the master answers and says no.
void TestEndedLines::theWindowsOwnCardSaysWhy() {
    Desk desk;
    MapPresenter map(desk.fixture.hub, desk.fixture.feed, desk.roster.get());
    desk.open(0);
    auto& own = desk.fixture.master.connection;
    own.tell(LinkState::Connected);
    gui::services::LinkStatus ended;
    ended.lastError = disabled();
    ended.staleSince = desk.fixture.clock.now();
    own.tell(ended);
    const auto cards = map.cards();
    const auto card =
        std::find_if(cards.begin(), cards.end(), [](const auto& one) { return one.chosen; });
    QVERIFY(card != cards.end());
    QCOMPARE(card->look.word, QStringLiteral("account disabled"));
    QVERIFY2(card->note.contains(QStringLiteral("wang")), qPrintable(card->note));
    QVERIFY2(map.fleetLine().contains(QStringLiteral("1 refuse")), qPrintable(map.fleetLine()));
    own.tell(LinkState::Reconnecting);
    QVERIFY(!map.fleetLine().contains(QStringLiteral("refuse")));
}

void TestEndedLines::theMapSaysWhatBecomesOfIt() {
    Desk desk;
    MapPresenter map(desk.fixture.hub, desk.fixture.feed, desk.roster.get());
    desk.open(0);
    desk.fixture.master.connection.tell(LinkState::Connected);
    tests::FleetScript script;
    desk.fixture.master.fleet.machineWatch.tell(script.snapshot(tests::plainMachines(4)));
    desk.answer("gamma", 60);
    desk.end("beta", disabled());
    const auto notice = map.notice();
    QCOMPARE(notice.state, gui::models::ViewState::Partial);
    QVERIFY2(notice.sentence.contains(QStringLiteral("beta: account disabled, tried again at ")),
             qPrintable(notice.sentence));
    QCOMPARE(notice.action, QStringLiteral("Try again"));
    QCOMPARE(notice.does, gui::models::NoticeAction::OfThePage);
}

void TestEndedLines::theListSaysWhatBecomesOfIt() {
    Desk desk;
    const ConnectionDetails details(
        {desk.connections, desk.fixture.hub, desk.fixture.feed, *desk.roster});
    const auto look = [&] { return details.state(desk.connections.masters()[1]); };
    QCOMPARE(look().word, QStringLiteral("not connected"));
    desk.end("beta", disabled());
    QCOMPARE(look().kind, StatusKind::Fail);
    QCOMPARE(look().word, QStringLiteral("account disabled"));
    const QString sentence = details.stateSentence(desk.connections.masters()[1]);
    QVERIFY2(sentence.startsWith(QStringLiteral("account disabled, tried again at ")),
             qPrintable(sentence));
    desk.master("beta").connection.tell(LinkState::Connected);
    QCOMPARE(look().word, QStringLiteral("on the map"));
}

QTEST_GUILESS_MAIN(TestEndedLines)
#include "tst_ended_lines.moc"
