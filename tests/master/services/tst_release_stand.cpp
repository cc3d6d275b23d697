// SPDX-License-Identifier: Apache-2.0
// Time in which no master turns releases: the process is away or stands still, or its database
// keeps nothing.
#include <QTemporaryDir>
#include <QTest>

#include "master/cache/memory_cache.h"
#include "master/services/cluster_services.h"
#include "shared/base/status.h"
#include "tests/master/release/release_fixture.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"
#include "tests/master/support/whole_release.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::Outcome;
using domain::StageKind;
using std::chrono::seconds;

namespace {

/// One master over a database with a release that goes on by itself: gray m0 and m1 of four.
struct Standing {
    explicit Standing(bool isWell) : fixture(2, 4) {
        auto& spec = fixture.model.release.spec;
        spec.autoVerify = true;
        spec.machineDeadline = seconds(100);
        fixture.verb(domain::ReleaseVerb::Start, 0).value();
        for (const auto& [uuid, progress] : fixture.model.machines) {
            StoredMachine machine;
            machine.facts.uuid = uuid;
            machine.facts.machineType = "LINUX";
            machine.firstSeen = machine.lastSeen = clock.now();
            const bool isGray = uuid == "m0" || uuid == "m1";
            machine.agents = {isWell && isGray ? release::healthyNew() : release::healthyOld()};
            database.state.machines[uuid] = machine;
            if (isWell && isGray) fixture.report(uuid, release::healthyNew(), 0);
        }
        const absl::Status stored = database.transact([this](storage::Transaction& in) {
            std::vector<release::MachineProgress> rows;
            for (const auto& [uuid, progress] : fixture.model.machines)
                rows.push_back(progress);
            const absl::Status put = in.releases().put(fixture.model);
            return put.ok() ? in.releases().putProgress("r1", rows) : put;
        });
        if (!stored.ok()) qFatal("not stored");
        start();
    }

    void start() {
        services.reset();
        services = std::make_unique<ClusterServices>(ClusterServices::Parts{
            database, database.trail, cache, clock, directory.path().toStdString(), {4, 64, 1}});
        if (!services->start().ok()) qFatal("does not start");
    }
    /// With a tick each second; who is `heard` polls.
    void run(int count, bool isHeard = true) {
        for (int second = 0; second < count; ++second) {
            clock.advance(seconds(1));
            if (isHeard) hear();
            services->tick();
        }
    }
    void hear() {
        for (const auto& [uuid, machine] : fixture.model.machines)
            (void)services->fleet().touch(uuid, clock.now());
    }
    void setDown(bool isDown) {
        const absl::MutexLock lock(&database.mutex);
        database.down =
            isDown ? base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "", "gone")
                   : absl::OkStatus();
    }
    /// How often its timeline says so.
    int told(const std::string& what) {
        const absl::MutexLock lock(&database.mutex);
        int out = 0;
        for (const auto& note : database.state.timeline["r1"])
            out += note.what == what ? 1 : 0;
        return out;
    }
    StageKind stage() { return services->engine().head("r1").value()->release.stage; }
    Outcome outcome(const std::string& uuid) {
        return wholeOf(services->engine(), "r1")->machines.at(uuid).outcome;
    }
    const QTemporaryDir directory;
    ManualClock clock;
    cache::MemoryCache cache;
    storage::MemoryDatabase database;
    release::ReleaseFixture fixture;
    std::unique_ptr<ClusterServices> services;
};

enum class Gap { Restart, Stopped, Database };

}  // namespace

Q_DECLARE_METATYPE(Gap)

class TestReleaseStand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSoakDoesNotRunMeanwhile_data() { gaps(); }
    void aSoakDoesNotRunMeanwhile() {
        QFETCH(Gap, gap);
        Standing cluster(true);
        cluster.run(20);
        pass(cluster, gap, 300);
        // Nobody is heard, and all is known that was reported before.
        cluster.run(30, false);
        QCOMPARE(cluster.stage(), StageKind::Gray);
        // 20 s of the soak were over, and 30 s ran since.
        cluster.run(5);
        QCOMPARE(cluster.stage(), StageKind::Gray);
        cluster.run(60);
        QCOMPARE(cluster.stage(), StageKind::Full);
    }

    void aSoakThatIsOverWaitsForItsMachines_data() { gaps(); }
    void aSoakThatIsOverWaitsForItsMachines() {
        QFETCH(Gap, gap);
        Standing cluster(true);
        cluster.run(58);
        pass(cluster, gap, 300);
        cluster.run(70, false);
        QCOMPARE(cluster.stage(), StageKind::Gray);
        cluster.run(20);
        QCOMPARE(cluster.stage(), StageKind::Full);
    }

    void noMachineIsOverdueForIt_data() { gaps(); }
    void noMachineIsOverdueForIt() {
        QFETCH(Gap, gap);
        Standing cluster(false);
        cluster.run(20);
        pass(cluster, gap, 300);
        cluster.run(40);
        QCOMPARE(cluster.outcome("m0"), Outcome::Pending);
        cluster.run(100);
        QCOMPARE(cluster.outcome("m0"), Outcome::Failed);
    }

    /// No machine polls, so that no last contact has to be written, and nobody else writes.
    void aQuietMasterFindsOutThatItsDatabaseIsBack() {
        Standing cluster(true);
        cluster.run(20);
        cluster.run(16, false);
        cluster.setDown(true);
        cluster.run(30, false);
        cluster.setDown(false);
        QCOMPARE(cluster.told("stood still"), 0);
        cluster.run(17, false);
        QCOMPARE(cluster.told("stood still"), 1);
    }

private:
    static void gaps() {
        QTest::addColumn<Gap>("gap");
        QTest::newRow("it was restarted") << Gap::Restart;
        QTest::newRow("it stood still") << Gap::Stopped;
        QTest::newRow("its database was away") << Gap::Database;
    }
    static void pass(Standing& cluster, Gap gap, int count) {
        switch (gap) {
            case Gap::Restart:
                // Last contacts are kept as it ends.
                cluster.services->stop();
                cluster.clock.advance(seconds(count));
                cluster.start();
                break;
            case Gap::Stopped:
                cluster.clock.advance(seconds(count));
                cluster.services->tick();
                break;
            case Gap::Database:
                cluster.setDown(true);
                cluster.run(count);
                cluster.setDown(false);
                break;
        }
    }
};

QTEST_GUILESS_MAIN(TestReleaseStand)
#include "tst_release_stand.moc"
