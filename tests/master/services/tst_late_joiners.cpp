// SPDX-License-Identifier: Apache-2.0
// Machines that join after a release has ended, however it did: windows, blackout dates and turns
// hold for them, and not for those that go back.
#include <QTemporaryDir>
#include <QTest>

#include "tests/fault/played_cluster.h"

using namespace ifrit;
using namespace ifrit::master;
using domain::ReleaseState;
using domain::ReleaseVerb;
using ifrit::tests::PlayedCluster;

namespace {

constexpr int kMachines = 4;
constexpr int kJoiners = 3;

/// What becomes of the release before the machines join.
enum class End { Done, RollsBack, RolledBack, RolledBackBeforeFull, Aborted };

/// 22:13 on the 14th; they join on the 15th.
release::ClusterRules closedTomorrow() {
    release::ClusterRules out;
    out.blackouts.blackouts = {domain::parseDateRange("2023-11-15").value()};
    return out;
}

domain::ReleaseSpec allAtOnce() {
    auto spec = PlayedCluster::staged();
    spec.gray = {};
    spec.pilot = {};
    spec.batches.enabled = false;
    spec.gates = {};
    spec.autoVerify = false;
    spec.lateJoinersPerMinute = 1;
    return spec;
}

}  // namespace

Q_DECLARE_METATYPE(End)
Q_DECLARE_METATYPE(PlayedCluster::Fate)

class TestLateJoiners : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<PlayedCluster> cluster(const release::ClusterRules& rules = {}) {
        storage::sql::SqlDatabase::Options options;
        options.schema = storage::sql::SqlDatabase::Schema::Migrate;
        options.file =
            m_directory.filePath(QStringLiteral("%1.db").arg(++m_databases)).toStdString();
        return std::make_unique<PlayedCluster>(options, kMachines, rules);
    }
    /// Started, and its first stage over.
    static std::string begin(PlayedCluster& cluster, const domain::ReleaseSpec& spec) {
        const std::string id = cluster.start(spec);
        cluster.pollAll();
        cluster.advance(std::chrono::seconds(61));
        return id;
    }
    static void join(PlayedCluster& cluster) {
        for (int i = 0; i < kJoiners; ++i)
            cluster.enrol("n" + std::to_string(i));
    }
    /// How many of them get a permit; -1: one is refused for something else.
    static int permitted(PlayedCluster& cluster, int from, int to, const std::string& refusal) {
        int out = 0;
        for (int i = from; i < to; ++i) {
            auto& machine = *cluster.machines[static_cast<std::size_t>(i)];
            machine.refusal.clear();
            out += cluster.poll(machine) ? 1 : 0;
            if (!machine.refusal.empty() && machine.refusal != refusal) return -1;
        }
        return out;
    }
    static int joinersPermitted(PlayedCluster& cluster, const std::string& refusal) {
        return permitted(cluster, kMachines, kMachines + kJoiners, refusal);
    }
    /// Up to where the machines join; those of the release have then gone where they go, but for
    /// one that rolls back.
    static void bring(PlayedCluster& cluster, End end) {
        auto spec = allAtOnce();
        if (end == End::RolledBackBeforeFull) spec.gray.uuids = {"m0", "m1"};
        const std::string id = cluster.start(spec);
        if (end == End::Aborted) {
            permitted(cluster, 0, kMachines - 1, {});
            QCOMPARE(cluster.running("2"), kMachines - 1);
            cluster.act(id, ReleaseVerb::Abort);
            QCOMPARE(cluster.state(id), ReleaseState::Aborted);
            return;
        }
        cluster.pollAll();
        if (end == End::RolledBackBeforeFull) {
            QCOMPARE(cluster.running("2"), 2);
        } else {
            cluster.advance(std::chrono::seconds(1));
            QCOMPARE(cluster.state(id), ReleaseState::Done);
        }
        if (end == End::Done) return;
        cluster.act(id, ReleaseVerb::Rollback);
        if (end == End::RollsBack) return;
        cluster.pollAll();
        cluster.advance(std::chrono::seconds(2));
        QCOMPARE(cluster.running("1"), kMachines);
        QCOMPARE(cluster.state(id), ReleaseState::RolledBack);
    }

    const QTemporaryDir m_directory;
    int m_databases = 0;

private Q_SLOTS:
    void theyTakeTurnsHoweverItEnded_data() {
        QTest::addColumn<End>("end");
        QTest::newRow("done") << End::Done;
        QTest::newRow("rolls back") << End::RollsBack;
        QTest::newRow("rolled back") << End::RolledBack;
        QTest::newRow("aborted after full") << End::Aborted;
    }
    void theyTakeTurnsHoweverItEnded() {
        QFETCH(const End, end);
        const auto played = cluster();
        bring(*played, end);
        join(*played);
        QCOMPARE(joinersPermitted(*played, "LATE_JOINER_RATE"), 1);
        played->restart();
        QCOMPARE(joinersPermitted(*played, "LATE_JOINER_RATE"), 0);
        played->advance(std::chrono::seconds(60));
        QCOMPARE(joinersPermitted(*played, "LATE_JOINER_RATE"), 1);
        if (end != End::RollsBack) return;
        // Whoever goes back waits for none of them.
        QCOMPARE(permitted(*played, 0, kMachines, {}), kMachines);
    }

    void blackoutDatesHoldForThem_data() {
        QTest::addColumn<End>("end");
        QTest::newRow("done") << End::Done;
        QTest::newRow("rolls back") << End::RollsBack;
        QTest::newRow("rolled back") << End::RolledBack;
        QTest::newRow("rolled back before full: the entry is an older release's")
            << End::RolledBackBeforeFull;
        QTest::newRow("aborted after full") << End::Aborted;
    }
    void blackoutDatesHoldForThem() {
        QFETCH(const End, end);
        const auto played = cluster(closedTomorrow());
        bring(*played, end);
        played->advance(std::chrono::hours(2));
        join(*played);
        QCOMPARE(joinersPermitted(*played, "OUTSIDE_WINDOW"), 0);
        played->advance(std::chrono::hours(24));
        QVERIFY(joinersPermitted(*played, "LATE_JOINER_RATE") > 0);
    }

    // In the release or not: what it runs is taken back, and that waits for no window.
    void whoJoinedBeforeTheRollbackGoesBackAtOnce_data() {
        QTest::addColumn<PlayedCluster::Fate>("fate");
        QTest::newRow("runs it") << PlayedCluster::Fate::Well;
        QTest::newRow("crash-looping") << PlayedCluster::Fate::CrashLoops;
    }
    void whoJoinedBeforeTheRollbackGoesBackAtOnce() {
        QFETCH(const PlayedCluster::Fate, fate);
        const auto played = cluster(closedTomorrow());
        const std::string id = begin(*played, allAtOnce());
        QCOMPARE(played->state(id), ReleaseState::Done);
        auto& joined = played->enrol("n0");
        joined.fate = fate;
        QVERIFY(played->poll(joined));
        QCOMPARE(joined.version, std::string("2"));
        played->advance(std::chrono::hours(2));
        played->act(id, ReleaseVerb::Rollback);
        QVERIFY2(played->poll(joined), joined.refusal.c_str());
        QCOMPARE(joined.version, std::string("1"));
    }

    void whoComesBackAfterTheRollbackGoesBackAtOnce_data() {
        using Fate = PlayedCluster::Fate;
        QTest::addColumn<bool>("full");
        QTest::addColumn<Fate>("fate");
        QTest::newRow("after full") << true << Fate::Well;
        QTest::newRow("after full, crash-looping") << true << Fate::CrashLoops;
        QTest::newRow("before full: the entry is an older release's") << false << Fate::Well;
        QTest::newRow("before full, crash-looping") << false << Fate::CrashLoops;
    }
    void whoComesBackAfterTheRollbackGoesBackAtOnce() {
        QFETCH(const bool, full);
        QFETCH(const PlayedCluster::Fate, fate);
        const auto played = cluster(closedTomorrow());
        auto spec = allAtOnce();
        if (!full) spec.gray.uuids = {"m0", "m1"};
        const std::string id = begin(*played, spec);
        QCOMPARE(played->running("2"), full ? kMachines : 2);
        played->machines[0]->away = true;
        played->advance(std::chrono::hours(2));
        played->act(id, ReleaseVerb::Rollback);
        played->pollAll();
        played->advance(std::chrono::minutes(20));
        QCOMPARE(played->state(id), ReleaseState::RolledBack);
        QCOMPARE(played->running("2"), 1);
        // Others use up the turns that joiners have.
        join(*played);
        QCOMPARE(joinersPermitted(*played, "OUTSIDE_WINDOW"), 0);
        played->machines[0]->away = false;
        played->machines[0]->fate = fate;
        QVERIFY2(played->poll(*played->machines[0]), played->machines[0]->refusal.c_str());
        QCOMPARE(played->running("2"), 0);
    }
};

QTEST_GUILESS_MAIN(TestLateJoiners)
#include "tst_late_joiners.moc"
