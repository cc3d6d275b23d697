// SPDX-License-Identifier: Apache-2.0
#include "agent/link/home_return.h"

#include <QTemporaryDir>
#include <QTest>
#include <map>

#include "tests/agent/link/linked_machine.h"
#include "tests/agent/support/uuid_with_order.h"

namespace ifrit::tests {
namespace {

using agent::link::Connection;
using agent::link::HomeReturn;
using agent::link::SyncReply;
using agent::link::SyncRequest;
using std::chrono::minutes;

const std::vector<std::string> kMasters{"one:1", "two:2", "three:3"};

/// A machine with three masters that a test makes go and come; "one:1" is its first.
struct Traveller {
    explicit Traveller(std::vector<std::string> addresses = kMasters)
        : connection(connector, {addresses, ""}, uuidWithOrder(addresses)) {
        for (const std::string& address : addresses) {
            masters[address] = std::make_shared<FakeMaster>("");
            masters[address]->onSync = [this, address](const SyncRequest& request) {
                asked.push_back(address);
                last = request;
                return absl::StatusOr<SyncReply>(reply);
            };
        }
        connector.onConnect = [this](const agent::link::Endpoint& to, const auto&) {
            return masters.at(to.address);
        };
        connection.setIdentity({"", "mine", ""});
    }
    bool stepAfter(minutes time) {
        clock.advance(time);
        asked.clear();
        return home.step(held);
    }
    std::vector<std::string> tried(minutes time) {
        stepAfter(time);
        return asked;
    }

    ManualClock clock;
    FakeConnector connector{nullptr};
    std::map<std::string, std::shared_ptr<FakeMaster>> masters;
    Connection connection;
    double random = 0;
    HomeReturn home{{connection, clock, [this] { return random; }}};
    SyncRequest held;
    SyncReply reply;
    std::vector<std::string> asked;
    SyncRequest last;
};

using Names = std::vector<std::string>;

}  // namespace

class HomeReturnTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWaitIsSpreadAndGrowsToAnHour_data() {
        QTest::addColumn<unsigned>("tries");
        QTest::addColumn<double>("random");
        QTest::addColumn<int>("wanted");
        QTest::newRow("first, earliest") << 0U << 0.0 << 10;
        QTest::newRow("first, middle") << 0U << 0.5 << 15;
        QTest::newRow("first, latest") << 0U << 1.0 << 20;
        QTest::newRow("second") << 1U << 0.5 << 30;
        QTest::newRow("third, earliest") << 2U << 0.0 << 30;
        QTest::newRow("third, latest") << 2U << 1.0 << 60;
        QTest::newRow("after a week") << 4'000'000'000U << 1.0 << 60;
    }
    void theWaitIsSpreadAndGrowsToAnHour() {
        QFETCH(unsigned, tries);
        QFETCH(double, random);
        QFETCH(int, wanted);
        QVERIFY(agent::link::homeWait(tries, random) == minutes(wanted));
    }

    void whoIsAtItsFirstStaysAndAsksNobody() {
        Traveller machine;
        QVERIFY(machine.connection.preferred().empty());
        QCOMPARE(machine.tried(minutes(0)), Names{});
        QCOMPARE(machine.tried(minutes(120)), Names{});
        QVERIFY(machine.connector.connected.empty());
    }

    void whoHasOneMasterNeverMakesASecondLine() {
        Traveller machine({"one:1"});
        machine.connection.use({{"one:1", "one:1"}, ""});
        QVERIFY(!machine.connection.tryNext());
        machine.connection.rotate();
        QCOMPARE(machine.tried(minutes(0)), Names{});
        QCOMPARE(machine.tried(minutes(120)), Names{});
        QVERIFY(machine.connector.connected.empty());
    }

    void aMachineGoesBackWhenItsFirstAnswers() {
        Traveller machine;
        machine.random = 0.5;
        machine.held.heldGeneration = 7;
        machine.connection.rotate();
        const auto away = machine.connection.client();
        QCOMPARE(machine.tried(minutes(0)), Names{});
        QCOMPARE(machine.tried(minutes(14)), Names{});
        QVERIFY(machine.connection.isCurrent(**away));
        QVERIFY(machine.stepAfter(minutes(1)));
        QCOMPARE(machine.asked, Names{"one:1"});
        QCOMPARE(machine.last.heldGeneration, std::uint64_t(7));
        QCOMPARE(machine.connection.address(), std::string("one:1"));
        // The line that the call was made on: another one would be a second handshake.
        QCOMPARE(machine.connector.connected.size(), std::size_t(2));
        QVERIFY(machine.connection.client().value() == machine.masters["one:1"]);
        // Who still holds the former one may finish with it.
        QVERIFY((*away)->sync({}).ok());
        QCOMPARE(machine.tried(minutes(120)), Names{});
    }

    void aFirstThatDoesNotAnswerIsTriedEverLessOftenAndTheLineStays() {
        Traveller machine;
        machine.connection.rotate();
        const auto away = machine.connection.client();
        machine.masters["one:1"]->away = true;
        QVERIFY(!machine.stepAfter(minutes(0)));
        const std::vector<int> waits{10, 20, 30, 30};
        for (const int wait : waits) {
            const std::size_t lines = machine.connector.connected.size();
            QVERIFY(!machine.stepAfter(minutes(wait - 1)));
            QCOMPARE(machine.connector.connected.size(), lines);
            QVERIFY(!machine.stepAfter(minutes(1)));
            QCOMPARE(machine.connector.connected.size(), lines + 1);
            QVERIFY(machine.connection.isCurrent(**away));
        }
        machine.masters["one:1"]->away = false;
        QVERIFY(machine.stepAfter(minutes(30)));
        QCOMPARE(machine.connection.address(), std::string("one:1"));
        // The next time it is away it is as the first time.
        machine.connection.rotate();
        QVERIFY(!machine.stepAfter(minutes(0)));
        QVERIFY(machine.stepAfter(minutes(10)));
    }

    void aFirstThatRefusesOrHasNoRoomForAStreamIsNoHome() {
        Traveller machine;
        machine.connection.rotate();
        const auto usual = machine.masters["one:1"]->onSync;
        machine.masters["one:1"]->onSync = [](const SyncRequest&) {
            return absl::StatusOr<SyncReply>(absl::ResourceExhaustedError("busy"));
        };
        machine.stepAfter(minutes(0));
        QVERIFY(!machine.stepAfter(minutes(10)));
        machine.masters["one:1"]->onSync = usual;
        machine.reply.disconnect = true;
        QVERIFY(!machine.stepAfter(minutes(20)));
        QCOMPARE(machine.asked, Names{"one:1"});
        QCOMPARE(machine.connection.address(), std::string("two:2"));
    }

    void whileTheFirstIsDeadTheNextBestIsHome() {
        Traveller machine;
        machine.connection.rotate();
        machine.connection.rotate();
        QCOMPARE(machine.connection.preferred(), (Names{"one:1", "two:2"}));
        machine.masters["one:1"]->away = true;
        machine.stepAfter(minutes(0));
        QVERIFY(machine.stepAfter(minutes(10)));
        QCOMPARE(machine.connection.address(), std::string("two:2"));
        machine.masters["one:1"]->away = false;
        QVERIFY(!machine.stepAfter(minutes(0)));
        QVERIFY(machine.stepAfter(minutes(10)));
        QCOMPARE(machine.connection.address(), std::string("one:1"));
    }

    /// The call may hang for as long as it lasts when ifrit-agent is told to end.
    void theEndEndsTheCallOnTheLineBesideToo() {
        Traveller machine;
        machine.connection.rotate();
        machine.stepAfter(minutes(0));
        machine.masters["one:1"]->onSync = [&](const SyncRequest&) {
            machine.connection.shutDown();
            const bool wasEnded = machine.masters["one:1"]->away;
            return wasEnded ? absl::StatusOr<SyncReply>(absl::CancelledError("ended"))
                            : absl::StatusOr<SyncReply>(SyncReply());
        };
        QVERIFY(!machine.stepAfter(minutes(10)));
        QVERIFY(machine.masters["one:1"]->away);
        QVERIFY(absl::IsCancelled(machine.connection.client().status()));
    }

    void aMasterThatIsAddedIsGoneToOnlyAfterACall() {
        Traveller machine({"new:4", "one:1"});
        machine.connection.use({{"one:1"}, ""});
        QCOMPARE(machine.connection.address(), std::string("one:1"));
        machine.connection.use({{"one:1", "new:4"}, ""});
        QCOMPARE(machine.connection.address(), std::string("one:1"));
        machine.stepAfter(minutes(0));
        QVERIFY(machine.stepAfter(minutes(10)));
        QCOMPARE(machine.connection.address(), std::string("new:4"));
    }

    /// Through the whole loop: each poll is answered, and reports go on where they were.
    void noPollIsLostOnTheWay() {
        const QTemporaryDir directory;
        ManualClock clock;
        LinkedMachine machine(directory.path().toStdString(), clock);
        HomeReturn home({machine.connection, clock, [] { return 0.0; }});
        agent::link::SyncLoop loop({machine.connection, machine.enrolment, machine.reports,
                                    machine.handler, nullptr, nullptr, nullptr, &home},
                                   machine.policy());
        QVERIFY(loop.step().reached);
        QCOMPARE(machine.connection.address(), std::string("one:1"));
        machine.master->away = true;
        QVERIFY(!loop.step().reached);
        machine.master->away = false;
        machine.requests.clear();
        for (const int wait : {0, 9, 1}) {
            QCOMPARE(machine.connection.address(), std::string("two:2"));
            clock.advance(minutes(wait));
            const auto result = loop.step();
            QVERIFY(result.reached && result.keepConnection);
        }
        QCOMPARE(machine.connection.address(), std::string("one:1"));
        QVERIFY(loop.step().reached);
        QCOMPARE(machine.connection.address(), std::string("one:1"));
        // Four polls, and one call without a report.
        QCOMPARE(machine.requests.size(), std::size_t(5));
        QCOMPARE(machine.requests[3].report.sequence, std::uint64_t(0));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::HomeReturnTest;
QTEST_GUILESS_MAIN(HomeReturnTest)
#include "tst_home_return.moc"
