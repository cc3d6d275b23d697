// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <stdexcept>
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

void checkChainsFromManyThreads(const OpenDatabase& open) {
    // The audit's head is read, then moved: the one who reads it keeps others from it.
    const auto one = open();
    const auto two = open();
    constexpr int kThreads = 4;
    constexpr int kEach = 20;
    std::vector<absl::Status> statuses(kThreads);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            Database& database = i % 2 == 0 ? *one : *two;
            for (int j = 0; j < kEach && statuses[i].ok(); ++j) {
                statuses[i] = database.transact([](Transaction& t) -> absl::Status {
                    // A look at the chain before: what it saw must not be what the head is then.
                    IFRIT_RETURN_IF_ERROR(t.audit().read(0, 1).status());
                    IFRIT_ASSIGN_OR_RETURN(const AuditHead head, t.audit().head());
                    AuditRow row;
                    row.id = head.id + 1;
                    row.entry.at = at(1);
                    row.previousHash = head.hash;
                    row.hash = std::string(31, 'h') + static_cast<char>(row.id);
                    return t.audit().append(row);
                });
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    for (const absl::Status& status : statuses)
        VERIFY_OK(status);
    std::vector<AuditRow> rows;
    VERIFY_OK(one->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, t.audit().read(0, 1'000));
        return absl::OkStatus();
    }));
    QCOMPARE(rows.size(), std::size_t{kThreads} * kEach);
    for (std::size_t i = 1; i < rows.size(); ++i)
        QVERIFY(rows[i].previousHash == rows[i - 1].hash);
}

void checkExceptionLeavesNothing(const OpenDatabase& open) {
    const auto database = open();
    const absl::Status status = database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("m-1"), at(1)));
        throw std::runtime_error("a library threw");
    });
    QCOMPARE(status.code(), absl::StatusCode::kInternal);
    QVERIFY(base::messageOf(status).find("a library threw") != std::string::npos);
    // The next transaction begins on a clean connection, and what was thrown away stays away.
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto machine, t.machines().find("m-1"));
        return machine ? absl::InternalError("it is there") : absl::OkStatus();
    }));
}

void checkReadIsOneView(const OpenDatabase& open) {
    const auto database = open();
    const auto other = open();
    std::vector<std::uint64_t> seen;
    VERIFY_OK(database->read([&](Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t first, view.desired().generation());
        absl::Status written;
        std::thread writer([&] {
            written = other->transact(
                [](Transaction& t) { return t.desired().nextGeneration().status(); });
        });
        writer.join();
        IFRIT_RETURN_IF_ERROR(written);
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t second, view.desired().generation());
        seen = {first, second};
        return absl::OkStatus();
    }));
    QCOMPARE(seen, (std::vector<std::uint64_t>{0, 0}));
    VERIFY_OK(database->read([&](Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t third, view.desired().generation());
        seen = {third};
        return absl::OkStatus();
    }));
    QCOMPARE(seen, (std::vector<std::uint64_t>{1}));
}

}  // namespace ifrit::master::storage
