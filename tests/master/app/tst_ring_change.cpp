// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "master/app/ring_change.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "shared/domain/hash_ring.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::app;
using std::chrono::milliseconds;

namespace {

constexpr int kMachines = 2'000;
const base::SystemClock kClock;

struct Cluster {
    Cluster() {
        storage::sql::SqlDatabase::Options options;
        options.file = directory.filePath(QStringLiteral("c.db")).toStdString();
        options.schema = storage::sql::SqlDatabase::Schema::Migrate;
        database = storage::sql::SqlDatabase::open(options, kClock).value();
        change([](storage::Transaction& t) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(
                t.settings().create({"shop", "production", {20, 1'024, 7}, kClock.now()}));
            for (int i = 0; i < kMachines; ++i) {
                domain::MachineFacts facts;
                facts.uuid = "m-" + std::to_string(i);
                facts.machineType = "LINUX";
                IFRIT_RETURN_IF_ERROR(t.machines().enrol(facts, kClock.now()));
            }
            return absl::OkStatus();
        });
    }
    void change(const storage::Database::Work& work) {
        const absl::Status done = database->transact(work);
        if (!done.ok()) qFatal("%s", base::messageOf(done).c_str());
    }
    domain::RingSpec ring() {
        domain::RingSpec out;
        (void)database->read([&](storage::Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto settings, t.settings().get());
            out = settings.ring;
            return absl::OkStatus();
        });
        return out;
    }
    absl::StatusOr<RingChange> ask(std::uint32_t batches, bool dryRun = false) {
        return changeRing(*database, {batches, "more machines", dryRun}, kClock, milliseconds(10),
                          [this](milliseconds) {
                              ++waits;
                              if (whileWaiting) whileWaiting();
                          });
    }
    void putMember(std::uint64_t beats) {
        change([&](storage::Transaction& t) {
            storage::MemberRecord member;
            member.id = "one";
            member.address = "master-1:7443";
            member.beats = beats;
            return t.masters().put(member);
        });
    }

    const QTemporaryDir directory;
    std::unique_ptr<storage::Database> database;
    std::function<void()> whileWaiting;
    int waits = 0;
};

}  // namespace

class TestRingChange : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void movesFewAndLeavesATrace() {
        Cluster cluster;
        const auto change = cluster.ask(21);
        QVERIFY2(change.ok(), base::messageOf(change.status()).c_str());
        QCOMPARE(cluster.ring(), (domain::RingSpec{21, 1'024, 7}));
        QCOMPARE(change->machines, std::uint64_t{kMachines});
        // A share of 1/21 is ideal.
        QVERIFY(change->moved > kMachines / 42 && change->moved < kMachines / 14);
        QCOMPARE(cluster.waits, 0);
        (void)cluster.database->read([&](storage::Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto rows, t.audit().list({}, 0, 10));
            if (rows.size() != 1 || rows[0].entry.verb != "ring.change" ||
                rows[0].entry.before != R"({"batches":20})")
                QTest::qFail("no audit row", __FILE__, __LINE__);
            return absl::OkStatus();
        });
        const auto same = cluster.ask(21);
        QCOMPARE(base::errorInfo(same.status()).reason, std::string("RING_UNCHANGED"));
    }

    void dryRunChangesNothing() {
        Cluster cluster;
        const auto change = cluster.ask(40, true);
        QVERIFY(change.ok() && change->moved > kMachines / 3);
        QCOMPARE(cluster.ring().batches, std::uint32_t{20});
    }

    void refusedWhileAReleaseGoesByBatches() {
        Cluster cluster;
        release::Model model;
        model.release.id = "r-1";
        model.release.number = 12;
        model.release.spec.agent = "logd";
        model.release.spec.machineTypes = {"LINUX"};
        model.release.spec.batches.enabled = true;
        const auto put = [&](domain::ReleaseState state) {
            model.release.state = state;
            cluster.change([&](storage::Transaction& t) { return t.releases().put(model); });
        };
        for (const auto state : {domain::ReleaseState::Running, domain::ReleaseState::Paused,
                                 domain::ReleaseState::Halted, domain::ReleaseState::RollingBack}) {
            put(state);
            const auto refused = cluster.ask(21);
            QCOMPARE(base::errorInfo(refused.status()).reason, std::string("RELEASE_IN_BATCHES"));
            QVERIFY(base::messageOf(refused.status()).find("release 12") != std::string::npos);
        }
        QCOMPARE(cluster.ring().batches, std::uint32_t{20});
        put(domain::ReleaseState::Done);
        QVERIFY(cluster.ask(21).ok());
    }

    void refusedWhileAMasterRuns() {
        Cluster cluster;
        cluster.putMember(5);
        cluster.whileWaiting = [&] { cluster.putMember(6); };
        const auto refused = cluster.ask(21);
        QCOMPARE(base::errorInfo(refused.status()).reason, std::string("MASTERS_RUN"));
        QVERIFY(base::messageOf(refused.status()).find("master-1:7443") != std::string::npos);
        QCOMPARE(cluster.ring().batches, std::uint32_t{20});
        // One that was killed left its row.
        cluster.whileWaiting = nullptr;
        QVERIFY(cluster.ask(21).ok());
        QCOMPARE(cluster.waits, 2);
    }
};

QTEST_GUILESS_MAIN(TestRingChange)
#include "tst_ring_change.moc"
