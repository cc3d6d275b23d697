// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

absl::Status add(Database& database, CampaignRecord& record) {
    return database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(record.number, t.campaigns().nextNumber());
        return t.campaigns().add(record);
    });
}

CampaignRecord newCampaign(const char* id) {
    CampaignRecord out;
    out.id = id;
    out.digest = std::string(64, 'a');
    out.document = std::string("\x00\xff\n'\"", 5);
    out.step = 1;
    out.imported = {"ada", at(10), "why 'not'"};
    return out;
}

CampaignRecord found(Database& database, const std::string& id) {
    CampaignRecord out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto record, t.campaigns().find(id));
        if (record) out = *record;
        return absl::OkStatus();
    });
    if (!status.ok()) out.id = base::messageOf(status);
    return out;
}

std::vector<std::string> idsBelow(Database& database, std::uint64_t below, std::size_t limit) {
    std::vector<std::string> out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.campaigns().list(below, limit));
        for (const CampaignRecord& record : all)
            out.push_back(record.document.empty() ? "no document" : record.id);
        return absl::OkStatus();
    });
    if (!status.ok()) out = {base::messageOf(status)};
    return out;
}

}  // namespace

void checkCampaigns(const OpenDatabase& open) {
    const auto database = open();
    CampaignRecord first = newCampaign("c-1");
    CampaignRecord second = newCampaign("c-2");
    // Larger than what a short text column would take.
    second.document = std::string(900'000, 'x');
    VERIFY_OK(add(*database, first));
    VERIFY_OK(add(*database, second));
    CampaignRecord again = newCampaign("c-1");
    QCOMPARE(base::errorInfo(add(*database, again)).reason, std::string("CAMPAIGN_EXISTS"));
    QVERIFY((found(*open(), "c-1") == first));
    QVERIFY((found(*open(), "c-2") == second));
    QVERIFY(found(*database, "c-3").id.empty());
    QCOMPARE(idsBelow(*database, UINT64_MAX, 5), (std::vector<std::string>{"c-2", "c-1"}));
    QCOMPARE(idsBelow(*database, UINT64_MAX, 1), (std::vector<std::string>{"c-2"}));
    QCOMPARE(idsBelow(*database, second.number, 5), (std::vector<std::string>{"c-1"}));

    const auto update = [&](const CampaignRecord& record) {
        return database->transact([&](Transaction& t) { return t.campaigns().update(record); });
    };
    first.releaseId = "r-1";
    first.previous = ReceiptRecord{std::string("\x08\x00\x01", 3), "sig"};
    first.presented = {"bob", at(20), ""};
    first.own = ReceiptRecord{"own", std::string("\x00", 1)};
    first.aborted = CampaignDeed{"eve", at(30), "no"};
    first.open = false;
    VERIFY_OK(update(first));
    VERIFY_OK(update(first));
    QVERIFY((found(*open(), "c-1") == first));
    QCOMPARE(base::errorInfo(update(newCampaign("c-9"))).reason, std::string("CAMPAIGN_UNKNOWN"));

    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto of, t.campaigns().findByRelease("r-1"));
        IFRIT_ASSIGN_OR_RETURN(const auto none, t.campaigns().findByRelease("r-2"));
        IFRIT_ASSIGN_OR_RETURN(const auto opened, t.campaigns().listOpen());
        CampaignRecord bare = first;
        bare.document.clear();
        CampaignRecord bareSecond = second;
        bareSecond.document.clear();
        const bool exact = of && *of == bare && !none && opened == std::vector{bareSecond};
        return exact ? absl::OkStatus() : absl::InternalError("as stored");
    }));
}

}  // namespace ifrit::master::storage
