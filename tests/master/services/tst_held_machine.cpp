// SPDX-License-Identifier: Apache-2.0
#include "master/services/held_machine.h"

#include <malloc.h>

#include <QTest>

#include "master/services/fleet.h"

using namespace ifrit;
using namespace ifrit::master::services;

namespace {

domain::AgentReport fullReport() {
    domain::AgentReport out;
    out.agent = "exporter";
    out.runningVersion = "1.0";
    out.runningDigest = std::string(64, 'a');
    out.desiredVersion = "1.1";
    out.desiredDigest = std::string(64, 'b');
    out.releaseId = "release";
    out.state = domain::MachineState::Degraded;
    out.step = "downloading 62 %";
    out.attempt = 3;
    out.pid = 17;
    out.restarts = 4;
    out.crashLooping = true;
    out.since = base::fromUnixMillis(1);
    out.nextRetry = base::fromUnixMillis(2);
    out.deadline = base::fromUnixMillis(3);
    out.lastError =
        domain::AgentError{"PROBE_FAILED", "it says 500", "watching", 2, base::fromUnixMillis(4)};
    out.sample = {12.5, 1'000'000};
    out.integrity = domain::Integrity::Repaired;
    out.integrityNote = "bin/exporter was changed";
    out.knownBad = {std::string(64, 'c')};
    return out;
}

domain::AgentReport healthy(int number) {
    domain::AgentReport out;
    out.agent = "agent-" + std::to_string(number);
    out.state = domain::MachineState::Healthy;
    out.runningVersion = out.desiredVersion = "4.2.1";
    out.runningDigest = out.desiredDigest = std::string(64, char('a' + number));
    out.releaseId = "5f0c7c1e-6a5b-4e55-9d0e-2f6d6d9b2a10";
    out.pid = 1'000 + number;
    out.sample = {0.5, 30'000'000};
    out.integrity = domain::Integrity::Intact;
    return out;
}

domain::MachineFacts factsOf(const std::string& uuid) {
    domain::MachineFacts out;
    out.uuid = uuid;
    out.machineType = "LINUX";
    out.pin = "an account of some length";
    out.labels = {{"zone", "eu-central-1b"}, {"tier", "backend"}};
    out.address = "10.101.102.103";
    out.hostname = "ip-10-101-102-103.eu-central-1.internal";
    out.kernel = "6.1.0-18-cloud-amd64";
    out.libc = "glibc 2.36";
    out.architecture = "x86_64";
    out.ifritVersion = "0.9.0+g1234567890";
    return out;
}

std::string uuidOf(int number) {
    const std::string digits = std::to_string(1'000'000'000 + number);
    return "5f0c7c1e-6a5b-4e55-9d0e-00" + digits;
}

}  // namespace

class TestHeldMachine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingOfAReportIsLost() {
        const domain::AgentReport full = fullReport();
        QVERIFY(HeldAgent(full).report() == full);
        QVERIFY(HeldAgent(healthy(1)).report() == healthy(1));
        QVERIFY(HeldAgent(domain::AgentReport()).report() == domain::AgentReport());
        // Each that makes an agent unwell, by itself.
        for (int part = 0; part < 6; ++part) {
            domain::AgentReport one = healthy(1);
            if (part == 0) one.step = full.step;
            if (part == 1) one.nextRetry = full.nextRetry;
            if (part == 2) one.deadline = full.deadline;
            if (part == 3) one.lastError = full.lastError;
            if (part == 4) one.integrityNote = full.integrityNote;
            if (part == 5) one.knownBad = full.knownBad;
            QVERIFY(HeldAgent(one).report() == one);
        }
        const domain::MachineFacts facts = factsOf("m1");
        QVERIFY(domain::MachineFacts(HeldFacts(facts)) == facts);
    }

    void reportsAreMerged() {
        StoredMachine stored;
        stored.facts = factsOf("m1");
        stored.agents = {healthy(1), healthy(3)};
        HeldMachine machine(stored);
        MachineReport report;
        report.uuid = "m1";
        report.streamId = "s";
        report.seq = 7;
        report.agents = {healthy(2), healthy(3)};
        report.agents[1].state = domain::MachineState::Failed;
        report.removedAgents = {"agent-1"};
        merge(machine, report);
        QCOMPARE(machine.agents.size(), std::size_t{2});
        QVERIFY(machine.agents[0].report() == report.agents[0]);
        QVERIFY(machine.agents[1].report() == report.agents[1]);
        QCOMPARE(machine.ackedSeq, std::uint64_t{7});
        QVERIFY(domain::MachineFacts(machine.facts) == stored.facts);
        report.full = true;
        report.removedAgents = {};
        report.agents = {healthy(0)};
        merge(machine, report);
        QCOMPARE(machine.agents.size(), std::size_t{1});
    }

    /// As an earlier master stored them.
    void moreAgentsThanAMachineHasAreLeftOut() {
        StoredMachine stored;
        stored.facts = factsOf("m1");
        for (int i = 1'000; i < 5'480; ++i) {
            stored.agents.push_back(healthy(1));
            stored.agents.back().agent = "agent-" + std::to_string(i);
        }
        HeldMachine machine(stored);
        QCOMPARE(machine.agents.size(), std::size_t{64});
        QCOMPARE(machine.agents.back().names->agent, std::string("agent-1063"));
        MachineReport report;
        report.uuid = "m1";
        report.agents = {healthy(2)};
        report.agents[0].agent = "agent-0";
        merge(machine, report);
        QCOMPARE(machine.agents.size(), std::size_t{64});
        QVERIFY(isFullFor(machine, "agent-2000"));
        QVERIFY(!isFullFor(machine, "agent-1000"));
        QCOMPARE(machine.agents.capacity(), std::size_t{64});
    }

    void whatManySayIsThereOnce() {
        const HeldAgent one(healthy(1));
        const HeldAgent other(healthy(1));
        QCOMPARE(&one.names.get(), &other.names.get());
        QCOMPARE(&*HeldFacts(factsOf("a")).labels, &*HeldFacts(factsOf("b")).labels);
        QVERIFY(sizeof(HeldAgent) <= 64);
    }

    /// The limit of a registered machine's memory, with four agents and what is usual of texts.
    void aMachineWithFourAgentsTakesAKilobyte() {
        constexpr int kMachines = 5'000;
        constexpr double kMost = 1'024;
        std::vector<StoredMachine> all;
        for (int i = 0; i < kMachines; ++i) {
            StoredMachine machine;
            machine.facts = factsOf(uuidOf(i));
            machine.agents = {healthy(0), healthy(1), healthy(2), healthy(3)};
            machine.streamId = uuidOf(kMachines + i);
            all.push_back(machine);
        }
        const auto ring = std::make_shared<domain::HashRing>(domain::RingSpec{20, 1'024, 1});
        const auto bytes = [] { return ::mallinfo2().uordblks + ::mallinfo2().hblkhd; };
        const std::size_t before = bytes();
        Fleet fleet(ring);
        fleet.load(all, base::fromUnixMillis(1), {std::chrono::hours(1)});
        const double each = static_cast<double>(bytes() - before) / kMachines;
        QVERIFY2(each <= kMost, qPrintable(QStringLiteral("%1 bytes").arg(each)));
        // And it is given back.
        for (const StoredMachine& machine : all)
            fleet.remove(machine.facts.uuid);
        QCOMPARE(fleet.size(), std::size_t{0});
        qInfo("%.0f bytes for each machine", each);
    }
};

QTEST_GUILESS_MAIN(TestHeldMachine)
#include "tst_held_machine.moc"
