// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "master/cache/memory_cache.h"
#include "master/services/database_desired_source.h"
#include "master/services/database_follower.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

constexpr char kOther[] = "other-master";

bool until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        std::this_thread::yield();
    }
    return false;
}

/// Fails one read, as a connection does that a failover drops.
class DroppingDatabase final : public storage::Database {
public:
    explicit DroppingDatabase(storage::MemoryDatabase& real) : m_real(real) {}

    absl::Status transact(const Work& work) override { return m_real.transact(work); }
    absl::Status read(const Work& work) override {
        const absl::MutexLock lock(&m_mutex);
        ++m_reads;
        if (m_untilDrop > 0 && --m_untilDrop == 0) {
            ++m_dropped;
            return absl::UnavailableError("the connection was lost");
        }
        return m_real.read(work);
    }
    /// Another master commits this; the second read after it fails: the first of a pass shows what
    /// changed, the second what it is now.
    void commitAndDropSecondRead(const std::function<void(storage::MemoryDatabase::State&)>& work) {
        const absl::MutexLock lock(&m_mutex);
        const absl::MutexLock real(&m_real.mutex);
        work(m_real.state);
        m_untilDrop = 2;
    }
    void dropNextRead() {
        const absl::MutexLock lock(&m_mutex);
        m_untilDrop = 1;
    }
    int reads() const {
        const absl::MutexLock lock(&m_mutex);
        return m_reads;
    }
    int dropped() const {
        const absl::MutexLock lock(&m_mutex);
        return m_dropped;
    }

private:
    storage::MemoryDatabase& m_real;
    mutable absl::Mutex m_mutex;
    int m_reads ABSL_GUARDED_BY(m_mutex) = 0;
    int m_untilDrop ABSL_GUARDED_BY(m_mutex) = 0;
    int m_dropped ABSL_GUARDED_BY(m_mutex) = 0;
};

/// What those were told who asked for a stranger.
class Answers {
public:
    StrangerQueue::Done next() {
        return [this](const absl::Status& looked) {
            const absl::MutexLock lock(&m_mutex);
            m_codes.push_back(looked.code());
        };
    }
    int count() const {
        const absl::MutexLock lock(&m_mutex);
        return int(m_codes.size());
    }
    bool has(absl::StatusCode code) const {
        const absl::MutexLock lock(&m_mutex);
        return std::count(m_codes.begin(), m_codes.end(), code) > 0;
    }
    bool areAll(absl::StatusCode code) const {
        const absl::MutexLock lock(&m_mutex);
        return std::count(m_codes.begin(), m_codes.end(), code) == std::ssize(m_codes);
    }

private:
    mutable absl::Mutex m_mutex;
    std::vector<absl::StatusCode> m_codes ABSL_GUARDED_BY(m_mutex);
};

/// One master that follows what others commit, and does not lead.
struct Follower {
    Follower() {
        real.state.lease = {kOther, "10.0.0.2:7443", 1};
        real.state.members[kOther] = {kOther, "10.0.0.2:7443", "1"};
        const absl::Status begun =
            real.read([this](storage::Transaction& in) { return follower.begin(in); });
        if (!begun.ok()) qFatal("%s", begun.ToString().c_str());
        if (!membership.join().ok() || !follower.start(membership).ok()) qFatal("no start");
    }
    ~Follower() { follower.stop(); }

    storage::MemoryDatabase real;
    DroppingDatabase database{real};
    ManualClock clock;
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    compose::PublishedState published;
    EventHub events;
    KnownBadClears clears;
    CloneWatch clones{std::chrono::seconds(120), CloneWatch::Masters::Several};
    absl::Mutex order;
    ReleaseEngine engine{{database, real.trail, fleet, published, events, clears, clock, [] {},
                          std::chrono::seconds(30), true}};
    members::Membership membership{real, clock, {"self", "10.0.0.1:7443", "1"}};
    std::atomic<int> packageReads = 0;
    std::atomic<int> packageFailures = 0;  ///< the next read of all packages fails
    DatabaseFollower follower{{database,
                               fleet,
                               clears,
                               clones,
                               engine,
                               events,
                               order,
                               clock,
                               std::chrono::hours(1),
                               {},
                               {},
                               [this] {
                                   const int failed = packageFailures.exchange(0);
                                   ++packageReads;
                                   return failed > 0 ? absl::UnavailableError("away")
                                                     : absl::OkStatus();
                               }}};
};

/// The numbers that came before it are forgotten.
void commitLostMark(Follower& master, storage::ChangeKind kind) {
    const absl::MutexLock lock(&master.real.mutex);
    storage::ChangeRecord change;
    change.sequence = 500'000;
    change.kind = kind;
    change.subject = "m1";
    change.origin = kOther;
    master.real.state.changes.push_back(change);
}

/// Stored, with no change that tells of it yet.
void enrolElsewhere(Follower& master, const std::string& uuid) {
    const absl::MutexLock lock(&master.real.mutex);
    domain::MachineFacts& facts = master.real.state.machines[uuid].facts;
    facts.uuid = uuid;
    facts.machineType = "LINUX";
}

}  // namespace

class TestDatabaseFollower : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatCouldNotBeReadIsReadInTheNextPass_data() {
        QTest::addColumn<quint64>("sequence");
        QTest::newRow("a machine") << quint64(1);
        QTest::newRow("all, after it was away for too long") << quint64(500'000);
    }
    void whatCouldNotBeReadIsReadInTheNextPass() {
        QFETCH(const quint64, sequence);
        Follower master;
        QVERIFY(!master.engine.leads());
        // The first passes also read who was seen.
        QVERIFY(until([&] { return master.database.reads() >= 4; }));
        master.database.commitAndDropSecondRead([&](storage::MemoryDatabase::State& state) {
            domain::MachineFacts facts;
            facts.uuid = "m1";
            facts.machineType = "LINUX";
            state.machines["m1"].facts = facts;
            storage::ChangeRecord change;
            change.sequence = sequence;
            change.kind = storage::ChangeKind::Machine;
            change.subject = "m1";
            change.origin = kOther;
            state.changes.push_back(change);
        });
        QVERIFY(until([&] { return master.database.dropped() == 1; }));
        QVERIFY(until([&] { return master.fleet.find("m1").has_value(); }));
    }

    /// What one machine shall try again, or has obeyed, is not the whole table's to tell.
    void clearsOfTheMachinesThatChangedAreRead() {
        Follower master;
        std::uint64_t sequence = 0;
        const auto commit = [&](const std::string& uuid, const storage::KnownBadClearsByUuid& now) {
            const absl::MutexLock lock(&master.real.mutex);
            master.real.state.clears = now;
            storage::ChangeRecord change;
            change.sequence = ++sequence;
            change.kind = storage::ChangeKind::Clears;
            change.subject = uuid;
            change.origin = kOther;
            master.real.state.changes.push_back(change);
        };
        const auto tells = [&](const std::string& uuid) { return master.clears.tell(uuid).size(); };
        // Of m2 no change is told: it is not read either.
        commit("m1", {{"m1", {{"d1", 1}, {"d2", 2}}}, {"m2", {{"d1", 3}}}});
        QVERIFY(until([&] { return tells("m1") == 2; }));
        QCOMPARE(tells("m2"), std::size_t{0});
        commit("m2", {{"m1", {{"d2", 2}}}, {"m2", {{"d1", 3}}}});
        QVERIFY(until([&] { return tells("m2") == 1; }));
        QCOMPARE(tells("m1"), std::size_t{2});
        commit("m1", {{"m2", {{"d1", 3}}}});
        QVERIFY(until([&] { return tells("m1") == 0; }));
        QCOMPARE(tells("m2"), std::size_t{1});
        const absl::MutexLock lock(&master.real.mutex);
        QCOMPARE(*master.real.state.clearLoads, 0);
    }
    /// Away for longer than changes are kept, it reads all.
    void afterALostMarkAllClearsAreRead() {
        Follower master;
        QVERIFY(until([&] { return master.database.reads() >= 4; }));
        {
            const absl::MutexLock lock(&master.real.mutex);
            master.real.state.clears = {{"m1", {{"d1", 1}}}, {"m2", {{"d1", 2}}}};
        }
        commitLostMark(master, storage::ChangeKind::Clears);
        QVERIFY(until([&] { return master.clears.tell("m2").size() == 1; }));
        QCOMPARE(master.clears.tell("m1").size(), std::size_t{1});
        const absl::MutexLock lock(&master.real.mutex);
        QVERIFY(*master.real.state.clearLoads > 0);
    }

    /// What changed meanwhile nobody knows: desktops that stayed connected read all anew, and
    /// archives that were published elsewhere are fetched.
    void afterALostMarkEverybodyIsTold() {
        Follower master;
        const auto mailbox = master.events.subscribe({}, [] {});
        QVERIFY(until([&] { return master.database.reads() >= 4; }));
        QCOMPARE(master.packageReads.load(), 0);
        master.packageFailures = 1;
        commitLostMark(master, storage::ChangeKind::Release);
        std::vector<EventKind> told;
        QVERIFY(until([&] {
            for (const ClusterEvent& event : mailbox->take())
                told.push_back(event.kind);
            return !told.empty();
        }));
        QCOMPARE(told, std::vector<EventKind>{EventKind::Reset});
        // The first time it could not be read, and nothing was told before it was.
        QCOMPARE(master.packageReads.load(), 2);
    }

    void whoSpeaksBeforeItsChangeIsReadIsLookedFor() {
        Follower master;
        enrolElsewhere(master, "m1");
        Answers answers;
        master.follower.meet("m1", answers.next());
        master.follower.meet("m2", answers.next());
        QVERIFY(until([&] { return answers.count() == 2; }));
        QVERIFY(answers.areAll(absl::StatusCode::kOk));
        QVERIFY(master.fleet.find("m1").has_value());
        QVERIFY(!master.fleet.find("m2").has_value());
    }
    void aDatabaseThatIsAwaySaysNothingOfAStranger() {
        Follower master;
        enrolElsewhere(master, "m1");
        Answers answers;
        // The next read fails, whosever it is: ask until it was a stranger's.
        QVERIFY(until([&] {
            master.database.dropNextRead();
            const int before = answers.count();
            master.follower.meet("m1", answers.next());
            if (!until([&] { return answers.count() > before; })) return true;
            return answers.has(absl::StatusCode::kUnavailable);
        }));
        QVERIFY(answers.has(absl::StatusCode::kUnavailable));
    }
    void whoWaitsIsToldThatTheMasterStops() {
        Answers answers;
        StrangerQueue queue;
        queue.add("m1", answers.next());
        queue.close();
        QCOMPARE(answers.count(), 1);
        queue.add("m2", answers.next());
        QCOMPARE(answers.count(), 2);
        QVERIFY(answers.areAll(absl::StatusCode::kUnavailable));
    }
    void thereIsRoomForSoManyStrangers() {
        Answers answers;
        StrangerQueue queue;
        for (std::size_t i = 0; i < StrangerQueue::kMost; ++i)
            queue.add("m", answers.next());
        QCOMPARE(answers.count(), 0);
        queue.add("one more", answers.next());
        QVERIFY(answers.areAll(absl::StatusCode::kResourceExhausted));
        QCOMPARE(answers.count(), 1);
        QCOMPARE(queue.take({}).size(), StrangerQueue::kMost);
    }
};

QTEST_GUILESS_MAIN(TestDatabaseFollower)
#include "tst_database_follower.moc"
