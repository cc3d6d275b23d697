// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>
#include <vector>

#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {

void checkErrorLeavesNothing(const OpenDatabase& open) {
    const auto database = open();
    const absl::Status refused = base::failedPrecondition("NO", "", "no");
    const absl::Status status = database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("m-1"), at(1)));
        IFRIT_RETURN_IF_ERROR(t.desired().nextGeneration().status());
        return refused;
    });
    VERIFY_REASON(status, "NO");
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto machine, t.machines().find("m-1"));
        if (machine) return absl::InternalError("the machine stayed");
        IFRIT_ASSIGN_OR_RETURN(const auto generation, t.desired().generation());
        return generation == 0 ? absl::OkStatus() : absl::InternalError("the generation stayed");
    }));
}

void checkFailedStatementDoomsTransaction(const OpenDatabase& open) {
    const auto database = open();
    compose::DesiredRow row;
    row.entry.agent = "exporter";
    row.entry.version = "9";
    row.entry.manifestDigest = std::string(64, 'f');
    row.machineType = "LINUX";
    const absl::Status status = database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("m-1"), at(1)));
        // Somebody forgets to look at the result.
        (void)t.desired().edit({release::DesiredEdit::Kind::Put, row, ""});
        return absl::OkStatus();
    });
    QVERIFY(!status.ok());
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto machine, t.machines().find("m-1"));
        return machine ? absl::InternalError("half of it was committed") : absl::OkStatus();
    }));
}

void checkReadCannotWrite(const OpenDatabase& open) {
    const auto database = open();
    QVERIFY(
        !database->read([](Transaction& t) { return t.machines().enrol(factsOf("m-1"), at(1)); })
             .ok());
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto machine, t.machines().find("m-1"));
        return machine ? absl::InternalError("a read wrote") : absl::OkStatus();
    }));
}

void checkNestedTransactionIsRefused(const OpenDatabase& open) {
    const auto database = open();
    absl::Status inner;
    VERIFY_OK(database->transact([&](Transaction&) {
        inner = database->transact([](Transaction&) { return absl::OkStatus(); });
        return absl::OkStatus();
    }));
    VERIFY_REASON(inner, "NESTED_TRANSACTION");
}

void checkWritersFromManyThreads(const OpenDatabase& open) {
    // Two views of one store, as two masters have, and threads on both.
    const auto one = open();
    const auto two = open();
    constexpr int kThreads = 8;
    constexpr int kEach = 25;
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            Database& database = i % 2 == 0 ? *one : *two;
            for (int j = 0; j < kEach; ++j) {
                const absl::Status status = database.transact(
                    [](Transaction& t) { return t.desired().nextGeneration().status(); });
                if (!status.ok()) ++failures;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    std::uint64_t generation = 0;
    VERIFY_OK(two->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(generation, t.desired().generation());
        return absl::OkStatus();
    }));
    QCOMPARE(generation, std::uint64_t{kThreads} * kEach);
}

void checkTextIsKeptExactlyOrRejected(const OpenDatabase& open) {
    const auto database = open();
    const std::vector<std::string> kept = {"o'brien",
                                           "a\"b\\c",
                                           "line\nbreak\ttab\r",
                                           "\xf0\x9f\x94\xa5 fire",
                                           "'; DROP TABLE machines; --",
                                           "%_?{name}",
                                           std::string(65'536, 'x'),
                                           "\xc3\xa9\x01",
                                           " trailing ",
                                           "A",
                                           "a"};
    for (std::size_t i = 0; i < kept.size(); ++i) {
        domain::MachineFacts facts = factsOf("m-" + std::to_string(i));
        facts.pin = kept[i];
        facts.hostname = kept[i];
        facts.labels = {{kept[i], kept[i]}};
        VERIFY_OK(
            database->transact([&](Transaction& t) { return t.machines().enrol(facts, at(1)); }));
        std::optional<StoredMachine> back;
        VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(back, t.machines().find(facts.uuid));
            return absl::OkStatus();
        }));
        QVERIFY(back.has_value());
        QVERIFY(back->facts == facts);
    }
    for (const std::string& bad :
         {std::string("nul\0inside", 10), std::string("\xff\xfe"), std::string("\xed\xa0\x80")}) {
        domain::MachineFacts facts = factsOf("bad");
        facts.hostname = bad;
        VERIFY_REASON(
            database->transact([&](Transaction& t) { return t.machines().enrol(facts, at(1)); }),
            "TEXT_INVALID");
    }
    // Uuids differ also where only case does.
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("ABC"), at(1)));
        return t.machines().enrol(factsOf("abc"), at(1));
    }));
}

}  // namespace ifrit::master::storage
