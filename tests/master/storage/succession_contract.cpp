// SPDX-License-Identifier: Apache-2.0
// A release goes back after the one that followed it: as the state machine says, in the database.
#include <algorithm>
#include <utility>

#include "master/release/state_machine.h"
#include "master/release/succession.h"
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

using domain::Level;
using domain::ReleaseState;
using domain::ReleaseVerb;
using release::Model;

constexpr char kMachine[] = "m-1";

release::Target targetOf(const PackageRecord& package) {
    return {domain::DesiredAction::Install, package.version, package.manifestDigest};
}

Model draftOf(const std::string& id, std::uint64_t number, const PackageRecord& to) {
    Model out = releaseOf(id, number);
    out.release.spec.machineTypes = {"LINUX"};
    out.release.spec.version = to.version;
    return out;
}

/// One event, as the engine commits it; `atMillis` is the clock.
absl::Status take(Database& database, Model& model, const release::Event& event,
                  std::int64_t atMillis) {
    Model after = model;
    IFRIT_ASSIGN_OR_RETURN(const release::Effects effects,
                           release::apply(after, event, at(atMillis)));
    IFRIT_RETURN_IF_ERROR(database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t generation, t.desired().nextGeneration());
        auto edits = effects.desired;
        for (auto& edit : edits)
            edit.row.entry.generation = generation;
        IFRIT_RETURN_IF_ERROR(t.desired().editAll(edits));
        IFRIT_RETURN_IF_ERROR(t.releases().put(after));
        return t.releases().putProgress(after.release.id, {after.machines.at(kMachine)});
    }));
    model = std::move(after);
    return absl::OkStatus();
}

/// In gray, so that an abort pins the machine; it runs `from` and then `to`.
absl::Status startAndMove(Database& database, Model& model, const PackageRecord& from,
                          const PackageRecord& to, std::int64_t atMillis,
                          const std::optional<release::Target>& pinned = std::nullopt) {
    release::StartInput input;
    input.planId = "plan";
    input.stages = {{domain::StageKind::Gray, 0}, {domain::StageKind::Full, 0}};
    input.targets["LINUX"] = targetOf(to);
    input.previous["LINUX"] = targetOf(from);
    input.newestStamp = at(atMillis - 1);
    release::MachineProgress machine;
    machine.uuid = kMachine;
    machine.machineType = "LINUX";
    machine.stage = domain::StageKind::Gray;
    machine.runningDigest = from.manifestDigest;
    machine.pinned = pinned;
    input.machines = {machine};
    release::VerbGiven start{ReleaseVerb::Start, "ada", "go", input};
    IFRIT_RETURN_IF_ERROR(take(database, model, start, atMillis));
    domain::AgentReport report;
    report.agent = model.release.spec.agent;
    report.runningVersion = to.version;
    report.runningDigest = to.manifestDigest;
    report.state = domain::MachineState::Healthy;
    report.releaseId = model.release.id;
    return take(database, model, release::Reported{kMachine, report}, atMillis + 1);
}

absl::Status act(Database& database, Model& model, ReleaseVerb verb, std::int64_t atMillis) {
    release::VerbGiven event{verb, "ada", "because", std::nullopt};
    const absl::Status listed = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.releases().list());
        release::Heads heads;
        for (const Model& head : all)
            heads[head.release.id] = std::make_shared<const Model>(head);
        event.rolledBackSince = release::rolledBackSince(model, heads);
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(listed);
    return take(database, model, event, atMillis);
}

/// "level/release/version" of each row.
std::vector<std::string> rowsOf(Database& database) {
    std::vector<std::string> out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto rows, t.desired().rows());
        for (const auto& row : rows.rows)
            out.push_back(fmt::format("{}/{}/{}", static_cast<int>(row.entry.level),
                                      row.entry.releaseId, row.entry.version));
        return absl::OkStatus();
    });
    if (!status.ok()) out = {base::messageOf(status)};
    std::sort(out.begin(), out.end());
    return out;
}

using Rows = std::vector<std::string>;

}  // namespace

void checkARollbackBehindAnother(const OpenDatabase& open) {
    const auto database = open();
    const PackageRecord one = packageOf("exporter", "1.0", 'a');
    const PackageRecord two = packageOf("exporter", "2.0", 'b');
    const PackageRecord three = packageOf("exporter", "3.0", 'c');
    compose::DesiredRow settled;
    settled.machineType = "LINUX";
    settled.entry.agent = "exporter";
    settled.entry.version = one.version;
    settled.entry.manifestDigest = one.manifestDigest;
    settled.entry.timestamp = at(1);
    settled.entry.releaseId = "r-0";
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        for (const PackageRecord& package : {one, two, three})
            IFRIT_RETURN_IF_ERROR(t.packages().put(package));
        return t.desired().edit({release::DesiredEdit::Kind::Put, settled, ""});
    }));

    // The first is aborted in gray, and its machine is held on 2.0.
    Model first = draftOf("r-1", 1, two);
    VERIFY_OK(startAndMove(*database, first, one, two, 10));
    VERIFY_OK(act(*database, first, ReleaseVerb::Abort, 20));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-0/1.0", "3/r-1/2.0"}));
    // The second goes through full, which takes that away, and back; its clock runs ahead.
    Model second = draftOf("r-2", 2, three);
    VERIFY_OK(startAndMove(*database, second, one, three, 9'000, targetOf(two)));
    VERIFY_OK(act(*database, second, ReleaseVerb::PromoteAll, 9'010));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-2/3.0"}));
    VERIFY_OK(act(*database, second, ReleaseVerb::Rollback, 9'020));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-2/1.0", "3/r-2/2.0"}));
    VERIFY_OK(take(*database, second, release::PresenceChanged{kMachine, true}, 9'021));
    VERIFY_OK(take(*database, second, release::Ticked{}, 9'030));
    QVERIFY(second.release.state == ReleaseState::RolledBack);

    // Nothing held what the first had replaced, and it was deleted: refused, and all is as it was.
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        settled.entry.action = domain::DesiredAction::Uninstall;
        settled.entry.version = settled.entry.manifestDigest = "";
        IFRIT_RETURN_IF_ERROR(t.desired().edit({release::DesiredEdit::Kind::Put, settled, ""}));
        return t.packages().erase(one.manifestDigest);
    }));
    const auto other = open();
    VERIFY_REASON(act(*other, first, ReleaseVerb::Rollback, 100), "PACKAGE_UNKNOWN");
    QCOMPARE(rowsOf(*database), (Rows{"1/r-0/", "3/r-2/2.0"}));
    VERIFY_OK(database->transact([&](Transaction& t) { return t.packages().put(one); }));
    // By another master, whose clock is behind what the second had stamped.
    VERIFY_OK(act(*other, first, ReleaseVerb::Rollback, 100));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-1/1.0"}));
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto rows, t.desired().rows());
        const bool wins = rows.rows.front().entry.timestamp > second.standingStamp &&
                          rows.rows.front().entry.generation == rows.generation;
        return wins ? absl::OkStatus() : absl::InternalError("it is older than what it replaces");
    }));
}

}  // namespace ifrit::master::storage
