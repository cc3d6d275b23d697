// SPDX-License-Identifier: Apache-2.0
#include "master/services/report_writer.h"

#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/notification.h>

#include <QTest>
#include <memory>
#include <thread>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

/// Reports of machines m0, m1, ... that all wait when the writer begins, so that they are one
/// group.
struct Group {
    absl::StatusOr<std::uint64_t>& operator[](int machine) {
        return answers.at(static_cast<std::size_t>(machine));
    }
    void write(int count) {
        answers.assign(static_cast<std::size_t>(count), absl::UnknownError("no answer"));
        absl::BlockingCounter open(count);
        for (int i = 0; i < count; ++i) {
            MachineReport report;
            report.uuid = "m" + std::to_string(i);
            report.streamId = "stream";
            report.seq = 7;
            writer.submit(report, [this, i, &open](absl::StatusOr<std::uint64_t> answer) {
                (*this)[i] = std::move(answer);
                open.DecrementCount();
            });
        }
        writer.start();
        open.Wait();
        writer.stop();
    }
    /// By a writer of its own; until it was answered.
    void store(const MachineReport& report) {
        ReportWriter one{{*database, fleet, clears, [](const auto&) {}}};
        one.start();
        absl::Notification done;
        one.submit(report, [&done](const auto&) { done.Notify(); });
        done.WaitForNotification();
        one.stop();
    }
    std::uint64_t stored(int machine) const {
        const auto found = database->state.machines.find("m" + std::to_string(machine));
        return found == database->state.machines.end() ? 0 : found->second.ackedSeq;
    }

    std::shared_ptr<storage::MemoryDatabase> database = std::make_shared<storage::MemoryDatabase>();
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    KnownBadClears clears;
    ReportWriter writer{{*database, fleet, clears, [](const auto&) {}}};
    std::vector<absl::StatusOr<std::uint64_t>> answers;
};

}  // namespace

class TestReportWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void groupIsOneTransaction() {
        Group group;
        group.write(100);
        QCOMPARE(group.database->writes, 1);
        for (int i = 0; i < 100; ++i) {
            QVERIFY(group[i].ok());
            QCOMPARE(*group[i], std::uint64_t{7});
            QCOMPARE(group.stored(i), std::uint64_t{7});
        }
    }

    /// A report that no database takes is its sender's trouble, not that of all machines.
    void reportsThatCannotBeStoredHarmNoOther() {
        Group group;
        group.database->state.unstorable = {"m3", "m64", "m99"};
        group.write(100);
        for (int i = 0; i < 100; ++i) {
            const bool bad = i == 3 || i == 64 || i == 99;
            QCOMPARE(group[i].ok(), !bad);
            QCOMPARE(group.stored(i), std::uint64_t{bad ? 0U : 7U});
            if (bad) {
                QCOMPARE(group[i].status().code(), absl::StatusCode::kInvalidArgument);
                QCOMPARE(base::errorInfo(group[i].status()).reason, std::string("TEXT_INVALID"));
            }
        }
        // By halves, not one by one.
        QVERIFY2(group.database->writes < 50, std::to_string(group.database->writes).c_str());
    }

    /// Of the rising sequences of a full report each would be the next one, and 26 GB of them fit
    /// into a queue that counts reports.
    void aMachineHasOneReportInTheQueue() {
        Group group;
        absl::Mutex mutex;
        std::vector<absl::StatusOr<std::uint64_t>> answers;
        std::vector<std::thread> callers;
        for (std::uint64_t seq = 1; seq <= 100; ++seq) {
            callers.emplace_back([&, seq] {
                MachineReport report;
                report.uuid = "m0";
                report.streamId = "stream";
                report.seq = seq;
                report.full = true;
                group.writer.submit(std::move(report), [&](absl::StatusOr<std::uint64_t> answer) {
                    const absl::MutexLock lock(&mutex);
                    answers.push_back(std::move(answer));
                });
            });
        }
        for (std::thread& caller : callers)
            caller.join();
        QCOMPARE(group.writer.waiting(), std::size_t{1});
        QCOMPARE(answers.size(), std::size_t{99});
        for (const auto& answer : answers) {
            QCOMPARE(base::errorInfo(answer.status()).reason, std::string("REPORT_WAITING"));
            QCOMPARE(answer.status().code(), absl::StatusCode::kResourceExhausted);
            QVERIFY(base::callDetails(answer.status()).retryAfter.count() > 0);
        }
        MachineReport other;
        other.uuid = "m1";
        other.seq = 1;
        absl::BlockingCounter open(2);
        group.writer.submit(other, [&](const absl::StatusOr<std::uint64_t>& answer) {
            if (answer.ok()) open.DecrementCount();
        });
        QCOMPARE(group.writer.waiting(), std::size_t{2});
        group.writer.start();
        // What was stored makes room for the next of the same machine.
        while (group.writer.waiting() > 0)
            std::this_thread::yield();
        MachineReport later;
        later.uuid = "m0";
        later.streamId = "stream";
        later.seq = 101;
        group.writer.submit(later, [&](const absl::StatusOr<std::uint64_t>& answer) {
            if (answer.ok()) open.DecrementCount();
        });
        open.Wait();
        group.writer.stop();
        QCOMPARE(group.stored(0), std::uint64_t{101});
    }

    void theQueueIsLimitedByBytesToo() {
        Group group;
        ReportWriter writer{{*group.database, group.fleet, group.clears, [](const auto&) {},
                             nullptr, 20'000, 2'000, 1U << 20}};
        int refused = 0;
        for (int i = 0; i < 100; ++i) {
            MachineReport report;
            report.uuid = "m" + std::to_string(i);
            report.seq = 1;
            domain::MachineEvent event;
            event.message = std::string(100'000, 'x');
            report.events.push_back(event);
            writer.submit(report, [&](const absl::StatusOr<std::uint64_t>& answer) {
                if (!answer.ok()) ++refused;
            });
        }
        QCOMPARE(writer.waiting(), std::size_t{10});
        QCOMPARE(refused, 90);
        writer.start();
        writer.stop();
        QCOMPARE(writer.waiting(), std::size_t{0});
    }

    /// Whoever reports before it was told says nothing of the clear: the version may have gone bad
    /// after that report was made.
    /// After a wide retry all of them obey in the same minute, and every report of the cluster
    /// waits for this one thread.
    void clearsOfAGroupGoAtOnce() {
        Group group;
        group.write(100);
        for (int i = 0; i < 100; ++i)
            group.database->state.clears["m" + std::to_string(i)] = {{"d1", 1}};
        group.clears.load(group.database->state.clears);
        const int before = group.database->writes;
        ReportWriter writer{{*group.database, group.fleet, group.clears, [](const auto&) {}}};
        absl::BlockingCounter open(100);
        for (int i = 0; i < 100; ++i) {
            MachineReport report;
            report.uuid = "m" + std::to_string(i);
            report.streamId = "stream";
            report.seq = 8;
            report.obeyedClears = {1};
            writer.submit(report, [&open](const auto&) { open.DecrementCount(); });
        }
        writer.start();
        open.Wait();
        writer.stop();
        QVERIFY(group.database->state.clears.empty());
        QCOMPARE(group.database->writes, before + 2);
    }

    void aClearEndsWithAReportFromAfterItWasTold() {
        Group group;
        StoredMachine machine;
        machine.facts.uuid = "m0";
        machine.facts.machineType = "LINUX";
        group.fleet.load({machine}, {}, {});
        group.database->state.machines["m0"] = machine;
        const domain::KnownBadClear d1{"d1", 1};
        const domain::KnownBadClear d2{"d2", 2};
        const domain::KnownBadClear d3{"d3", 3};
        group.database->state.clears["m0"] = {d1, d2};
        group.clears.load(group.database->state.clears);
        const auto report = [&group](std::uint64_t seq, const std::vector<std::string>& bad,
                                     const std::vector<std::uint64_t>& obeyed = {}) {
            MachineReport out;
            out.uuid = "m0";
            out.streamId = "stream";
            out.seq = seq;
            domain::AgentReport agent;
            agent.agent = "logd";
            agent.knownBad = bad;
            out.agents = {agent};
            out.obeyedClears = obeyed;
            group.store(out);
        };
        using Clears = std::vector<domain::KnownBadClear>;
        report(1, {});
        QCOMPARE(group.clears.tell("m0"), (Clears{d1, d2}));
        // Its answer was lost, or it was on its way: it still names one.
        report(2, {"d1"});
        QCOMPARE(group.database->state.clears["m0"], Clears{d1});
        // Given while the other is under way: not told yet.
        group.clears.add("m0", d3);
        group.database->state.clears["m0"].push_back(d3);
        report(3, {});
        QCOMPARE(group.database->state.clears["m0"], Clears{d3});
        QCOMPARE(group.clears.tell("m0"), Clears{d3});
        // It went bad again at once.
        report(4, {"d3"}, {3});
        QVERIFY(group.database->state.clears.empty());
        QVERIFY(group.clears.tell("m0").empty());
    }

    /// It ended through another master, and is given again there: told anew before anything counts.
    void aClearThatEndedElsewhereIsNotTold() {
        using Clears = std::vector<domain::KnownBadClear>;
        const domain::KnownBadClear d1{"d1", 1};
        const domain::KnownBadClear d2{"d2", 2};
        const domain::KnownBadClear again{"d1", 3};
        KnownBadClears clears;
        const auto load = [&clears](const Clears& all) { clears.load({{"m0", all}}); };
        load({d1, d2});
        QCOMPARE(clears.tell("m0"), (Clears{d1, d2}));
        load({d2});
        load({again, d2});
        QCOMPARE(clears.settle("m0", {}), Clears{d2});
        QCOMPARE(clears.tell("m0"), Clears{again});
        QCOMPARE(clears.settle("m0", {}), Clears{again});
    }

    /// Another master stored the machine's next report while this one waited.
    void whatWasFollowedMeanwhileIsNotGoneBackFrom() {
        Group group;
        absl::Mutex order;
        ReportWriter writer{
            {*group.database, group.fleet, group.clears, [](const auto&) {}, &order}};
        MachineReport late;
        late.uuid = "m0";
        late.streamId = "stream";
        late.seq = 7;
        absl::Notification done;
        {
            const absl::MutexLock lock(&order);
            writer.submit(late, [&done](const auto&) { done.Notify(); });
            writer.start();
            while (writer.waiting() > 0)
                std::this_thread::yield();
            StoredMachine there;
            there.facts.uuid = "m0";
            there.streamId = "stream";
            there.ackedSeq = 8;
            group.database->state.machines["m0"] = there;
            group.fleet.follow(there, {});
        }
        done.WaitForNotification();
        writer.stop();
        QCOMPARE(group.fleet.find("m0")->record->stored.ackedSeq, std::uint64_t{8});
        QCOMPARE(group.stored(0), std::uint64_t{8});
    }

    void databaseAwayIsSaidToAllAtOnce() {
        Group group;
        group.database->down = absl::UnavailableError("locked");
        group.write(100);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(group[i].status().code(), absl::StatusCode::kUnavailable);
    }
};

QTEST_GUILESS_MAIN(TestReportWriter)
#include "tst_report_writer.moc"
