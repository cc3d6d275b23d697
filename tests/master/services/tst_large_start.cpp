// SPDX-License-Identifier: Apache-2.0
// A start of more machines than are stored at once.
#include <QTest>
#include <atomic>
#include <functional>
#include <future>
#include <set>
#include <thread>

#include "shared/base/status.h"
#include "tests/master/services/release_engine_fixture.h"
#include "tests/master/support/whole_release.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

constexpr int kMachines = 20;
constexpr std::size_t kAtOnce = 3;

/// Calls back around each transaction, and fails each from one on: as if its master had been
/// killed.
class WatchedDatabase final : public storage::Database {
public:
    explicit WatchedDatabase(storage::MemoryDatabase& inner) : m_inner(inner) {}
    absl::Status transact(const Work& work) override {
        if (killedAt != 0 && ++count >= killedAt) return absl::UnavailableError("killed");
        if (before) before();
        const absl::Status status = m_inner.transact(work);
        if (after) after();
        return status;
    }
    absl::Status read(const Work& work) override { return m_inner.read(work); }

    std::function<void()> before;
    std::function<void()> after;
    int killedAt = 0;
    int count = 0;

private:
    storage::MemoryDatabase& m_inner;
};

std::string uuidOf(int machine) {
    return "m" + std::to_string(machine);
}

absl::Status settleVersion1(Master& master) {
    const auto release = master.started(spec("1"));
    for (int i = 0; i < kMachines; ++i)
        master.report(uuidOf(i), "1", kV1, MachineState::Healthy, release.id);
    const bool done = master.state(release.id) == ReleaseState::Done;
    return done ? absl::OkStatus() : absl::InternalError("1 is not settled");
}

domain::ReleaseSpec ofOtherAgent() {
    domain::ReleaseSpec out = spec("1");
    out.agent = "exporter";
    return out;
}

}  // namespace

class TestLargeStart : public QObject {
    Q_OBJECT

    struct Cluster {
        std::shared_ptr<storage::MemoryDatabase> database = cluster(kMachines);
        WatchedDatabase watched{*database};
        Master master{database, &watched, 4, kAtOnce};

        std::string draft(const domain::ReleaseSpec& wanted) {
            return master.engine.create(kAda, wanted).value().release.id;
        }
        absl::Status start(const std::string& id) {
            const auto plan = master.engine.plan(id);
            if (!plan.ok()) return plan.status();
            return master.engine.act(kAda, id, ReleaseVerb::Start, plan->id).status();
        }
        std::map<std::string, release::MachineProgress> stored(const std::string& id) const {
            const absl::MutexLock lock(&database->mutex);
            const auto found = database->state.progress.find(id);
            return found == database->state.progress.end()
                       ? std::map<std::string, release::MachineProgress>()
                       : found->second;
        }
        std::size_t puts() const {
            const absl::MutexLock lock(&database->mutex);
            return database->state.progressPuts;
        }
        bool isDraft(const std::string& id) const {
            const absl::MutexLock lock(&database->mutex);
            return database->state.releases.at(id).release.state == ReleaseState::Draft;
        }
        /// What is stored is what the master has in memory.
        bool isWhole(const std::string& id) { return isWholeIn(master, id); }
        bool isWholeIn(Master& of, const std::string& id) {
            return stored(id).size() == kMachines && wholeOf(of.engine, id)->machines == stored(id);
        }
    };

    static void addStages() {
        QTest::addColumn<bool>("gray");
        QTest::newRow("all in one stage, which opens") << false;
        QTest::newRow("most in a later one") << true;
    }
    static domain::ReleaseSpec wanted() {
        QFETCH(bool, gray);
        return gray ? spec("2", {"m0", "m1", "m2", "m3", "m4"}) : spec("2");
    }

private Q_SLOTS:
    void theReleaseIsStoredLast_data() { addStages(); }
    void theReleaseIsStoredLast() {
        Cluster of;
        QVERIFY(settleVersion1(of.master).ok());
        const std::string id = of.draft(wanted());
        const std::size_t before = of.puts();
        std::size_t known = before;
        std::size_t most = 0;
        bool draftUntilLast = true;
        of.watched.after = [&] {
            most = std::max(most, of.puts() - known);
            known = of.puts();
            draftUntilLast =
                draftUntilLast && (of.isDraft(id) || of.stored(id).size() == kMachines);
        };
        const absl::Status started = of.start(id);
        QVERIFY2(started.ok(), base::messageOf(started).c_str());
        QVERIFY2(most <= kAtOnce, std::to_string(most).c_str());
        QCOMPARE(of.puts() - before, std::size_t{kMachines});
        QVERIFY(draftUntilLast);
        QVERIFY(of.isWhole(id));
        QCOMPARE(of.master.state(id), ReleaseState::Running);
    }

    void othersAreAnsweredInBetween() {
        Cluster of;
        QVERIFY(settleVersion1(of.master).ok());
        of.database->state.packages[std::string(64, '3')] = logdPackage("1", std::string(64, '3'));
        of.database->state.packages[std::string(64, '3')].agent = "exporter";
        const std::string other = of.draft(ofOtherAgent());
        QVERIFY(of.start(other).ok());
        const std::string id = of.draft(spec("2"));
        bool isAnswered = false;
        std::atomic<bool> isAsked{false};  // the one that asks comes by here too
        std::future<absl::Status> paused;
        of.watched.after = [&] {
            if (isAsked || of.stored(id).size() < kAtOnce || !of.isDraft(id)) return;
            isAsked = true;
            paused = std::async(std::launch::async, [&] {
                return of.master.engine.act(kAda, other, ReleaseVerb::Pause, "").status();
            });
            isAnswered = paused.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
        };
        QVERIFY(of.start(id).ok());
        QVERIFY(isAnswered);
        QVERIFY(paused.get().ok());
        QCOMPARE(of.master.state(other), ReleaseState::Paused);
        QVERIFY(of.isWhole(id));
    }

    /// Before each transaction that it takes: a draft as if nobody had touched it, or all of it.
    void killedInBetweenItIsADraft_data() { addStages(); }
    void killedInBetweenItIsADraft() {
        for (int at = 1;; ++at) {
            QVERIFY(at < 100);
            Cluster of;
            QVERIFY(settleVersion1(of.master).ok());
            const std::string id = of.draft(wanted());
            of.watched.killedAt = at;
            if (of.start(id).ok()) {
                QVERIFY2(at > kMachines / static_cast<int>(kAtOnce), std::to_string(at).c_str());
                return;
            }
            Master next(of.database, nullptr, 4, kAtOnce);
            QVERIFY(next.recovered.ok());
            QCOMPARE(next.state(id), ReleaseState::Draft);
            QVERIFY(wholeOf(next.engine, id)->machines.empty());
            QVERIFY(next.engine.machines(id, {"", {}, 100})->empty());
            QVERIFY(of.stored(id).empty());
            QCOMPARE(next.desiredOf("m0"), std::string("1"));
            const auto plan = next.engine.plan(id);
            QVERIFY(plan.ok());
            QVERIFY(next.engine.act(kAda, id, ReleaseVerb::Start, plan->id).ok());
            QVERIFY(of.isWholeIn(next, id));
        }
    }

    /// The draft of a master that was killed is aborted by one that could not clean up: nothing is
    /// told of machines that it never touched.
    void whatIsLeftOfADraftIsNothing() {
        Cluster of;
        const std::string id = of.draft(spec("1"));
        of.database->state.progress[id]["m-gone"].uuid = "m-gone";
        QVERIFY(of.master.engine.act(kAda, id, ReleaseVerb::Abort, "").ok());
        QVERIFY(of.master.engine.machines(id, {"", {}, 100})->empty());
        QVERIFY(wholeOf(of.master.engine, id)->machines.empty());
    }

    /// Also one of so few machines that nothing is stored ahead of it.
    void whatAnEarlierStartLeftIsNotInIt_data() {
        QTest::addColumn<int>("atOnce");
        QTest::newRow("in parts") << static_cast<int>(kAtOnce);
        QTest::newRow("at once") << kMachines;
    }
    void whatAnEarlierStartLeftIsNotInIt() {
        QFETCH(int, atOnce);
        Cluster of;
        Master master(of.database, nullptr, 4, static_cast<std::size_t>(atOnce));
        const std::string id = master.engine.create(kAda, spec("1"))->release.id;
        of.database->state.progress[id]["m-gone"].uuid = "m-gone";
        const auto plan = master.engine.plan(id);
        QVERIFY(master.engine.act(kAda, id, ReleaseVerb::Start, plan->id).ok());
        QVERIFY(of.isWholeIn(master, id));
    }

    void aPlanThatEndsInBetweenLeavesNothing() {
        Cluster of;
        QVERIFY(settleVersion1(of.master).ok());
        const std::string id = of.draft(spec("2"));
        bool isTold = false;
        of.watched.after = [&] {
            if (std::exchange(isTold, true)) return;
            of.master.report("m7", "0", std::string(64, '0'), MachineState::Healthy, "");
        };
        const absl::Status started = of.start(id);
        QCOMPARE(QString::fromStdString(base::errorInfo(started).reason),
                 QStringLiteral("PLAN_CHANGED"));
        QVERIFY(of.isDraft(id));
        QVERIFY(of.stored(id).empty());
        of.watched.after = nullptr;
        QVERIFY(of.start(id).ok());
        QVERIFY(of.isWhole(id));
    }

    /// What a machine says meanwhile is in it.
    void newsInBetweenAreStored() {
        Cluster of;
        QVERIFY(settleVersion1(of.master).ok());
        const std::string id = of.draft(spec("2"));
        int rounds = 0;
        of.watched.after = [&] {
            if (of.isDraft(id) && ++rounds <= kMachines)
                of.master.report(uuidOf(rounds % kMachines), "1", kV1, MachineState::Degraded, "");
        };
        QVERIFY(of.start(id).ok());
        QVERIFY(rounds > 0);
        QVERIFY(of.isWhole(id));
        QCOMPARE(of.stored(id).at("m1").state, MachineState::Degraded);
    }

    void oneOfTwoStartsIsMade() {
        Cluster of;
        QVERIFY(settleVersion1(of.master).ok());
        const std::string id = of.draft(spec("2"));
        const std::string plan = of.master.engine.plan(id)->id;
        std::future<absl::Status> second;
        of.watched.after = [&] {
            if (second.valid()) return;
            second = std::async(std::launch::async, [&] {
                return of.master.engine.act(kAda, id, ReleaseVerb::Start, plan).status();
            });
        };
        QVERIFY(of.master.engine.act(kAda, id, ReleaseVerb::Start, plan).ok());
        QCOMPARE(QString::fromStdString(base::errorInfo(second.get()).reason),
                 QStringLiteral("RELEASE_STATE"));
        QVERIFY(of.isWhole(id));
        QCOMPARE(of.master.state(id), ReleaseState::Running);
    }

    /// Whatever took it away: no release starts with a part of its machines.
    void aRowThatIsLostRefusesTheStart() {
        Cluster of;
        QVERIFY(settleVersion1(of.master).ok());
        const std::string id = of.draft(spec("2"));
        bool isLost = false;
        of.watched.after = [&] {
            const absl::MutexLock lock(&of.database->mutex);
            auto& rows = of.database->state.progress[id];
            if (rows.size() == kMachines && !std::exchange(isLost, true)) rows.erase("m3");
        };
        const absl::Status started = of.start(id);
        QVERIFY(isLost);
        QVERIFY(!started.ok());
        QVERIFY(of.isDraft(id));
        QVERIFY(of.stored(id).empty());
        QVERIFY(of.start(id).ok());
        QVERIFY(of.isWhole(id));
    }
};

QTEST_GUILESS_MAIN(TestLargeStart)
#include "tst_large_start.moc"
