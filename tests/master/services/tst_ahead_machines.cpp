// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "tests/master/support/sync_parts.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

constexpr std::uint64_t kServed = 5;
constexpr std::uint64_t kHeld = 9;

/// A cluster of one machine, whose database was put back to generation kServed.
struct PutBack {
    PutBack() {
        compose::DesiredRow row;
        row.machineType = "LINUX";
        row.entry.agent = "logd";
        row.entry.level = domain::Level::Full;
        row.entry.version = "1";
        parts.published.publish(std::make_shared<const compose::Snapshot>(
            kServed, parts.clock.now(), std::vector<compose::DesiredRow>{row}));
        enrol();
    }
    void enrol() {
        domain::MachineFacts facts;
        facts.uuid = "m";
        facts.machineType = "LINUX";
        parts.fleet.enrol(facts, parts.clock.now());
    }
    /// Whether the machine is sent what is served.
    bool polls(std::uint64_t held, std::uint64_t etag = 1) {
        SyncQuestion question;
        question.uuid = "m";
        question.heldGeneration = held;
        question.heldEtag = etag;
        bool isOffered = false;
        service.sync(std::move(question), [&isOffered](const absl::StatusOr<SyncAnswer>& answer) {
            isOffered = answer.ok() && answer->desired.has_value();
        });
        return isOffered;
    }
    /// As the composer, each second.
    void databaseIsAsked() { parts.published.confirm(parts.clock.steadyNow()); }

    SyncParts parts;
    PollPace pace{PaceLimits{}};
    SyncService service{parts.with(pace)};
};

}  // namespace

class TestAheadMachines : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// The master answered "nothing new" for ever, so that the machine's own refusal, and the event
    /// that tells of it, never came about.
    void aMachineThatAnOldDatabaseLeftBehindIsOfferedWhatIsServed() {
        PutBack cluster;
        QVERIFY(!cluster.polls(kHeld));
        cluster.parts.clock.advance(AheadMachines::kPatience);
        cluster.databaseIsAsked();
        QVERIFY(cluster.polls(kHeld));
        // And no more often than it is worth.
        cluster.databaseIsAsked();
        QVERIFY(!cluster.polls(kHeld));
        cluster.parts.clock.advance(AheadMachines::kPatience);
        cluster.databaseIsAsked();
        QVERIFY(cluster.polls(kHeld));
    }

    /// Another master was faster, or has the database and this one has not.
    void aMachineThatAnotherMasterServedIsLeftAlone() {
        PutBack cluster;
        cluster.databaseIsAsked();
        QVERIFY(!cluster.polls(kHeld));
        cluster.parts.clock.advance(std::chrono::hours(5));
        QVERIFY(!cluster.polls(kHeld));
        cluster.databaseIsAsked();
        // It goes on following the other.
        QVERIFY(!cluster.polls(kHeld + 1));
        // It came back, and begins anew when it is ahead again.
        cluster.parts.clock.advance(AheadMachines::kPatience);
        cluster.databaseIsAsked();
        QVERIFY(cluster.polls(kServed));
        QVERIFY(!cluster.polls(kHeld + 1));
    }

    /// Whoever comes back under the name of one that was removed is another machine.
    void aMachineThatWasRemovedIsForgotten() {
        PutBack cluster;
        QVERIFY(!cluster.polls(kHeld));
        cluster.service.forgetRemoved();
        cluster.parts.fleet.remove("m");
        cluster.service.forgetRemoved();
        cluster.enrol();
        cluster.parts.clock.advance(AheadMachines::kPatience);
        cluster.databaseIsAsked();
        QVERIFY(!cluster.polls(kHeld));
        // One that is there is not.
        cluster.service.forgetRemoved();
        cluster.parts.clock.advance(AheadMachines::kPatience);
        cluster.databaseIsAsked();
        QVERIFY(cluster.polls(kHeld));
    }
    void nothingIsKeptOfWhoIsGone() {
        AheadMachines ahead;
        const base::SteadyTime now{};
        (void)ahead.isLeftBehind("m1", 7, now, now);
        (void)ahead.isLeftBehind("m2", 7, now, now);
        ahead.forgetUnless([](const std::string& uuid) { return uuid == "m2"; });
        QCOMPARE(ahead.count(), std::size_t{1});
        ahead.follows("m2");
        QCOMPARE(ahead.count(), std::size_t{0});
    }

    void whoHoldsTheSameStateNeedsNoWord() {
        PutBack cluster;
        const std::uint64_t etag =
            cluster.parts.published.current()->answerFor("m", "LINUX", 0).etag;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(!cluster.polls(kHeld, etag));
            cluster.parts.clock.advance(AheadMachines::kPatience);
            cluster.databaseIsAsked();
        }
    }
};

QTEST_GUILESS_MAIN(TestAheadMachines)
#include "tst_ahead_machines.moc"
