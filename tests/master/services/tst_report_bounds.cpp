// SPDX-License-Identifier: Apache-2.0
#include "master/services/report_bounds.h"

#include <absl/synchronization/notification.h>

#include <QTest>
#include <memory>

#include "master/services/report_writer.h"
#include "shared/domain/machine_limits.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

constexpr std::size_t kMost = domain::kMaxAgentsPerMachine;
const base::WallTime kStart = base::fromUnixMillis(1'700'000'000'000);

MachineReport delta(std::uint64_t seq, base::WallTime at = kStart) {
    MachineReport out;
    out.uuid = "m0";
    out.streamId = "stream";
    out.seq = seq;
    out.receivedAt = at;
    return out;
}

void addAgents(MachineReport& report, std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count; ++i)
        report.agents.emplace_back().agent = "agent-" + std::to_string(i);
}

void addEvents(MachineReport& report, int count, std::size_t bytes) {
    for (int i = 0; i < count; ++i)
        report.events.push_back({"crashed", "logd", "1", std::string(bytes, 'x'), kStart});
}

/// A machine that reports to a master.
struct Reporting {
    Reporting() { writer.start(); }
    ~Reporting() { writer.stop(); }
    std::uint64_t send(MachineReport report) {
        absl::Notification done;
        std::uint64_t acked = 0;
        writer.submit(std::move(report), [&](const absl::StatusOr<std::uint64_t>& answer) {
            acked = answer.value_or(0);
            done.Notify();
        });
        done.WaitForNotification();
        return acked;
    }
    std::size_t held() const { return fleet.find("m0")->record->stored.agents.size(); }
    std::size_t stored() const { return database->state.machines.at("m0").agents.size(); }
    std::vector<domain::MachineEvent> events() const {
        std::vector<domain::MachineEvent> out;
        for (const auto& [uuid, stored] : database->state.events)
            out.push_back(stored.event);
        return out;
    }
    std::size_t bytes() const {
        std::size_t out = 0;
        for (const domain::MachineEvent& event : events())
            out += event.message.size();
        return out;
    }
    std::uint64_t told() const {
        std::uint64_t out = 0;
        for (const domain::MachineEvent& event : events())
            if (event.kind == "events-left-out") out += std::stoull(event.message);
        return out;
    }

    std::shared_ptr<storage::MemoryDatabase> database = std::make_shared<storage::MemoryDatabase>();
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    KnownBadClears clears;
    ReportWriter writer{{*database, fleet, clears, [](const auto&) {}}};
};

}  // namespace

class TestReportBounds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// 64 agents a report, and 70 reports that each name others.
    void deltasDoNotAddUp() {
        Reporting machine;
        for (std::uint64_t seq = 1; seq <= 70; ++seq) {
            MachineReport report = delta(seq);
            addAgents(report, seq * kMost, kMost);
            QCOMPARE(machine.send(report), seq);
        }
        QCOMPARE(machine.held(), kMost);
        QCOMPARE(machine.stored(), kMost);
        const auto events = machine.events();
        QCOMPARE(events.size(), std::size_t{69});
        QCOMPARE(events[0].kind, std::string("agents-left-out"));
        QCOMPARE(events[0].agent, std::string("agent-128"));
        const std::string& said = events[0].message;
        QVERIFY2(said.find("64 agents beyond the 64") != std::string::npos &&
                     said.find("agent-128, agent-129") != std::string::npos,
                 said.c_str());
    }

    void whoIsFullGoesOnTellingOfWhatItHas() {
        Reporting machine;
        MachineReport first = delta(1);
        addAgents(first, 100, kMost);
        machine.send(first);
        MachineReport news = delta(2);
        addAgents(news, 100, 1);
        news.agents[0].state = domain::MachineState::Degraded;
        // In the place of one that goes.
        addAgents(news, 500, 1);
        news.removedAgents = {"agent-163"};
        machine.send(news);
        QVERIFY(machine.events().empty());
        QCOMPARE(machine.held(), kMost);
        const auto agents = machine.fleet.find("m0")->record->stored.agents;
        QCOMPARE(agents.front().state, domain::MachineState::Degraded);
        QCOMPARE(agents.back().names->agent, std::string("agent-500"));
        // A full report begins anew.
        MachineReport full = delta(3);
        full.full = true;
        addAgents(full, 700, kMost);
        machine.send(full);
        QVERIFY(machine.events().empty());
        QCOMPARE(machine.stored(), kMost);
    }

    /// 256 events of 4 KB with each report, ten reports a second.
    void eventsOfOneMachineAreBounded() {
        Reporting machine;
        for (std::uint64_t seq = 1; seq <= 100; ++seq) {
            MachineReport report = delta(seq);
            addEvents(report, 256, 4'000);
            QCOMPARE(machine.send(std::move(report)), seq);
        }
        const std::size_t burst = machine.bytes();
        QVERIFY(burst <= ReportBounds::kBurstBytes);
        QVERIFY(burst >= ReportBounds::kBurstBytes * 9 / 10);
        const auto first = static_cast<std::uint64_t>(machine.events().size());
        // In an hour its share of that, and first of all how many there were.
        MachineReport later = delta(101, kStart + hours(1));
        addEvents(later, 256, 4'000);
        machine.send(std::move(later));
        QVERIFY(machine.bytes() - burst <= ReportBounds::kBytesPerHour);
        QVERIFY(machine.bytes() > burst);
        std::uint64_t kept = 0;
        for (const domain::MachineEvent& event : machine.events())
            kept += event.kind == "crashed" ? 1 : 0;
        QCOMPARE(machine.told() + kept, std::uint64_t{101 * 256});
        QVERIFY(machine.events().size() > first);
        // Nor does it go for saying so.
        QVERIFY(machine.events().size() - kept < 5);
    }

    void anotherMachineIsNotHeldBack() {
        ReportBounds bounds;
        MachineReport loud = delta(1);
        addEvents(loud, 2'000, 4'000);
        bounds.charge(loud, bounds.cut(loud, nullptr));
        QVERIFY(loud.events.size() < 2'000);
        MachineReport other = delta(1);
        other.uuid = "m1";
        addEvents(other, 256, 4'000);
        bounds.cut(other, nullptr);
        QCOMPARE(other.events.size(), std::size_t{256});
    }

    /// It comes again, and is no more than it was.
    void whatCouldNotBeStoredCostsNothing() {
        ReportBounds bounds;
        for (int i = 0; i < 100; ++i) {
            MachineReport report = delta(1);
            addEvents(report, 256, 4'000);
            bounds.cut(report, nullptr);
            QCOMPARE(report.events.size(), std::size_t{256});
        }
        QCOMPARE(bounds.size(), std::size_t{0});
    }

    void theAllowanceFillsUp() {
        ReportBounds bounds;
        const auto spend = [&bounds](base::WallTime at, int events = 2'000) {
            MachineReport report = delta(1, at);
            addEvents(report, events, 4'000);
            const ReportBounds::Cost cost = bounds.cut(report, nullptr);
            bounds.charge(report, cost);
            return cost.bytes;
        };
        QVERIFY(spend(kStart) > ReportBounds::kBurstBytes * 9 / 10);
        // In small steps as in a large one, and a clock that was put back gives nothing.
        QVERIFY(spend(kStart - hours(5)) < 512);
        std::size_t inSteps = 0;
        for (int i = 1; i <= 7'200; ++i)
            inSteps += spend(kStart - hours(5) + std::chrono::milliseconds(500) * i, 2);
        QVERIFY2(inSteps > ReportBounds::kBytesPerHour * 8 / 10 &&
                     inSteps < ReportBounds::kBytesPerHour * 11 / 10,
                 std::to_string(inSteps).c_str());
        QVERIFY(spend(kStart + hours(24)) > ReportBounds::kBurstBytes * 9 / 10);
    }

    void whoIsWholeAgainIsForgotten() {
        ReportBounds bounds;
        for (int i = 0; i < 5'000; ++i) {
            MachineReport report = delta(1, kStart + hours(i));
            report.uuid = "m" + std::to_string(i);
            addEvents(report, 1, 100);
            bounds.charge(report, bounds.cut(report, nullptr));
        }
        QVERIFY(bounds.size() < 2'048);
    }
};

QTEST_GUILESS_MAIN(TestReportBounds)
#include "tst_report_bounds.moc"
