// SPDX-License-Identifier: Apache-2.0
// A whole master's inside on a real database: approval, windows, freeze and what the plan says.
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <thread>

#include "shared/base/status.h"
#include "tests/fault/played_cluster.h"

using namespace ifrit;
using namespace ifrit::master;
using domain::ReleaseState;
using domain::ReleaseVerb;
using ifrit::tests::PlayedCluster;

namespace {

const services::Caller kAda{"ada", "[::1]:1", "test", "", "because"};
const services::Caller kBob{"bob", "[::1]:2", "test", "", "seen"};
const services::Caller kCora{"cora", "[::1]:3", "test", "", "seen"};

std::string reasonOf(const absl::Status& status) {
    return base::errorInfo(status).reason;
}

bool mentions(const std::vector<std::string>& sentences, const std::string& what) {
    return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& sentence) {
        return sentence.find(what) != std::string::npos;
    });
}

}  // namespace

class TestReleaseLimits : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<PlayedCluster> cluster(const release::ClusterRules& rules = {}) {
        storage::sql::SqlDatabase::Options options;
        options.schema = storage::sql::SqlDatabase::Schema::Migrate;
        options.file =
            m_directory.filePath(QStringLiteral("%1.db").arg(++m_databases)).toStdString();
        return std::make_unique<PlayedCluster>(options, 12, rules);
    }
    /// A draft of ada's.
    static std::string draft(PlayedCluster& cluster, const domain::ReleaseSpec& spec) {
        return cluster.services().engine().create(kAda, spec).value().release.id;
    }

    const QTemporaryDir m_directory;
    int m_databases = 0;

private Q_SLOTS:
    void approvalIsOfTheStandingPlan_data() {
        QTest::addColumn<bool>("byCluster");
        QTest::newRow("the release asks for it") << false;
        QTest::newRow("the cluster asks for it") << true;
    }
    void approvalIsOfTheStandingPlan() {
        QFETCH(const bool, byCluster);
        release::ClusterRules rules;
        rules.requireApproval = byCluster;
        const auto played = cluster(rules);
        auto spec = PlayedCluster::staged();
        spec.approvalRequired = !byCluster;
        const std::string id = draft(*played, spec);
        const auto plan = [&] { return played->services().engine().plan(id).value(); };
        const auto act = [&](const services::Caller& who, ReleaseVerb verb, const std::string& p) {
            return reasonOf(played->services().engine().act(who, id, verb, p).status());
        };
        const std::string first = plan().id;
        QVERIFY(plan().approvalRequired);
        QVERIFY2(mentions(plan().conflicts, "any super admin but ada"),
                 plan().conflicts.front().c_str());
        QCOMPARE(act(kAda, ReleaseVerb::Start, first), std::string("APPROVAL_MISSING"));
        QCOMPARE(act(kAda, ReleaseVerb::Approve, first), std::string("APPROVER_SAME"));
        QCOMPARE(act(kBob, ReleaseVerb::Approve, ""), std::string("PLAN_MISSING"));
        QCOMPARE(act(kBob, ReleaseVerb::Approve, "another"), std::string("PLAN_CHANGED"));
        QCOMPARE(act(kBob, ReleaseVerb::Approve, first), std::string());
        // Else bob could start what he has approved.
        QCOMPARE(act(kCora, ReleaseVerb::Approve, first), std::string("RELEASE_STATE"));
        QCOMPARE(act(kBob, ReleaseVerb::Approve, first), std::string());
        played->restart();
        QCOMPARE(played->model(id).release.approval->by, std::string("bob"));
        QVERIFY(plan().conflicts.empty());
        QCOMPARE(plan().approval->planId, first);
        QCOMPARE(act(kBob, ReleaseVerb::Start, first), std::string("APPROVER_SAME"));
        // The fleet changes: what was approved is not what would run.
        played->enrol("n0");
        QCOMPARE(act(kAda, ReleaseVerb::Start, first), std::string("PLAN_CHANGED"));
        QVERIFY(!played->model(id).release.approval);
        played->restart();
        const std::string second = plan().id;
        QVERIFY(second != first);
        QCOMPARE(plan().endedApproval->planId, first);
        QVERIFY2(mentions(plan().conflicts, "bob approved plan " + first.substr(0, 12)),
                 plan().conflicts.front().c_str());
        QCOMPARE(act(kAda, ReleaseVerb::Start, second), std::string("APPROVAL_ENDED"));
        QCOMPARE(act(kBob, ReleaseVerb::Approve, second), std::string());
        QCOMPARE(act(kAda, ReleaseVerb::Start, second), std::string());
        QCOMPARE(played->state(id), ReleaseState::Running);
        QCOMPARE(act(kBob, ReleaseVerb::Approve, second), std::string("RELEASE_STATE"));
    }

    void planNoticesThatItsApprovalIsOver() {
        const auto played = cluster();
        auto spec = PlayedCluster::staged();
        spec.approvalRequired = true;
        const std::string id = draft(*played, spec);
        auto& engine = played->services().engine();
        const std::string first = engine.plan(id)->id;
        QVERIFY(engine.act(kBob, id, ReleaseVerb::Approve, first).ok());
        played->enrol("n0");
        QVERIFY(!engine.plan(id)->approval);
        QVERIFY(!played->model(id).release.approval);
    }

    // Stopped, paused with its virtual machine, or its clock stepped: all that moved would be
    // silent at the first tick, and a gate would halt the release.
    void aMasterThatSleptTakesNobodyForSilent() {
        const auto played = cluster();
        const std::string id = played->start(PlayedCluster::staged());
        QVERIFY(played->openStage(id, 1));
        played->pollAll();
        played->machines[3]->away = true;
        const auto offline = [&] {
            std::size_t out = 0;
            for (const auto& view : played->services().fleet().all())
                out += view.offline ? 1 : 0;
            return out;
        };
        played->clock.advance(std::chrono::hours(2));
        played->services().tick();
        QCOMPARE(offline(), std::size_t{0});
        QCOMPARE(played->state(id), ReleaseState::Running);
        // Who really is gone is found out from there on.
        for (int i = 0; i < 4; ++i) {
            played->pollAll();
            played->advance(std::chrono::seconds(30));
        }
        QCOMPARE(offline(), std::size_t{1});
    }

    // The desktop says how many machines the plan is of; a draft itself names none.
    void anApprovalIsHeldToTheCountOfItsPlan() {
        const auto played = cluster();
        auto spec = PlayedCluster::staged();
        spec.approvalRequired = true;
        const std::string id = draft(*played, spec);
        auto& engine = played->services().engine();
        const auto plan = engine.plan(id).value();
        services::Caller bob = kBob;
        bob.expected.machines = plan.start.machines.size() + 1;
        QCOMPARE(reasonOf(engine.act(bob, id, ReleaseVerb::Approve, plan.id).status()),
                 std::string("COUNT_CHANGED"));
        bob.expected.machines = plan.start.machines.size();
        QCOMPARE(reasonOf(engine.act(bob, id, ReleaseVerb::Approve, plan.id).status()),
                 std::string());
    }

    void freezeStopsEverythingAndARestartKeepsIt() {
        const auto played = cluster();
        const std::string id = played->start(PlayedCluster::staged());
        const std::string other = draft(*played, PlayedCluster::staged());
        QVERIFY(played->services().freeze().freeze(kAda)->recorded);
        const auto refused = [&] {
            return played->pollAll() == 0 && played->machines[0]->refusal == "CLUSTER_FROZEN" &&
                   played->machines[0]->retryAfter > std::chrono::seconds(0);
        };
        QVERIFY(refused());
        played->restart();
        QVERIFY(refused());
        auto& engine = played->services().engine();
        for (const auto verb : {ReleaseVerb::Promote, ReleaseVerb::PromoteAll})
            QCOMPARE(reasonOf(engine.act(kAda, id, verb, "").status()),
                     std::string("CLUSTER_FROZEN"));
        const auto plan = engine.plan(other);
        QVERIFY(mentions(plan->conflicts, "ada froze the cluster"));
        QCOMPARE(reasonOf(engine.act(kAda, other, ReleaseVerb::Start, plan->id).status()),
                 std::string("CLUSTER_FROZEN"));
        // An hour in ice fails nobody.
        for (int i = 0; i < 12; ++i) {
            played->advance(std::chrono::minutes(5));
            QCOMPARE(played->pollAll(), 0);
        }
        QCOMPARE(played->state(id), ReleaseState::Running);
        QVERIFY(played->services().freeze().unfreeze(kBob).ok());
        for (int i = 0; i < 60 && played->state(id) == ReleaseState::Running; ++i) {
            played->pollAll();
            played->advance(std::chrono::seconds(30));
        }
        QCOMPARE(played->state(id), ReleaseState::Done);
        QCOMPARE(played->running("2"), 12);
    }

    /// Rollbacks too: the machines stay as they are until somebody unfreezes.
    void freezeHoldsARollback() {
        const auto played = cluster();
        const std::string id = played->start(PlayedCluster::staged());
        played->pollAll();
        QCOMPARE(played->running("2"), 2);
        played->services().freeze().freeze(kAda);
        played->act(id, ReleaseVerb::Rollback);
        QCOMPARE(played->pollAll(), 0);
        // Far beyond the machines' deadline.
        for (int i = 0; i < 40; ++i) {
            played->advance(std::chrono::seconds(60));
            QCOMPARE(played->pollAll(), 0);
        }
        QCOMPARE(played->state(id), ReleaseState::RollingBack);
        QVERIFY(played->services().freeze().unfreeze(kBob).ok());
        QCOMPARE(played->pollAll(), 2);
        played->advance(std::chrono::seconds(2));
        QCOMPARE(played->state(id), ReleaseState::RolledBack);
    }

    void noPermitAfterAFreezeReturned() {
        const auto played = cluster();
        auto spec = PlayedCluster::staged();
        spec.gray = {};
        spec.pilot = {};
        spec.batches.enabled = false;
        spec.maxInFlight = 1'000;  // each permit is stored, which takes time
        const std::string id = played->start(spec);
        for (const auto& machine : played->machines)
            machine->fate = PlayedCluster::Fate::FallsSilent;
        played->services().freeze().freeze(kAda);
        played->pollAll();  // told, and refused
        QVERIFY(played->services().freeze().unfreeze(kBob).ok());
        std::atomic<bool> frozen{false};
        std::atomic<bool> stop{false};
        std::atomic<int> before{0};
        std::atomic<int> after{0};
        std::atomic<int> refused{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&, i] {
                for (std::size_t at = static_cast<std::size_t>(i); !stop; at += 3) {
                    const auto& machine = played->machines[at % played->machines.size()];
                    const auto wanted = domain::chosenEntries(machine->desired);
                    const bool late = frozen;
                    const auto answer = played->services().engine().permit(
                        {machine->uuid, "logd", wanted[0].releaseId, wanted[0].version,
                         wanted[0].manifestDigest});
                    if (answer.granted) ++(late ? after : before);
                    if (late && answer.reason == "CLUSTER_FROZEN") ++refused;
                }
            });
        }
        const bool given = QTest::qWaitFor([&] { return before > 20; }, 20'000);
        played->services().freeze().freeze(kAda);
        played->services().engine().settlePermits();
        frozen = true;
        const bool asked = QTest::qWaitFor([&] { return refused > 300; }, 20'000);
        stop = true;
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(given);
        QVERIFY(asked);
        QCOMPARE(after.load(), 0);
    }

    void outsideOfTheWindowsPermitsSayWhen() {
        const auto played = cluster();
        auto spec = PlayedCluster::staged();
        spec.autoVerify = false;  // the soak is over by the time that it opens
        // It is 22:13:21 UTC on a Tuesday.
        spec.windows.weekly = {domain::parseWeeklyWindow("Wed 03:00-04:00").value()};
        const std::string id = draft(*played, spec);
        auto& engine = played->services().engine();
        const auto plan = engine.plan(id);
        QVERIFY2(mentions(plan->notes, "nothing changes before 2023-11-15 03:00 UTC"),
                 plan->notes.empty() ? "no note" : plan->notes.front().c_str());
        QVERIFY(plan->expectedDuration > std::chrono::hours(4));
        QVERIFY(engine.act(kAda, id, ReleaseVerb::Start, plan->id).ok());
        QCOMPARE(played->pollAll(), 0);
        QCOMPARE(played->machines[0]->refusal, std::string("OUTSIDE_WINDOW"));
        const std::chrono::milliseconds untilOpen = std::chrono::seconds(4 * 3'600 + 46 * 60 + 39);
        QCOMPARE(played->machines[0]->retryAfter, untilOpen);
        played->advance(untilOpen - std::chrono::seconds(1));
        QCOMPARE(played->pollAll(), 0);
        QCOMPARE(played->machines[0]->refusal, std::string("OUTSIDE_WINDOW"));
        QCOMPARE(played->machines[0]->retryAfter, std::chrono::milliseconds(1'000));
        played->advance(std::chrono::seconds(1));
        const int permits = played->pollAll();
        QVERIFY2(permits == 2, played->machines[0]->refusal.c_str());
        // A rollback waits for no window.
        played->advance(std::chrono::hours(2));
        played->act(id, ReleaseVerb::Rollback);
        QCOMPARE(played->pollAll(), 2);
    }

    void unknownZonesAreRefused() {
        const auto played = cluster();
        auto spec = PlayedCluster::staged();
        spec.windows = {
            "Mars/Olympus", {domain::parseWeeklyWindow("daily 00:00-24:00").value()}, {}};
        QCOMPARE(reasonOf(played->services().engine().create(kAda, spec).status()),
                 std::string("TIME_ZONE"));
    }

    // A millisecond was taken, in which no machine polls; and one of nothing became ten minutes.
    void deadlinesThatNoMachineMeetsAreRefused() {
        const auto played = cluster();
        auto spec = PlayedCluster::staged();
        for (const auto deadline : {std::chrono::milliseconds(1), std::chrono::milliseconds(9'999),
                                    std::chrono::milliseconds(std::chrono::hours(24 * 31))}) {
            spec.machineDeadline = deadline;
            QCOMPARE(reasonOf(played->services().engine().create(kAda, spec).status()),
                     std::string("DEADLINE_INVALID"));
        }
        spec.machineDeadline = std::chrono::seconds(10);
        QVERIFY(played->services().engine().create(kAda, spec).ok());
    }

    void planTellsAllThatItIs() {
        release::ClusterRules rules;
        rules.cap = release::ChangeCap{5, 0, std::chrono::hours(1)};
        const auto played = cluster(rules);
        const std::string id = draft(*played, PlayedCluster::staged());
        const release::Plan plan = played->services().engine().plan(id).value();
        QCOMPARE(plan.changing, std::uint64_t{12});
        QCOMPARE(plan.bytesTotal, std::uint64_t{12'000});
        QCOMPARE(plan.clusterMachines, std::uint64_t{12});
        QCOMPARE(plan.archiveBytes.at("LINUX"), std::uint64_t{1'000});
        QCOMPARE(plan.start.previous.at("LINUX")->version, std::string("1"));
        std::uint64_t changing = 0;
        std::uint64_t bytes = 0;
        for (const auto& stage : plan.stages) {
            changing += stage.changing;
            bytes += stage.bytes;
            QVERIFY(stage.machines.empty() || stage.expectedDuration.count() > 0);
        }
        QCOMPARE(changing, plan.changing);
        QCOMPARE(bytes, plan.bytesTotal);
        // 12 machines, 5 an hour: the third window begins after two hours.
        QVERIFY2(mentions(plan.notes, "5 machines may change in 1 h"),
                 plan.notes.empty() ? "no note" : plan.notes.front().c_str());
        QCOMPARE(plan.expectedDuration, std::chrono::milliseconds(std::chrono::hours(2)));
    }
};

QTEST_GUILESS_MAIN(TestReleaseLimits)
#include "tst_release_limits.moc"
