// SPDX-License-Identifier: GPL-3.0-or-later
// A line that stands goes on by what it was opened with: when that is renewed, so is the line.
#include <QSignalSpy>
#include <QTest>

#include "shared/base/status.h"
#include "tests/gui/presenters/roster_desk.h"

using namespace ifrit;
using namespace gui::presenters;
using gui::services::LinkState;

namespace {

void writeMoved(const QString& path, const char* address) {
    bundle::Bundle moved = *bundle::readBundleFile(path.toStdString());
    moved.addresses = {address};
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(QByteArray::fromStdString(bundle::formatBundle(moved)));
}

/// The cluster delta twice on the list, by a password both times.
struct Twice : tests::RosterDesk {
    Twice() {
        const QString first = bundle("delta", Login::Password);
        const QString copy = directory.filePath(QStringLiteral("delta again"));
        QFile::copy(first, copy);
        connections.import(first);
        connections.import(copy);
        while (fixture.secrets.readCalls.pending() > 0)
            fixture.secrets.readCalls.deliver(std::string("old"));
    }
    static constexpr int kFirst = 3;
};

}  // namespace

class TestRenewedLines : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBundleThatIsImportedAgainIsConnectedBy();
    void theSameBundleLeavesTheLine();
    void anotherMastersBundleLeavesTheLine();
    void aBundleOfALineThatOpensIsUsed();
    void aLoginIsOfEachEntryOfTheCluster();
    void aDisabledAccountIsNamedOnItsCard();
};

// It counted from the next time that somebody connected.
void TestRenewedLines::aBundleThatIsImportedAgainIsConnectedBy() {
    tests::RosterDesk many;
    many.open(0);
    QSignalSpy renewed(&many.connections, &ConnectionsPresenter::renewed);
    const QString path = many.connections.masters()[0].bundlePath;
    writeMoved(path, "127.0.0.1:7444");
    QCOMPARE(many.connections.import(path), 0);
    QCOMPARE(many.fixture.master.profile.bundle.addresses.front(), std::string("127.0.0.1:7444"));
    QCOMPARE(many.fixture.master.sessions, 1);
    QCOMPARE(many.connections.current(), 0);
    QCOMPARE(renewed.size(), 1);
    QCOMPARE(renewed[0][0].toString(), QStringLiteral("alpha"));
}

void TestRenewedLines::theSameBundleLeavesTheLine() {
    tests::RosterDesk many;
    many.open(0);
    QSignalSpy opened(&many.fixture.hub, &ConnectionHub::sessionOpened);
    many.connections.import(many.connections.masters()[0].bundlePath);
    QCOMPARE(opened.size(), 0);
}

void TestRenewedLines::anotherMastersBundleLeavesTheLine() {
    tests::RosterDesk many;
    many.open(0);
    QSignalSpy opened(&many.fixture.hub, &ConnectionHub::sessionOpened);
    const QString path = many.connections.masters()[1].bundlePath;
    writeMoved(path, "127.0.0.1:7444");
    many.connections.import(path);
    QCOMPARE(opened.size(), 0);
    QCOMPARE(many.connections.current(), 0);
}

// While a keychain is asked the old one was on its way.
void TestRenewedLines::aBundleOfALineThatOpensIsUsed() {
    tests::RosterDesk many;
    const QString path = many.bundle("delta", tests::RosterDesk::Login::Password);
    const int delta = many.connections.import(path);
    many.connections.connectTo(delta);
    writeMoved(path, "127.0.0.1:7444");
    many.connections.import(path);
    many.fixture.secrets.readCalls.deliver(std::string("token"));
    QCOMPARE(many.fixture.master.profile.bundle.addresses.front(), std::string("127.0.0.1:7444"));
}

// The other entry kept a session with a token that had ended: "not signed in" on the map, until
// the program was started anew.
void TestRenewedLines::aLoginIsOfEachEntryOfTheCluster() {
    Twice many;
    QCOMPARE(many.many.opened["delta"], 2);
    many.connections.connectTo(Twice::kFirst);
    many.fixture.secrets.readCalls.deliver(std::string("old"));
    many.fixture.master.connection.tell(LinkState::Connected);
    gui::services::LinkStatus ended;
    ended.lastError = absl::UnauthenticatedError("the login has expired");
    many.master("delta").connection.tell(ended);
    many.connections.signIn(QStringLiteral("wang"), QStringLiteral("secret"));
    many.fixture.master.connection.loginCalls.deliver(
        gui::services::LoginSession{"new", "wang", {}});
    QCOMPARE(many.many.opened["delta"], 3);
    QCOMPARE(many.master("delta").profile.bearerToken, std::string("new"));
    QCOMPARE(many.many.opened["alpha"], 1);
    // The window goes elsewhere: the card is of the line that stands.
    many.open(0);
    many.answer("delta", 7);
    const auto cards = many.roster->cards();
    QVERIFY2(!cards.back().old, qPrintable(cards.back().look.word));
    QCOMPARE(cards.back().machines, qint64{7});
}

void TestRenewedLines::aDisabledAccountIsNamedOnItsCard() {
    tests::RosterDesk many;
    gui::services::LinkStatus ended;
    ended.lastError = base::makeError(absl::StatusCode::kUnauthenticated, "OPERATOR_DISABLED",
                                      "wang", "wang is disabled");
    many.master("beta").connection.tell(ended);
    QCOMPARE(many.roster->cards()[1].look.word, QStringLiteral("account disabled"));
}

QTEST_GUILESS_MAIN(TestRenewedLines)
#include "tst_renewed_lines.moc"
