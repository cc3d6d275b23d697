// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <array>
#include <memory>

#include "master/services/event_hub.h"
#include "master/services/machine_filter.h"
#include "master/services/sync_service.h"
#include "shared/base/status.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

Q_DECLARE_METATYPE(std::string)

namespace {

MachineView sampleMachine(base::WallTime now) {
    StoredMachine stored;
    auto& facts = stored.facts;
    facts.uuid = "web-1";
    facts.machineType = "ARM64";
    facts.pin = "acme";
    facts.hostname = "host7";
    facts.labels = {{"zone", "b"}};
    domain::AgentReport logd;
    logd.agent = "logd";
    logd.runningVersion = "4.9";
    logd.state = domain::MachineState::Failed;
    domain::AgentReport metricd;
    metricd.agent = "metricd";
    metricd.runningVersion = "1.0";
    metricd.state = domain::MachineState::Healthy;
    stored.agents = {logd, metricd};
    return {std::make_shared<const MachineRecord>(MachineRecord{stored, 3}),
            now - std::chrono::minutes(6), false};
}

/// A sync service over one machine, with a writer that a test lets run.
struct Line {
    Line() {
        domain::MachineFacts facts;
        facts.uuid = "m1";
        facts.machineType = "LINUX";
        fleet.enrol(facts, clock.now());
        database->state.machines["m1"].facts = facts;
        writer.start();
    }
    SyncAnswer sync(std::uint64_t seq, const std::string& stream, bool full) {
        SyncQuestion question;
        question.uuid = "m1";
        if (seq != 0) {
            question.report.emplace();
            question.report->seq = seq;
            question.report->streamId = stream;
            question.report->full = full;
        }
        absl::StatusOr<SyncAnswer> out = absl::UnknownError("no answer");
        absl::Mutex mutex;
        bool done = false;
        service.sync(std::move(question), [&](absl::StatusOr<SyncAnswer> answer) {
            absl::MutexLock lock(&mutex);
            out = std::move(answer);
            done = true;
        });
        absl::MutexLock lock(&mutex);
        mutex.Await(absl::Condition(&done));
        lastStatus = out.status();
        return out.ok() ? *out : SyncAnswer{};
    }

    SyncService::Parts parts() {
        return {fleet, published, writer, clears, logTails, clock, pace, {}};
    }

    std::shared_ptr<storage::MemoryDatabase> database = std::make_shared<storage::MemoryDatabase>();
    ManualClock clock;
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    KnownBadClears clears;
    LogTails logTails;
    compose::PublishedState published;
    ReportWriter writer{{*database, fleet, clears, [](const auto&) {}}};
    PollPace pace{PaceLimits{}};
    SyncService service{parts()};
    absl::Status lastStatus;
};

}  // namespace

class TestFleet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filter_data() {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char* text, bool matches) {
            QTest::newRow(text) << std::string(text) << matches;
        };
        row("", true);
        row("state:failed type:ARM64 pin:acme agent:logd version<4.10 batch:3 seen>5m "
            "label:zone=b -uuid:/^test/",
            true);
        row("state:failed", true);
        row("agent:metricd state:failed", false);
        row("agent:metricd state:healthy", true);
        row("version<4.9", true);  // metricd 1.0
        row("agent:logd version<4.9", false);
        row("agent:logd version>4.10", false);
        row("agent:logd version:4.9", true);
        row("type:LINUX", false);
        row("-type:LINUX", true);
        row("seen<5m", false);
        row("batch>2 batch<4", true);
        row("label:zone", true);
        row("label:zone=a,b", true);
        row("label:tier=web", false);
        row("uuid:/^web-[0-9]$/", true);
        row("host7", true);
        row("nowhere", false);
    }
    void filter() {
        QFETCH(std::string, text);
        QFETCH(bool, matches);
        const auto now = ManualClock().now();
        const auto parsed = parseMachineFilter(text);
        QVERIFY2(parsed.ok(), base::messageOf(parsed.status()).c_str());
        QCOMPARE(services::matches(*parsed, sampleMachine(now), now), matches);
    }
    void aBadFilterIsTheCallersFaultAndNamed() {
        const auto parsed = parseMachineFilter("pin:acme colour:red");
        QCOMPARE(parsed.status().code(), absl::StatusCode::kInvalidArgument);
        QCOMPARE(base::errorInfo(parsed.status()).reason, std::string("FILTER"));
        QCOMPARE(base::errorInfo(parsed.status()).subject, std::string("colour"));
    }
    void anOfflineMachinesAgentsAreNotWhatTheyLastWere() {
        const auto now = ManualClock().now();
        MachineView away = sampleMachine(now);
        away.offline = true;
        const auto says = [&](const char* text) {
            return services::matches(*parseMachineFilter(text), away, now);
        };
        QVERIFY(says("state:offline"));
        QVERIFY(says("state:silent"));
        QVERIFY(!says("agent:metricd state:healthy"));
        QVERIFY(says("agent:metricd state:silent"));
    }

    void whomAnotherMasterEnrolledIsMet() {
        Line line;
        int met = 0;
        SyncService::Parts parts = line.parts();
        parts.meet = [&](const std::string& uuid, const StrangerQueue::Done& done) {
            ++met;
            domain::MachineFacts facts;
            facts.uuid = uuid;
            facts.machineType = "LINUX";
            if (uuid == "m2") line.fleet.enrol(facts, line.clock.now());
            done(uuid == "m4" ? absl::UnavailableError("the database is away") : absl::OkStatus());
        };
        SyncService service(parts);
        const auto codeFor = [&](const std::string& uuid) {
            SyncQuestion question;
            question.uuid = uuid;
            absl::Status out = absl::UnknownError("no answer");
            service.sync(std::move(question),
                         [&out](const auto& answer) { out = answer.status(); });
            return out.code();
        };
        QCOMPARE(codeFor("m1"), absl::StatusCode::kOk);
        QCOMPARE(met, 0);
        QCOMPARE(codeFor("m2"), absl::StatusCode::kOk);
        QCOMPARE(codeFor("m2"), absl::StatusCode::kOk);
        QCOMPARE(met, 1);
        QCOMPARE(codeFor("m3"), absl::StatusCode::kNotFound);
        QCOMPARE(codeFor("m4"), absl::StatusCode::kUnavailable);
    }
    void whileNoMasterHeardThemNobodyWasSilent() {
        const std::chrono::seconds kSilent(90);
        ManualClock clock;
        const base::WallTime away = clock.now();
        std::vector<StoredMachine> machines(2);
        machines[0].facts.uuid = "alive";
        machines[0].lastSeen = away;
        machines[1].facts.uuid = "dead";
        machines[1].lastSeen = away - 2 * kSilent;
        Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
        fleet.load(machines, away, {kSilent});
        const base::WallTime back = away + std::chrono::hours(1);
        fleet.forgive(back);
        QVERIFY(fleet.sweep(back + kSilent, {kSilent}).empty());
        QVERIFY(!fleet.find("alive")->offline);
        QVERIFY(fleet.find("dead")->offline);
        QVERIFY(fleet.find("alive")->lastSeen == away);  // and nobody says otherwise
        QVERIFY(fleet.takeSeen().empty());
        QCOMPARE(fleet.sweep(back + kSilent + std::chrono::seconds(1), {kSilent}).size(),
                 std::size_t{1});
        QVERIFY(fleet.find("alive")->offline);
        // Forgiving does not bring back who is offline.
        fleet.forgive(back + 2 * kSilent);
        QVERIFY(fleet.sweep(back + 2 * kSilent, {kSilent}).empty());
    }
    void whatNobodyWatchesIsNotKept() {
        constexpr int kMachines = 128;
        constexpr auto kPolls = static_cast<int>(3 * Fleet::kMostPending / kMachines);
        Line line;
        const auto uuidOf = [](int i) { return "watched-" + std::to_string(i); };
        for (int i = 0; i < kMachines; ++i) {
            domain::MachineFacts facts;
            facts.uuid = uuidOf(i);
            line.fleet.enrol(facts, line.clock.now());
        }
        const std::uint64_t before = line.fleet.lastSequence();
        QCOMPARE(line.fleet.pendingChanges(), std::size_t{0});
        std::size_t most = 0;
        for (int poll = 0; poll < kPolls; ++poll) {
            line.clock.advance(std::chrono::seconds(30));
            for (int i = 0; i < kMachines; ++i)
                line.fleet.touch(uuidOf(i), line.clock.now());
            most = std::max(most, line.fleet.pendingChanges());
        }
        QVERIFY2(most <= Fleet::kMostPending, qPrintable(QString::number(most)));
        // Who comes back is not told a part of it as if that were all, and then goes on as usual.
        QVERIFY(!line.fleet.changesSince(before));
        const std::uint64_t after = line.fleet.lastSequence();
        line.clock.advance(std::chrono::seconds(30));
        line.fleet.touch(uuidOf(7), line.clock.now());
        const auto changes = line.fleet.changesSince(after);
        QVERIFY(changes.has_value());
        QCOMPARE(changes->uuids, std::vector<base::SharedText>{uuidOf(7)});
    }
    /// One busy machine fills its shard alone: the changes of others beside it are no excuse.
    void aGapInOneShardIsNoticed() {
        Line line;
        const std::uint64_t before = line.fleet.lastSequence();
        for (std::size_t i = 0; i < Fleet::kMostPending / 2; ++i) {
            line.clock.advance(std::chrono::seconds(30));
            line.fleet.touch("m1", line.clock.now());
        }
        QVERIFY(line.fleet.pendingChanges() < Fleet::kMostPending / 10);
        QVERIFY(!line.fleet.changesSince(before));
        QVERIFY(line.fleet.changesSince(line.fleet.lastSequence()).has_value());
    }
    void anUnchangedSyncTouchesNoDatabase() {
        Line line;
        QVERIFY(line.sync(1, "s", true).ackedSeq == 1);
        const int writes = line.database->writes;
        const int reads = line.database->reads;
        for (int i = 0; i < 100; ++i)
            line.sync(0, "", false);
        QCOMPARE(line.database->writes, writes);
        QCOMPARE(line.database->reads, reads);
    }
    void aRepeatedReportIsAnsweredAndNotStoredTwice() {
        Line line;
        line.sync(1, "s", true);
        const int writes = line.database->writes;
        QCOMPARE(line.sync(1, "s", true).ackedSeq, std::uint64_t{1});
        QCOMPARE(line.database->writes, writes);
        QCOMPARE(line.sync(2, "s", false).ackedSeq, std::uint64_t{2});
    }
    void aGapOrAForeignStreamAsksForAFullReport() {
        Line line;
        QVERIFY(line.sync(0, "", false).wantFullReport);
        line.sync(1, "s", true);
        QVERIFY(line.sync(3, "s", false).wantFullReport);
        QVERIFY(line.sync(2, "other", false).wantFullReport);
        QVERIFY(!line.sync(9, "other", true).wantFullReport);
        QCOMPARE(line.sync(0, "", false).ackedSeq, std::uint64_t{9});
    }
    void nothingIsAcknowledgedThatIsNotStored() {
        Line line;
        line.database->down = absl::UnavailableError("gone");
        // The machine is served all the same, and sends the report again.
        const SyncAnswer served = line.sync(1, "s", true);
        QVERIFY2(line.lastStatus.ok(), line.lastStatus.ToString().c_str());
        QCOMPARE(served.ackedSeq, std::uint64_t{0});
        QVERIFY(!served.wantFullReport);
        QVERIFY(served.desired.has_value());
        line.database->down = absl::OkStatus();
        QCOMPARE(line.sync(0, "", false).ackedSeq, std::uint64_t{0});
        QCOMPARE(line.sync(1, "s", true).ackedSeq, std::uint64_t{1});
    }

    void pollsAreSpread_data() {
        QTest::addColumn<qint64>("interval");
        for (const qint64 interval : {1'000, 30'000, 300'000})
            QTest::addRow("%lld ms", interval) << interval;
    }
    /// What keeps a fleet that came at one instant from coming so again: of those that poll
    /// together, and of one machine from poll to poll.
    void pollsAreSpread() {
        QFETCH(qint64, interval);
        constexpr int kMachines = 2'000;
        constexpr int kTenths = 10;
        Line line;
        const PollPace pace(PaceLimits{std::chrono::milliseconds(interval)});
        const SyncService::Parts parts = line.parts();
        SyncService service({parts.fleet,
                             parts.published,
                             parts.reports,
                             parts.clears,
                             parts.logTails,
                             parts.clock,
                             pace,
                             {}});
        const auto nextPoll = [&](const std::string& uuid) {
            std::chrono::milliseconds out{0};
            SyncQuestion question;
            question.uuid = uuid;
            service.sync(std::move(question), [&out](const auto& it) { out = it->nextPoll; });
            return static_cast<double>(out.count()) / static_cast<double>(interval);
        };
        std::array<int, kTenths> together{};
        std::array<int, kTenths> inTurn{};
        const auto count = [](std::array<int, kTenths>& into, double part) {
            QVERIFY2(part >= 0.9 && part <= 1.1, qPrintable(QString::number(part)));
            ++into[std::min<std::size_t>(static_cast<std::size_t>((part - 0.9) / 0.2 * kTenths),
                                         kTenths - 1)];
        };
        for (int i = 0; i < kMachines; ++i) {
            domain::MachineFacts facts;
            facts.uuid = "spread-" + std::to_string(i);
            line.fleet.enrol(facts, line.clock.now());
            count(together, nextPoll(facts.uuid));
        }
        for (int i = 0; i < kMachines; ++i) {
            line.clock.advance(std::chrono::milliseconds(1));
            count(inTurn, nextPoll("m1"));
        }
        // A tenth of the width has a tenth of them: 200, give or take 13.
        for (const auto& tenths : {together, inTurn}) {
            for (const int share : tenths)
                QVERIFY2(share > 120 && share < 280, qPrintable(QString::number(share)));
        }
    }

    void aMachineThatMissesItsPollsIsOfflineUntilItReturns() {
        Line line;
        const std::chrono::seconds limit(90);
        QVERIFY(line.fleet.sweep(line.clock.now(), {limit}).empty());
        line.clock.advance(std::chrono::seconds(91));
        QCOMPARE(line.fleet.sweep(line.clock.now(), {limit}).size(), std::size_t{1});
        QCOMPARE(worstState(*line.fleet.find("m1")), domain::MachineState::Silent);
        line.sync(0, "", false);
        const auto back = line.fleet.sweep(line.clock.now(), {limit});
        QCOMPARE(back.size(), std::size_t{1});
        QVERIFY(!back[0].offline);
    }

    void aSlowListenerGetsResetAndOthersEverything() {
        EventHub hub;
        int woken = 0;
        auto slow = hub.subscribe("", [&woken] { ++woken; });
        for (int i = 0; i < 300; ++i)
            hub.publish(EventKind::ReleaseChanged, std::to_string(i));
        QCOMPARE(woken, 1);
        const auto events = slow->take();
        QVERIFY(events.size() < 300);
        QCOMPARE(events.front().kind, EventKind::Reset);
        // Resumed where it was, with nothing lost; from a hub of another run: reset.
        auto resumed = hub.subscribe(hub.tokenOf(298), [] {});
        QCOMPARE(resumed->take().size(), std::size_t{2});
        auto foreign = hub.subscribe("elsewhere.298", [] {});
        QCOMPARE(foreign->take().at(0).kind, EventKind::Reset);
    }

    /// Whoever asks what it holds was told what it had held before another master served it.
    void whatAMachineHoldsIsNotKnownOnceItPollsAnotherMaster() {
        ManualClock clock;
        Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
        StoredMachine machine;
        machine.facts.uuid = "m1";
        fleet.enrol(machine.facts, clock.now());
        const std::chrono::milliseconds poll(30'000);
        const auto held = [&fleet] { return fleet.find("m1")->held.generation; };
        const auto polls = [&](std::uint64_t generation) {
            clock.advance(poll);
            (void)fleet.touch("m1", clock.now(), poll, {generation, 1});
        };
        polls(7);
        QCOMPARE(held(), std::uint64_t{7});
        // What this master stored itself comes back to it.
        fleet.heardElsewhere({{"m1", clock.now(), poll}}, clock.now());
        QCOMPARE(held(), std::uint64_t{7});
        clock.advance(poll);
        fleet.heardElsewhere({{"m1", clock.now(), poll}}, clock.now());
        QCOMPARE(held(), std::uint64_t{0});
        polls(8);
        QCOMPARE(held(), std::uint64_t{8});
        clock.advance(poll);
        machine.lastSeen = clock.now();
        (void)fleet.follow(machine, clock.now());
        QCOMPARE(held(), std::uint64_t{0});
    }

    /// Ten thousand machines that enrol are ten thousand rows of the audit.
    void whatIsSaidAgainBeforeItIsTakenIsThereOnce() {
        EventHub hub;
        auto mailbox = hub.subscribe("", [] {});
        for (int i = 0; i < 1'000; ++i)
            hub.publish(EventKind::AuditAppended, "machine.enrol");
        hub.publish(EventKind::AuditAppended, "session.login");
        const auto events = mailbox->take();
        QCOMPARE(events.size(), std::size_t{2});
        QCOMPARE(events[0].subject, std::string("machine.enrol"));
        QCOMPARE(events[0].sequence, std::uint64_t{1'000});
        QCOMPARE(events[1].kind, EventKind::AuditAppended);
    }
};

QTEST_GUILESS_MAIN(TestFleet)
#include "tst_fleet.moc"
