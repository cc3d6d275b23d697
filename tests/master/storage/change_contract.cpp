// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

absl::Status put(Database& database, const release::PermitRecord& permit) {
    return database.transact([&](Transaction& t) { return t.changes().putPermit(permit); });
}

std::vector<release::PermitRecord> since(Database& database, base::WallTime after) {
    std::vector<release::PermitRecord> out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, t.changes().permitsSince(after));
        return absl::OkStatus();
    });
    if (!status.ok()) out = {{"failed", base::messageOf(status), {}, false, false}};
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.uuid < b.uuid; });
    return out;
}

}  // namespace

void checkPermits(const OpenDatabase& open) {
    const auto database = open();
    const release::PermitRecord first{"m-1", "r-1", at(10), true, false};
    const release::PermitRecord second{"m-2", "r-1", at(20), false, true};
    VERIFY_OK(put(*database, first));
    VERIFY_OK(put(*database, second));
    QVERIFY((since(*open(), at(0)) == std::vector{first, second}));
    QVERIFY((since(*database, at(10)) == std::vector{second}));
    // The newest of a machine and release alone.
    const release::PermitRecord again{"m-1", "r-1", at(30), true, true};
    VERIFY_OK(put(*database, again));
    QVERIFY((since(*database, at(0)) == std::vector{again, second}));
    VERIFY_OK(put(*database, {"m-1", "r-2", at(31), true, false}));
    QCOMPARE(since(*database, at(0)).size(), std::size_t{3});
    std::uint64_t gone = 0;
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(gone, t.changes().prunePermits(at(30)));
        return absl::OkStatus();
    }));
    QCOMPARE(gone, std::uint64_t{1});
    QCOMPARE(since(*database, at(0)).size(), std::size_t{2});
}

void checkFreezes(const OpenDatabase& open) {
    const auto database = open();
    const domain::FreezeMark mark{"f-1", "ada", "it burns", at(5), "[::1]:7", "ctl", "q-1"};
    const domain::FreezeMark other{"f-2", "bob", "again", at(6), "", "", ""};
    const auto add = [&](const domain::FreezeMark& it) {
        return database->transact([&](Transaction& t) { return t.changes().addFreeze(it); });
    };
    VERIFY_OK(add(mark));
    QCOMPARE(add(mark).code(), absl::StatusCode::kAlreadyExists);
    VERIFY_OK(add(other));
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.changes().openFreezes());
        IFRIT_ASSIGN_OR_RETURN(const auto one, t.changes().findFreeze("f-1"));
        IFRIT_ASSIGN_OR_RETURN(const auto none, t.changes().findFreeze("f-3"));
        const bool exact =
            all == std::vector{mark, other} && one && one->mark == mark && !one->lifted && !none;
        return exact ? absl::OkStatus() : absl::InternalError("as stored");
    }));
    std::uint64_t lifted = 0;
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(lifted, t.changes().liftFreezes("eve", "over", at(9)));
        return absl::OkStatus();
    }));
    QCOMPARE(lifted, std::uint64_t{2});
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.changes().openFreezes());
        IFRIT_ASSIGN_OR_RETURN(const auto one, t.changes().findFreeze("f-1"));
        const bool exact = all.empty() && one && one->lifted == at(9) && one->liftedBy == "eve" &&
                           one->liftReason == "over";
        return exact ? absl::OkStatus() : absl::InternalError("as lifted");
    }));
    // One that was lifted stays known, so that a late notice of it freezes nothing again.
    QCOMPARE(add(mark).code(), absl::StatusCode::kAlreadyExists);
}

}  // namespace ifrit::master::storage
