// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/pending_change.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::PendingChange;

namespace {

constexpr char kTake[] = "grant.take";

QString name(const char* text) {
    return QString::fromUtf8(text);
}

struct ChangeFixture : tests::HubFixture {
    ChangeFixture() { connect({kTake}); }
    /// Takes away a grant, and tells the answer's code.
    void begin(const char* grant) {
        change.begin(
            change.whyNot(kTake),
            [&](const auto& reply) { return hub.session()->access().takeGrant(grant, {}, reply); },
            [this](const absl::Status& status) {
                couldBegin = change.whyNot(kTake).isEmpty();
                return status.ok() ? QString() : name("refused");
            });
    }
    auto& calls() { return master.access.takeCalls; }
    bool couldBegin = false;  ///< when the answer was taken
    PendingChange change{hub};
    QSignalSpy changed{&change, &PendingChange::changed};
    QSignalSpy acted{&change, &PendingChange::acted};
};

}  // namespace

class TestPendingChange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneAtATime();
    void howItEndedIsTold();
    void whatMayNotBeginAsksNothing();
    void theEndOfTheSessionEndsIt();
    void anAnswerOfAnyType();
};

// A second call would take the place of the first, which the master then may never begin.
void TestPendingChange::oneAtATime() {
    ChangeFixture fixture;
    QVERIFY(!fixture.change.isUnderWay());
    QCOMPARE(fixture.change.whyNot(kTake), QString());
    fixture.begin("g-1");
    QVERIFY(fixture.change.isUnderWay());
    QCOMPARE(fixture.changed.size(), 1);
    QVERIFY(fixture.change.whyNot(kTake).contains(name("not been answered")));
    fixture.begin("g-2");
    QCOMPARE(fixture.calls().made(), std::size_t{1});
    QCOMPARE(fixture.acted.size(), 1);
    QVERIFY(fixture.acted[0][0].toString().contains(name("not been answered")));
    // The first is still waited for.
    fixture.calls().deliver(0, absl::OkStatus());
    QCOMPARE(fixture.acted.size(), 2);
    QCOMPARE(fixture.acted[1][0].toString(), QString());
    fixture.begin("g-2");
    QCOMPARE(fixture.calls().made(), std::size_t{2});
}

void TestPendingChange::howItEndedIsTold() {
    ChangeFixture fixture;
    fixture.begin("g-1");
    fixture.calls().deliver(absl::NotFoundError("there is no grant g-1"));
    QVERIFY(fixture.couldBegin);
    QVERIFY(!fixture.change.isUnderWay());
    QCOMPARE(fixture.changed.size(), 2);
    QCOMPARE(fixture.acted.size(), 1);
    QCOMPARE(fixture.acted[0][0].toString(), name("Nothing was changed: refused"));
    // What was cut off on its way may be done.
    fixture.begin("g-1");
    fixture.calls().deliver(base::makeError(absl::StatusCode::kUnavailable, "CUT_OFF", "", "cut"));
    QCOMPARE(fixture.acted[1][0].toString(), name("refused"));
    fixture.begin("g-1");
    fixture.calls().deliver(
        base::makeError(absl::StatusCode::kUnavailable, "UNREACHABLE", "", "away"));
    QCOMPARE(fixture.acted[2][0].toString(), name("Nothing was changed: refused"));
    // A race that was lost changed nothing; whoever waited too long does not know.
    fixture.begin("g-1");
    fixture.calls().deliver(absl::AbortedError("another was first"));
    QCOMPARE(fixture.acted[3][0].toString(), name("Nothing was changed: refused"));
    fixture.begin("g-1");
    fixture.calls().deliver(absl::DeadlineExceededError("it took too long"));
    QCOMPARE(fixture.acted[4][0].toString(), name("refused"));
}

void TestPendingChange::whatMayNotBeginAsksNothing() {
    ChangeFixture fixture;
    QVERIFY(fixture.change.whyNot("grant.give").contains(name("grant.give")));
    // Without a line there is no session to ask.
    fixture.hub.close();
    fixture.begin("g-1");
    QCOMPARE(fixture.calls().made(), std::size_t{0});
    QCOMPARE(fixture.changed.size(), 0);
    QCOMPARE(fixture.acted.size(), 1);
    QVERIFY(fixture.acted[0][0].toString().startsWith(name("Nothing was changed: ")));
    QVERIFY(!fixture.change.isUnderWay());
}

void TestPendingChange::theEndOfTheSessionEndsIt() {
    ChangeFixture fixture;
    fixture.begin("g-1");
    fixture.hub.close();
    QVERIFY(!fixture.change.isUnderWay());
    // Whatever still comes of it is of another cluster than is shown.
    fixture.calls().deliver(0, absl::OkStatus());
    QCOMPARE(fixture.acted.size(), 0);
}

void TestPendingChange::anAnswerOfAnyType() {
    ChangeFixture fixture;
    std::uint32_t count = 0;
    fixture.change.begin(
        {},
        [&](const auto& reply) {
            return fixture.hub.session()->access().revokeTokens({"t-1", {}, {}}, reply);
        },
        [&](const absl::StatusOr<std::uint32_t>& ended) {
            count = *ended;
            return QString();
        });
    fixture.master.access.revokeTokenCalls.deliver(std::uint32_t{3});
    QCOMPARE(count, 3U);
    QVERIFY(!fixture.change.isUnderWay());
}

QTEST_GUILESS_MAIN(TestPendingChange)
#include "tst_pending_change.moc"
