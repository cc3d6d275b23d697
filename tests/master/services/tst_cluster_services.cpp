// SPDX-License-Identifier: Apache-2.0
#include "master/services/cluster_services.h"

#include <QTemporaryDir>
#include <QTest>

#include "master/cache/memory_cache.h"
#include "tests/master/release/release_fixture.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

/// The services of a master that is alone, with one machine; no thread of it writes.
class TestClusterServices : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_database = std::make_unique<storage::MemoryDatabase>();
        StoredMachine machine;
        machine.facts.uuid = "m0";
        machine.facts.machineType = "LINUX";
        machine.firstSeen = machine.lastSeen = m_clock.now();
        m_database->state.machines["m0"] = machine;
        m_services = std::make_unique<ClusterServices>(alone());
        m_services->fleet().load({machine}, m_clock.now(), {std::chrono::minutes(1)});
        m_services->tick();
    }
    void cleanup() { m_services.reset(); }

    void aLastContactThatCouldNotBeStoredIsStoredLater() {
        m_clock.advance(std::chrono::minutes(1));
        const base::WallTime heard = m_clock.now();
        QVERIFY(m_services->fleet().touch("m0", heard));
        setDown(absl::UnavailableError("the disk is full"));
        m_services->tick();
        QVERIFY(stored() < heard);
        setDown(absl::OkStatus());
        m_clock.advance(std::chrono::minutes(1));
        m_services->tick();
        QCOMPARE(stored(), heard);
    }

    void aMasterThatIsRestartedGoesOnWithWhatMachinesWereTold() {
        {
            const absl::MutexLock lock(&m_database->mutex);
            m_database->state.machines.at("m0").poll = std::chrono::seconds(100);
        }
        ClusterServices::Parts parts = alone();
        parts.busyShare = 0.85;
        ClusterServices again(parts);
        QVERIFY(again.start().ok());
        QCOMPARE(again.pollPace().current(), std::chrono::milliseconds(100'000));
        m_clock.advance(std::chrono::seconds(299));
        again.tick();
        QVERIFY(!again.fleet().find("m0")->offline);
        m_clock.advance(std::chrono::seconds(2));
        again.tick();
        QVERIFY(again.fleet().find("m0")->offline);
    }

    /// Who asked it meanwhile and backs off comes much later than three short polls.
    void aMasterThatStoodStillWaitsForThoseThatBackOff() {
        ClusterServices::Parts parts = alone();
        parts.pollInterval = std::chrono::seconds(1);
        ClusterServices brisk(parts);
        QVERIFY(brisk.start().ok());
        const auto secondsUntilSilent = [&] {
            for (int passed = 0; passed < 200; ++passed) {
                brisk.tick();
                if (brisk.fleet().find("m0")->offline) return passed;
                m_clock.advance(std::chrono::seconds(1));
            }
            return -1;
        };
        brisk.fleet().touch("m0", m_clock.now(), parts.pollInterval);
        brisk.tick();
        m_clock.advance(std::chrono::seconds(25));
        QCOMPARE(secondsUntilSilent(), 81);
        m_clock.advance(std::chrono::seconds(1));
        brisk.fleet().touch("m0", m_clock.now(), parts.pollInterval);
        QCOMPARE(secondsUntilSilent(), 4);
    }

    /// Its releases go by the time that went by, not by the time of day.
    void aClockThatIsSetEndsNoRelease() {
        release::ReleaseFixture f(1, 2);
        // Some 1,500 s are left of the week in which somebody has to decide.
        const auto passed =
            std::chrono::duration_cast<std::chrono::seconds>(m_clock.now() - release::at(0));
        const int paused = static_cast<int>(passed.count()) + 1'500 - 7 * 24 * 3'600;
        f.verb(domain::ReleaseVerb::Start, paused - 1).value();
        f.verb(domain::ReleaseVerb::Pause, paused).value();
        const absl::Status stored = m_database->transact(
            [&f](storage::Transaction& in) { return in.releases().put(f.model); });
        QVERIFY2(stored.ok(), stored.ToString().c_str());
        ClusterServices again(alone());
        QVERIFY(again.start().ok());
        const auto tick = [&] {
            m_clock.advance(std::chrono::seconds(2));
            again.tick();
            return again.engine().head("r1").value()->release.state;
        };
        QCOMPARE(tick(), domain::ReleaseState::Paused);
        for (const int days : {8, -8}) {
            m_clock.set(std::chrono::hours(days * 24));
            QCOMPARE(tick(), domain::ReleaseState::Paused);
        }
        for (int i = 0; i < 500; ++i)
            QCOMPARE(tick(), domain::ReleaseState::Paused);
        for (int i = 0; i < 500; ++i)
            (void)tick();
        QCOMPARE(tick(), domain::ReleaseState::Aborted);
    }

    /// Of several masters another one may have removed it: this one follows that.
    void aMachineThatLeavesIsAheadNoMore() {
        compose::DesiredRow row;
        row.entry.agent = "logd";
        row.entry.version = "1";
        row.machineType = "LINUX";
        m_services->published().publish(std::make_shared<const compose::Snapshot>(
            5, m_clock.now(), std::vector<compose::DesiredRow>{row}));
        const auto isOffered = [&] {
            bool out = false;
            SyncQuestion question;
            question.uuid = "m0";
            question.heldGeneration = 9;
            question.heldEtag = 1;
            m_services->sync().sync(std::move(question), [&out](const auto& answer) {
                out = answer.ok() && answer->desired.has_value();
            });
            return out;
        };
        const auto wait = [&] {
            m_clock.advance(AheadMachines::kPatience);
            m_services->published().confirm(m_clock.steadyNow());
        };
        QVERIFY(!isOffered());
        m_services->fleet().remove("m0");
        m_clock.advance(std::chrono::seconds(2));
        m_services->tick();
        domain::MachineFacts facts;
        facts.uuid = "m0";
        facts.machineType = "LINUX";
        m_services->fleet().enrol(facts, m_clock.now());
        wait();
        QVERIFY(!isOffered());
        wait();
        QVERIFY(isOffered());
    }

private:
    ClusterServices::Parts alone() {
        return {*m_database, m_database->trail, m_cache, m_clock, m_directory.path().toStdString(),
                {4, 64, 1}};
    }
    void setDown(const absl::Status& down) {
        const absl::MutexLock lock(&m_database->mutex);
        m_database->down = down;
    }
    base::WallTime stored() {
        const absl::MutexLock lock(&m_database->mutex);
        return m_database->state.machines.at("m0").lastSeen;
    }

    const QTemporaryDir m_directory;
    ManualClock m_clock;
    cache::MemoryCache m_cache;
    std::unique_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<ClusterServices> m_services;
};

QTEST_GUILESS_MAIN(TestClusterServices)
#include "tst_cluster_services.moc"
