// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <memory>
#include <string>

#include "shared/codec/limits.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

constexpr int kMachines = 1'000;
constexpr std::size_t kTextBytes = 2'000;

std::string uuidOf(int machine) {
    return "m" + std::to_string(machine);
}

/// Each machine fails in words of its own, other ones each time.
void failInNewWords(services::Fleet& fleet, std::uint64_t round) {
    for (int i = 0; i < kMachines; ++i) {
        storage::MachineReport report;
        report.uuid = uuidOf(i);
        report.streamId = "s";
        report.seq = round;
        report.receivedAt = base::SystemClock().now();
        domain::AgentReport agent;
        agent.agent = "logd";
        agent.state = domain::MachineState::Failed;
        agent.lastError = domain::AgentError{};
        agent.lastError->message = std::to_string(round) + ' ' + report.uuid;
        agent.lastError->message.resize(kTextBytes, '.');
        report.agents.push_back(agent);
        (void)fleet.apply(report);
    }
}

/// As many agents as a report takes, with as much of an error.
storage::MachineReport allFailed(const std::string& uuid, std::uint64_t seq) {
    storage::MachineReport report;
    report.uuid = uuid;
    report.streamId = "s";
    report.seq = seq;
    report.receivedAt = base::SystemClock().now();
    for (std::size_t i = 0; i < codec::kMaxAgentsPerReport; ++i) {
        domain::AgentReport agent;
        agent.agent = "agent" + std::to_string(i);
        agent.state = domain::MachineState::Failed;
        agent.lastError = domain::AgentError{};
        agent.lastError->message = uuid + ' ' + agent.agent + ' ' + std::to_string(seq);
        agent.lastError->message.resize(codec::kMaxMessageBytes, '.');
        report.agents.push_back(agent);
    }
    return report;
}

/// A desktop's side of the stream: the table of texts, as it has to keep it.
struct Reader {
    explicit Reader(ServerFixture& fixture) : stub(v1::Machines::NewStub(fixture.root())) {}

    void open() {
        context = std::make_unique<grpc::ClientContext>();
        v1::WatchMachinesRequest request;
        request.set_resume_token(token);
        request.set_filter(filter);
        stream = stub->WatchMachines(context.get(), request);
    }
    void close() {
        context->TryCancel();
        v1::WatchMachinesResponse rest;
        while (stream->Read(&rest)) {
        }
        (void)stream->Finish();
    }
    bool next() {
        v1::WatchMachinesResponse update;
        if (!stream->Read(&update)) return false;
        if (update.snapshot_begins()) {
            ++snapshots;
            bytes = 0;
        }
        for (const std::string& text : update.upserts().new_strings())
            bytes += text.size();
        most = std::max(most, bytes);
        rows += update.upserts().uuid_size();
        for (const std::string& uuid : update.removed_uuids())
            removed = uuid;
        if (!update.resume_token().empty()) token = update.resume_token();
        return true;
    }
    /// The stream up to where all rows of one more round were told.
    bool readRound() {
        const int wanted = rows + kMachines;
        while (rows < wanted) {
            if (!next()) return false;
        }
        return true;
    }

    std::unique_ptr<v1::Machines::Stub> stub;
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientReader<v1::WatchMachinesResponse>> stream;
    std::string token;
    std::string filter;
    std::string removed;
    int snapshots = 0;
    int rows = 0;
    std::size_t bytes = 0;
    std::size_t most = 0;
};

}  // namespace

class TestMachineStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        const auto database = std::make_shared<storage::MemoryDatabase>();
        for (int i = 0; i < kMachines; ++i) {
            domain::MachineFacts& facts = database->state.machines[uuidOf(i)].facts;
            facts.uuid = uuidOf(i);
            facts.machineType = "LINUX";
        }
        m_fixture = std::make_unique<ServerFixture>(database);
    }

    /// A machine may say something new in every report, for months, while a desktop looks on.
    void textsThatNoMachineSaysAnyMoreAreForgotten() {
        services::Fleet& fleet = m_fixture->server->services().fleet();
        Reader reader(*m_fixture);
        reader.open();
        QVERIFY(reader.readRound());
        QCOMPARE(reader.snapshots, 1);
        const std::size_t round = kMachines * kTextBytes;
        for (std::uint64_t i = 1; i <= 12; ++i) {
            failInNewWords(fleet, i);
            QVERIFY(reader.readRound());
        }
        reader.close();
        QVERIFY2(reader.snapshots > 1, std::to_string(reader.snapshots).c_str());
        // 24 MB were said.
        QVERIFY2(reader.most <= 5 * round, std::to_string(reader.most).c_str());
    }

    /// Each machine within its limits, and all of them failing at once, in words of their own.
    void aMassIncidentComesInMessagesThatFit() {
        constexpr int kFailing = 40;
        services::Fleet& fleet = m_fixture->server->services().fleet();
        for (int i = 0; i < kFailing; ++i)
            (void)fleet.apply(allFailed(uuidOf(i), 1));
        Reader reader(*m_fixture);
        reader.open();
        QVERIFY(reader.readRound());
        QCOMPARE(reader.snapshots, 1);
        QVERIFY(reader.most > std::size_t{kFailing} * 64 * 4'096);
        // And so does the change.
        const int before = reader.rows;
        for (int i = 0; i < kFailing; ++i)
            (void)fleet.apply(allFailed(uuidOf(i), 2));
        while (reader.rows < before + kFailing)
            QVERIFY(reader.next());
        reader.close();
    }

    /// A filter has 4,000 steps at most, and these take all of them for each machine.
    void whoWatchesWithASlowFilterIsServedInTurn() {
        Reader slow(*m_fixture);
        slow.filter = "-uuid:/(.{1,30}){14}Z/";
        slow.open();
        QVERIFY(slow.readRound());
        QCOMPARE(slow.snapshots, 1);
        m_fixture->server->services().fleet().remove(uuidOf(7));
        while (slow.removed.empty())
            QVERIFY(slow.next());
        QCOMPARE(slow.removed, uuidOf(7));
        slow.close();
    }

    void whoIsRemovedOrNoLongerMatchesIsNamed() {
        services::Fleet& fleet = m_fixture->server->services().fleet();
        Reader all(*m_fixture);
        all.open();
        QVERIFY(all.readRound());
        Reader healthy(*m_fixture);
        healthy.filter = "-state:failed";
        healthy.open();
        QVERIFY(healthy.readRound());
        (void)fleet.apply(allFailed(uuidOf(5), 1));
        while (healthy.removed.empty())
            QVERIFY(healthy.next());
        QCOMPARE(healthy.removed, uuidOf(5));
        fleet.remove(uuidOf(9));
        while (all.removed.empty())
            QVERIFY(all.next());
        QCOMPARE(all.removed, uuidOf(9));
        all.close();
        healthy.close();
    }

    void norDoTheyStayWhereTheStreamBreaks() {
        services::Fleet& fleet = m_fixture->server->services().fleet();
        Reader reader(*m_fixture);
        for (std::uint64_t i = 1; i <= 12; ++i) {
            reader.open();
            failInNewWords(fleet, i);
            QVERIFY(reader.readRound());
            reader.close();
        }
        QVERIFY2(reader.snapshots > 1, std::to_string(reader.snapshots).c_str());
        QVERIFY2(reader.snapshots < 12, std::to_string(reader.snapshots).c_str());
        QVERIFY2(reader.most <= 5 * kMachines * kTextBytes, std::to_string(reader.most).c_str());
    }

private:
    std::unique_ptr<ServerFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestMachineStream)
#include "tst_machine_stream.moc"
