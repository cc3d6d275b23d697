// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

std::vector<ChangeRecord> changesOf(Database& database, std::uint64_t after) {
    std::vector<ChangeRecord> out;
    (void)database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, t.masters().changesAfter(after, 1'000));
        return absl::OkStatus();
    });
    return out;
}

/// "kind subject" of each, in order; all are of the master that the contract opens as.
std::vector<std::string> told(const std::vector<ChangeRecord>& changes) {
    static const char* const kNames[] = {"machine",     "clears", "release", "package",
                                         "certificate", "audit",  "presence"};
    std::vector<std::string> out;
    for (const ChangeRecord& change : changes) {
        std::string text = kNames[static_cast<int>(change.kind)];
        text += " " + change.subject;
        if (change.origin != kContractOrigin) text += " of " + change.origin;
        out.push_back(text);
    }
    return out;
}

}  // namespace

void checkLeaseIsOneRow(const OpenDatabase& open) {
    const auto first = open();
    const auto second = open();
    LeaseRecord lease;
    const auto look = [&lease](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(lease, t.masters().lease());
        return absl::OkStatus();
    };
    VERIFY_OK(first->read(look));
    QCOMPARE(lease, LeaseRecord{});
    const LeaseRecord held{"a", "[::1]:7443", 3, 9};
    VERIFY_OK(first->transact([&](Transaction& t) { return t.masters().putLease(held); }));
    VERIFY_OK(second->read(look));
    QCOMPARE(lease, held);
    // From many threads of two masters, as many takings as were committed: each saw the one before.
    std::atomic<int> failures{0};
    const auto take = [&failures](Database& database) {
        for (int i = 0; i < 20; ++i) {
            const absl::Status status = database.transact([](Transaction& t) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(LeaseRecord now, t.masters().lease());
                ++now.token;
                return t.masters().putLease(now);
            });
            if (!status.ok()) ++failures;
        }
    };
    std::thread other([&] { take(*second); });
    take(*first);
    other.join();
    QCOMPARE(failures.load(), 0);
    VERIFY_OK(first->read(look));
    QCOMPARE(lease.token, std::uint64_t{43});
}

void checkMembers(const OpenDatabase& open) {
    const auto database = open();
    const MemberRecord a{"a", "host:1", "1.0", at(1), 1};
    MemberRecord b{"b", "host:2", "1.0", at(2), 1};
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.masters().put(b));
        return t.masters().put(a);
    }));
    b.beats = 5;
    b.address = "host:3";
    VERIFY_OK(database->transact([&](Transaction& t) { return t.masters().put(b); }));
    std::vector<MemberRecord> all;
    const auto list = [&all](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(all, t.masters().list());
        return absl::OkStatus();
    };
    VERIFY_OK(database->read(list));
    QVERIFY((all == std::vector<MemberRecord>{a, b}));
    VERIFY_OK(database->transact([](Transaction& t) { return t.masters().erase("a"); }));
    VERIFY_OK(database->transact([](Transaction& t) { return t.masters().erase("a"); }));
    VERIFY_OK(database->read(list));
    QVERIFY((all == std::vector<MemberRecord>{b}));
}

void checkChangesAreNoted(const OpenDatabase& open) {
    const auto database = open();
    const auto reader = open();
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("m1"), at(1)));
        IFRIT_RETURN_IF_ERROR(t.machines().putClearKnownBad("m1", {std::string(64, 'a'), 1}));
        IFRIT_RETURN_IF_ERROR(t.packages().put(packageOf("exporter", "1", 'b')));
        return t.releases().put(releaseOf("r1", 1));
    }));
    const std::string digest(64, 'b');
    const auto first = changesOf(*reader, 0);
    QCOMPARE(told(first), (std::vector<std::string>{"machine m1", "clears m1", "release r1",
                                                    "package " + digest}));
    const std::uint64_t seen = first.back().sequence;
    // What changed nothing that others hold, and what was not committed, is no change.
    VERIFY_OK(database->transact([](Transaction& t) {
        return t.machines().putLastSeen({{"m1", at(9)}});
    }));
    const absl::Status broken = database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("m2"), at(1)));
        return absl::AbortedError("no");
    });
    QVERIFY(!broken.ok());
    QVERIFY(changesOf(*reader, seen).empty());
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        MachineReport report;
        report.uuid = "m1";
        report.streamId = "s";
        report.seq = 1;
        report.agents = {reportOfAgent("exporter", domain::MachineState::Healthy)};
        IFRIT_RETURN_IF_ERROR(t.machines().putReport(report));
        IFRIT_RETURN_IF_ERROR(t.machines().eraseClearKnownBad("m1", {"d1", 1}));
        IFRIT_RETURN_IF_ERROR(t.presences().put({{"m1", 7, at(1), false, false, "a", at(2), {}}}));
        return t.certificates().revokeAllOf("machine", "m1", at(2), "lost").status();
    }));
    QCOMPARE(
        told(changesOf(*reader, seen)),
        (std::vector<std::string>{"machine m1", "clears m1", "certificate m1", "presence m1"}));
}

void checkChangesArePruned(const OpenDatabase& open) {
    const auto database = open();
    for (int i = 0; i < 5; ++i) {
        VERIFY_OK(database->transact([i](Transaction& t) {
            return t.machines().enrol(factsOf("m" + std::to_string(i)), at(i));
        }));
    }
    ChangeSpan span;
    const auto look = [&span](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(span, t.masters().changeSpan());
        return absl::OkStatus();
    };
    VERIFY_OK(database->read(look));
    QCOMPARE(span.last - span.first, std::uint64_t{4});
    const std::uint64_t last = span.last;
    VERIFY_OK(database->transact(
        [last](Transaction& t) { return t.masters().pruneChanges(last).status(); }));
    VERIFY_OK(database->read(look));
    QCOMPARE(span, (ChangeSpan{last, last}));
    // Numbers go on.
    VERIFY_OK(database->transact(
        [](Transaction& t) { return t.machines().enrol(factsOf("m9"), at(9)); }));
    QCOMPARE(changesOf(*database, last).size(), std::size_t{1});
}

void checkMachinesInBulk(const OpenDatabase& open) {
    const auto database = open();
    std::vector<std::string> uuids = {"unknown"};
    VERIFY_OK(database->transact([&uuids](Transaction& t) -> absl::Status {
        for (int i = 0; i < 300; ++i) {
            const std::string uuid = "m" + std::to_string(i);
            IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf(uuid), at(i)));
            MachineReport report;
            report.uuid = uuid;
            report.streamId = "s";
            report.seq = 1;
            report.receivedAt = at(1'000 + i);
            report.agents = {reportOfAgent("b", domain::MachineState::Healthy),
                             reportOfAgent("a", domain::MachineState::Failed)};
            IFRIT_RETURN_IF_ERROR(t.machines().putReport(report));
            if (i % 3 == 0) uuids.push_back(uuid);
        }
        return absl::OkStatus();
    }));
    std::vector<StoredMachine> found;
    std::vector<MachineStore::LastSeen> seen;
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(found, t.machines().findAll(uuids));
        IFRIT_ASSIGN_OR_RETURN(seen, t.machines().lastSeen());
        for (const StoredMachine& machine : found) {
            IFRIT_ASSIGN_OR_RETURN(const auto alone, t.machines().find(machine.facts.uuid));
            const bool same = alone && alone->facts == machine.facts &&
                              alone->agents == machine.agents &&
                              alone->lastSeen == machine.lastSeen;
            if (!same) return absl::InternalError(machine.facts.uuid);
        }
        return absl::OkStatus();
    }));
    QCOMPARE(found.size(), std::size_t{100});
    QCOMPARE(found.front().agents.size(), std::size_t{2});
    QCOMPARE(seen.size(), std::size_t{300});
    QVERIFY(std::find(seen.begin(), seen.end(), MachineStore::LastSeen{"m299", at(1'299)}) !=
            seen.end());
}

}  // namespace ifrit::master::storage
