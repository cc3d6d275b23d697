// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <memory>

#include "master/members/fence.h"
#include "master/members/membership.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::members;
using services::ManualClock;

namespace {

/// Masters that beat when the test says so: join() is one beat.
struct Masters {
    std::unique_ptr<Membership> make(const std::string& id) {
        return std::make_unique<Membership>(
            database, clock,
            Membership::Options{id, id + ":7443", "1.0", std::chrono::milliseconds(4'000)});
    }
    absl::Status check(std::uint64_t token) {
        return database.transact(
            [token](storage::Transaction& in) { return fenceCommit(in, token); });
    }
    storage::MemoryDatabase database;
    ManualClock clock;
};

}  // namespace

class TestMembership : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstLeadsAndTheOtherFollows() {
        Masters masters;
        const auto a = masters.make("a");
        const auto b = masters.make("b");
        QVERIFY(a->join().ok());
        QVERIFY(b->join().ok());
        QVERIFY(a->join().ok());
        QCOMPARE(a->standing().token, std::optional<std::uint64_t>(1));
        QVERIFY(a->standing().leaderAddress.empty());
        QVERIFY(!b->standing().token);
        QCOMPARE(b->standing().leaderAddress, std::string("a:7443"));
        QCOMPARE(a->standing().others.size(), std::size_t{1});
        QCOMPARE(a->standing().others[0].address, std::string("b:7443"));
    }

    void aMasterThatLeavesIsReplacedAtOnce() {
        Masters masters;
        auto a = masters.make("a");
        const auto b = masters.make("b");
        QVERIFY(a->join().ok());
        QVERIFY(b->join().ok());
        a->leave();
        QVERIFY(!a->standing().token);
        QVERIFY(b->join().ok());
        QCOMPARE(b->standing().token, std::optional<std::uint64_t>(2));
        QCOMPARE(b->standing().deaths, std::uint64_t{1});
        QVERIFY(masters.database.state.members.count("a") == 0);
    }

    void aSilentMasterIsReplacedAndItsTokenIsWorthNothing() {
        Masters masters;
        const auto a = masters.make("a");
        const auto b = masters.make("b");
        QVERIFY(a->join().ok());
        QVERIFY(masters.check(1).ok());
        QVERIFY(b->join().ok());
        int beats = 0;
        while (!b->standing().token) {
            QVERIFY(++beats < 10);
            masters.clock.advance(std::chrono::seconds(1));
            QVERIFY(b->join().ok());
        }
        QCOMPARE(beats, 4);
        QCOMPARE(b->standing().token, std::optional<std::uint64_t>(2));
        QVERIFY(masters.check(2).ok());
        const absl::Status refused = masters.check(1);
        QVERIFY(isNotLeader(refused));
        QVERIFY(absl::IsUnavailable(refused));
        QVERIFY(base::callDetails(refused).retryAfter.count() > 0);
        // It wakes up.
        QVERIFY(a->join().ok());
        QVERIFY(!a->standing().token);
        QCOMPARE(a->standing().leaderAddress, std::string("b:7443"));
    }

    void aCommitUnderTheLeaseWritesIt() {
        Masters masters;
        const auto a = masters.make("a");
        QVERIFY(a->join().ok());
        const storage::LeaseRecord before = masters.database.state.lease;
        QVERIFY(masters.check(1).ok());
        storage::LeaseRecord after = masters.database.state.lease;
        QCOMPARE(after.renewals, before.renewals + 1);
        after.renewals = before.renewals;
        QVERIFY(after == before);
        QVERIFY(isNotLeader(masters.check(7)));
        QVERIFY(
            masters.database.read([](storage::Transaction& in) { return checkToken(in, 1); }).ok());
        QCOMPARE(masters.database.state.lease.renewals, before.renewals + 1);
    }

    void withoutTheDatabaseNothingChanges() {
        Masters masters;
        const auto a = masters.make("a");
        QVERIFY(a->join().ok());
        masters.database.down = absl::UnavailableError("away");
        masters.clock.advance(std::chrono::hours(1));
        QVERIFY(!a->join().ok());
        QCOMPARE(a->standing().token, std::optional<std::uint64_t>(1));
        masters.database.down = absl::OkStatus();
        QVERIFY(a->join().ok());
        QCOMPARE(a->standing().token, std::optional<std::uint64_t>(1));
    }
};

QTEST_GUILESS_MAIN(TestMembership)
#include "tst_membership.moc"
