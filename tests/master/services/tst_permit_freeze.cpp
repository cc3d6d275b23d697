// SPDX-License-Identifier: Apache-2.0
// A cluster is frozen, unfrozen and frozen again while permits are decided and stored.
#include <QTest>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "tests/agent/support/wait_until.h"
#include "tests/master/services/release_engine_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

/// Something happens when another thread than the test's asks what time it is, for the second
/// time: once. The first is before any question of a group is decided.
class AskedClock final : public base::Clock {
public:
    base::WallTime now() const override {
        if (std::this_thread::get_id() != m_test && then && ++m_asked == 2)
            std::exchange(then, nullptr)();
        return m_inside.now();
    }
    base::SteadyTime steadyNow() const override { return m_inside.steadyNow(); }

    mutable std::function<void()> then;

private:
    const std::thread::id m_test = std::this_thread::get_id();
    mutable int m_asked = 0;
    ManualClock m_inside;
};

/// Something happens before or after a commit: once.
class WatchedCommits final : public storage::Database {
public:
    explicit WatchedCommits(storage::Database& inside) : m_inside(inside) {}
    absl::Status transact(const Work& work) override {
        if (const auto happens = std::exchange(before, nullptr)) happens();
        const absl::Status status = m_inside.transact(work);
        if (const auto happens = std::exchange(after, nullptr)) happens();
        return status;
    }
    absl::Status read(const Work& work) override { return m_inside.read(work); }

    std::function<void()> before;
    std::function<void()> after;

private:
    storage::Database& m_inside;
};

/// The inside of a master that is alone, with its switch.
struct Freezable {
    Freezable() {
        std::vector<StoredMachine> machines;
        for (const auto& [uuid, machine] : database->state.machines)
            machines.push_back(machine);
        fleet.load(machines, clock.now(), {std::chrono::seconds(90)});
        if (!engine.recover().ok() || !composer.composeNow().ok()) qFatal("does not start");
        const auto made = engine.create(kAda, spec("2")).value();
        const auto plan = engine.plan(made.release.id).value();
        id = made.release.id;
        if (!engine.act(kAda, id, domain::ReleaseVerb::Start, plan.id).ok()) qFatal("no start");
        (void)composer.composeNow();
    }
    release::PermitAnswer ask(const std::string& uuid) {
        return engine.permit({uuid, "logd", id, "2", kV2});
    }

    std::shared_ptr<storage::MemoryDatabase> database = cluster(3);
    WatchedCommits commits{*database};
    AskedClock clock;
    ManualClock elsewhere;  ///< nobody watches what the switch does
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    compose::PublishedState published;
    EventHub events;
    KnownBadClears clears;
    cache::MemoryCache cache;
    DatabaseDesiredSource source{*database};
    compose::Composer composer{{source, cache, published, elsewhere}, std::chrono::seconds(1)};
    FreezeSwitch freeze{{*database, database->trail, cache, events, elsewhere, {}}};
    ReleaseEngine engine{{commits, database->trail, fleet, published, events, clears, clock, [] {},
                          std::chrono::seconds(30), false, &freeze}};
    std::string id;
};

}  // namespace

class TestPermitFreeze : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPermitIsLookedAtOnceMoreAfterItWasStored() {
        Freezable master;
        master.commits.after = [&master] { (void)master.freeze.freeze(kAda); };
        QCOMPARE(master.ask("m0").reason, std::string("CLUSTER_FROZEN"));
    }

    void alsoWhereTheClusterWasFrozenBefore() {
        Freezable master;
        release::PermitAnswer first;
        release::PermitAnswer second;
        std::vector<std::thread> others;
        bool areTogether = false;
        absl::Status unfrozen = absl::UnknownError("not asked");
        std::shared_ptr<const StandingFreeze> again;
        // While one is stored two more ask, and are answered together.
        master.commits.before = [&] {
            others.emplace_back([&] { first = master.ask("m1"); });
            others.emplace_back([&] { second = master.ask("m2"); });
            areTogether = tests::waitUntil([&] { return master.engine.waitingPermits() == 2; });
            (void)master.freeze.freeze(kAda);
            // The first of them is refused; before the second is decided it is unfrozen, and
            // frozen again while that one's is stored.
            master.clock.then = [&] {
                unfrozen = master.freeze.unfreeze(kAda);
                master.commits.after = [&] { again = master.freeze.freeze(kAda); };
            };
        };
        QCOMPARE(master.ask("m0").reason, std::string("CLUSTER_FROZEN"));
        for (std::thread& one : others)
            one.join();
        QVERIFY(areTogether);
        QVERIFY2(unfrozen.ok(), unfrozen.ToString().c_str());
        QVERIFY(again != nullptr);
        QVERIFY(!first.granted);
        QVERIFY(!second.granted);
        QCOMPARE(first.reason, std::string("CLUSTER_FROZEN"));
        QCOMPARE(second.reason, std::string("CLUSTER_FROZEN"));
    }
};

QTEST_GUILESS_MAIN(TestPermitFreeze)
#include "tst_permit_freeze.moc"
