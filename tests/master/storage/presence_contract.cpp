// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

PresenceRecord presence(const std::string& uuid, std::uint64_t instance, std::int64_t seen) {
    return {uuid, instance, at(1), true, false, "10.0.0.7:40312", at(seen), {}};
}

std::vector<PresenceRecord> rowsOf(Database& database, const std::vector<std::string>& uuids) {
    std::vector<PresenceRecord> out;
    (void)database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, t.presences().findAll(uuids));
        return absl::OkStatus();
    });
    return out;
}

absl::Status put(Database& database, const std::vector<PresenceRecord>& rows) {
    return database.transact([&](Transaction& t) { return t.presences().put(rows); });
}

}  // namespace

void checkPresences(const OpenDatabase& open) {
    const auto database = open();
    constexpr std::uint64_t kHigh = 18'000'000'000'000'000'000U;
    PresenceRecord first = presence("m-1", kHigh, 5);
    first.refused = true;
    first.beside = {3, kHigh};
    const PresenceRecord second = presence("m-1", 3, 6);
    const PresenceRecord others = presence("m-2", 3, 7);
    VERIFY_OK(put(*database, {others, second, first}));
    VERIFY_OK(put(*database, {}));
    const auto all = rowsOf(*open(), {"m-1", "m-2", "m-3"});
    QCOMPARE(all.size(), std::size_t{3});
    // By uuid; the order of instances is their bits' and of no meaning.
    QVERIFY(all[2] == others);
    QVERIFY((all[0] == first && all[1] == second) || (all[0] == second && all[1] == first));
    QVERIFY((rowsOf(*database, {"m-2"}) == std::vector<PresenceRecord>{others}));

    PresenceRecord newer = first;
    newer.refused = false;
    newer.seen = at(9);
    newer.beside.clear();
    VERIFY_OK(put(*database, {newer}));
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.presences().erase({}));
        return t.presences().erase({second, presence("m-2", kHigh, 1)});
    }));
    QVERIFY((rowsOf(*database, {"m-1", "m-2"}) == std::vector<PresenceRecord>{newer, others}));

    // They go with their machine.
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf("m-1"), at(1)));
        return t.machines().erase("m-1");
    }));
    QVERIFY((rowsOf(*database, {"m-1", "m-2"}) == std::vector<PresenceRecord>{others}));
}

void checkPresencesInBulk(const OpenDatabase& open) {
    const auto database = open();
    std::vector<PresenceRecord> rows;
    std::vector<std::string> uuids;
    for (int i = 0; i < 1'500; ++i) {
        uuids.push_back("m-" + std::to_string(i));
        rows.push_back(presence(uuids.back(), std::uint64_t(i) + 1, i));
        rows.push_back(presence(uuids.back(), 0x8000'0000'0000'0000U + std::uint64_t(i), i));
    }
    VERIFY_OK(put(*database, rows));
    QCOMPARE(rowsOf(*database, uuids).size(), rows.size());
    const std::vector<PresenceRecord> gone(rows.begin(), rows.begin() + 2'001);
    VERIFY_OK(database->transact([&](Transaction& t) { return t.presences().erase(gone); }));
    const auto left = rowsOf(*database, uuids);
    QCOMPARE(left.size(), rows.size() - gone.size());
    for (const PresenceRecord& row : left)
        QVERIFY(std::find(gone.begin(), gone.end(), row) == gone.end());
}

}  // namespace ifrit::master::storage
