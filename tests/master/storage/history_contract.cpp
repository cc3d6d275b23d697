// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

std::vector<release::MachineProgress> machinesOf(std::size_t count) {
    std::vector<release::MachineProgress> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i].uuid = fmt::format("m-{:03}", i);
    return out;
}

absl::StatusOr<std::uint64_t> erase(Database& database, const std::string& id, std::size_t limit) {
    std::uint64_t erased = 0;
    const absl::Status status = database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(erased, t.releases().eraseProgress(id, limit));
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return erased;
}

/// Uuids of what is left, with commas.
std::string leftOf(Database& database, const std::string& id) {
    std::string out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto left, t.releases().loadProgress(id));
        for (const auto& [uuid, machine] : left)
            out += uuid + ",";
        return absl::OkStatus();
    });
    return status.ok() ? out : base::messageOf(status);
}

absl::StatusOr<bool> isStoodOn(Database& database, const release::Model& model) {
    bool out = false;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, t.releases().hasDependents(model));
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

}  // namespace

void checkMachinesThatChangeAlike(const OpenDatabase& open) {
    const auto database = open();
    std::map<std::string, release::MachineProgress> stored;
    std::vector<release::MachineProgress> rows = machinesOf(600);
    for (release::MachineProgress& row : rows) {
        row.opened = row.uuid < "m-300";
        if (row.opened) row.openedAt = at(1);
        stored[row.uuid] = row;
    }
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.releases().put(releaseOf("r-1", 1)));
        IFRIT_RETURN_IF_ERROR(t.releases().put(releaseOf("r-2", 2)));
        IFRIT_RETURN_IF_ERROR(t.releases().putProgress("r-2", rows));
        return t.releases().putProgress("r-1", rows);
    }));
    for (release::MachineProgress& row : rows) {
        row.outcome = domain::Outcome::Aborted;
        row.reason = "ABORTED";
        row.message = "it \"burns\"";
        row.since = at(9);
        row.deadline.reset();
        if (!row.opened) row.openedAt = at(9);
        row.opened = true;
    }
    // Some have more to be stored, one is like no other, and one is new.
    rows[3].unheard = true;
    rows[4].inFlight = true;
    rows[5].runningVersion = "7";
    rows[6].pinned = release::Target{domain::DesiredAction::Install, "1", std::string(64, 'a')};
    rows[7].message = "alone";
    rows.push_back(machinesOf(601).back());
    VERIFY_OK(database->transact(
        [&](Transaction& t) { return t.releases().moveProgress("r-1", stored, rows); }));
    std::map<std::string, release::MachineProgress> expected;
    for (const release::MachineProgress& row : rows)
        expected[row.uuid] = row;
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto moved, t.releases().loadProgress("r-1"));
        IFRIT_ASSIGN_OR_RETURN(const auto others, t.releases().loadProgress("r-2"));
        if (others != stored) return absl::InternalError("another release's stay");
        return moved == expected ? absl::OkStatus() : absl::InternalError("each as it is now");
    }));
}

void checkReleaseHistoryGoesInParts(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.releases().put(releaseOf("r-1", 1)));
        IFRIT_RETURN_IF_ERROR(t.releases().put(releaseOf("r-2", 2)));
        IFRIT_RETURN_IF_ERROR(t.releases().putProgress("r-1", machinesOf(7)));
        IFRIT_RETURN_IF_ERROR(
            t.releases().appendTimeline("r-1", {{at(1), "started", "alice", "go"}}));
        return t.releases().putProgress("r-2", machinesOf(2));
    }));
    QCOMPARE(erase(*database, "r-1", 3).value(), std::uint64_t{3});
    QCOMPARE(leftOf(*open(), "r-1"), std::string("m-003,m-004,m-005,m-006,"));
    QCOMPARE(erase(*database, "r-1", 3).value(), std::uint64_t{3});
    QCOMPARE(erase(*database, "r-1", 3).value(), std::uint64_t{1});
    QCOMPARE(erase(*database, "r-1", 3).value(), std::uint64_t{0});
    QCOMPARE(leftOf(*database, "r-1"), std::string());
    // Nothing of another one, and the release itself stays.
    QCOMPARE(leftOf(*database, "r-2"), std::string("m-000,m-001,"));
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.releases().find("r-1"));
        IFRIT_ASSIGN_OR_RETURN(const auto timeline, t.releases().loadTimeline("r-1"));
        return found && timeline.size() == 1 ? absl::OkStatus() : absl::InternalError("stays");
    }));
    // Of a transaction that fails nothing is gone.
    QVERIFY(!database
                 ->transact([](Transaction& t) -> absl::Status {
                     IFRIT_RETURN_IF_ERROR(t.releases().eraseProgress("r-2", 9).status());
                     return absl::CancelledError("not yet");
                 })
                 .ok());
    QCOMPARE(leftOf(*database, "r-2"), std::string("m-000,m-001,"));
}

void checkWhatStandsOnARelease(const OpenDatabase& open) {
    const auto database = open();
    const PackageRecord package = packageOf("exporter", "2.0", 'a');
    release::Model model = releaseOf("r-1", 1);
    model.targets["LINUX"] = {domain::DesiredAction::Install, "2.0", package.manifestDigest};
    model.targets["CONTAINER"] = {domain::DesiredAction::Uninstall, "", ""};
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.packages().put(package));
        return t.releases().put(model);
    }));
    QVERIFY(!isStoodOn(*database, model).value());

    release::DesiredEdit full;
    full.row.entry.level = domain::Level::Full;
    full.row.entry.agent = "exporter";
    full.row.entry.action = domain::DesiredAction::Uninstall;
    full.row.entry.releaseId = "r-1";
    full.row.machineType = "LINUX";
    VERIFY_OK(database->transact([&](Transaction& t) { return t.desired().edit(full); }));
    QVERIFY(isStoodOn(*database, model).value());
    QVERIFY(!isStoodOn(*database, releaseOf("r-2", 2)).value());
    // Another one has settled the agent.
    full.row.entry.releaseId = "r-2";
    VERIFY_OK(database->transact([&](Transaction& t) { return t.desired().edit(full); }));
    QVERIFY(!isStoodOn(*database, model).value());

    domain::MachineFacts facts;
    facts.uuid = "m-1";
    facts.machineType = "LINUX";
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().enrol(facts, at(1)));
        return t.machines().putClearKnownBad("m-1", {package.manifestDigest, 1});
    }));
    QVERIFY(isStoodOn(*database, model).value());
    VERIFY_OK(database->transact([&](Transaction& t) { return t.machines().erase("m-1"); }));
    QVERIFY(!isStoodOn(*database, model).value());

    CampaignRecord campaign;
    campaign.id = "c-1";
    campaign.number = 1;
    campaign.digest = std::string(64, 'c');
    campaign.document = "document";
    campaign.releaseId = "r-1";
    VERIFY_OK(database->transact([&](Transaction& t) { return t.campaigns().add(campaign); }));
    QVERIFY(isStoodOn(*database, model).value());
    campaign.open = false;
    VERIFY_OK(database->transact([&](Transaction& t) { return t.campaigns().update(campaign); }));
    QVERIFY(!isStoodOn(*database, model).value());
}

}  // namespace ifrit::master::storage
