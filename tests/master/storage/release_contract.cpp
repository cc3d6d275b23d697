// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

using domain::Level;
using release::DesiredEdit;

compose::DesiredRow rowOf(Level level, const std::string& releaseId, std::int64_t stamp) {
    compose::DesiredRow row;
    row.entry.level = level;
    row.entry.agent = "exporter";
    row.entry.action = domain::DesiredAction::UninstallPurge;
    row.entry.timestamp = at(stamp);
    row.entry.generation = 7;
    row.entry.releaseId = releaseId;
    row.machineType = "LINUX";
    if (level == Level::Gray) row.machineUuid = "m-1";
    if (level == Level::Hash) row.batch = 3;
    if (level == Level::Hash) row.entry.pilotLimit = 0xF000'0000'0000'0001;
    if (level == Level::Hash) row.entry.downloadRate = 1ULL << 40U;
    return row;
}

absl::Status edit(Database& database, const DesiredEdit& change) {
    return database.transact([&](Transaction& t) { return t.desired().edit(change); });
}

absl::Status putRow(Database& database, const compose::DesiredRow& row) {
    return edit(database, {DesiredEdit::Kind::Put, row, ""});
}

/// "level/release/stamp" of each row, for comparing.
std::vector<std::string> rowsOf(Database& database) {
    std::vector<std::string> out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto rows, t.desired().rows());
        for (const auto& row : rows.rows) {
            out.push_back(fmt::format("{}/{}/{}", static_cast<int>(row.entry.level),
                                      row.entry.releaseId, (row.entry.timestamp - at(0)).count()));
        }
        return absl::OkStatus();
    });
    if (!status.ok()) out = {base::messageOf(status)};
    std::sort(out.begin(), out.end());
    return out;
}

using Rows = std::vector<std::string>;

}  // namespace

void checkDesiredRows(const OpenDatabase& open) {
    const auto database = open();
    compose::DesiredRow gray = rowOf(Level::Gray, "r-1", 10);
    VERIFY_OK(putRow(*database, gray));
    VERIFY_OK(putRow(*database, rowOf(Level::Hash, "r-1", 10)));
    VERIFY_OK(putRow(*database, rowOf(Level::Full, "r-0", 5)));
    VERIFY_OK(putRow(*database, rowOf(Level::Gray, "r-2", 20)));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-0/5", "2/r-1/10", "3/r-1/10", "3/r-2/20"}));
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.desired().rows());
        for (const compose::DesiredRow& row : all.rows) {
            const auto& entry = row.entry;
            const auto put = rowOf(entry.level, entry.releaseId, 0).entry;
            if (entry.pilotLimit != put.pilotLimit || entry.downloadRate != put.downloadRate)
                return absl::InternalError("a row is not as it was put");
        }
        return absl::OkStatus();
    }));
    // The full row is one for agent and type, whichever release wrote it.
    VERIFY_OK(putRow(*database, rowOf(Level::Full, "r-1", 10)));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-1/10", "2/r-1/10", "3/r-1/10", "3/r-2/20"}));

    VERIFY_OK(edit(*database, {DesiredEdit::Kind::EraseOlderGray, rowOf(Level::Full, "", 20), ""}));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-1/10", "3/r-2/20"}));
    VERIFY_OK(edit(*database, {DesiredEdit::Kind::EraseOfRelease, {}, "r-1"}));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-1/10", "3/r-2/20"}));
    VERIFY_OK(edit(*database, {DesiredEdit::Kind::EraseOfRelease, {}, "r-2"}));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-1/10"}));
    VERIFY_OK(edit(*database, {DesiredEdit::Kind::EraseFull, rowOf(Level::Full, "", 0), ""}));
    QVERIFY(rowsOf(*database).empty());

    // Of one machine: neither another's nor what names none.
    compose::DesiredRow others = rowOf(Level::Gray, "r-3", 30);
    others.machineUuid = "m-2";
    VERIFY_OK(putRow(*database, rowOf(Level::Gray, "r-1", 10)));
    VERIFY_OK(putRow(*database, rowOf(Level::Gray, "r-2", 20)));
    VERIFY_OK(putRow(*database, rowOf(Level::Full, "r-0", 5)));
    VERIFY_OK(putRow(*database, others));
    VERIFY_OK(edit(*database, {DesiredEdit::Kind::EraseOfMachine, rowOf(Level::Gray, "", 0), ""}));
    QCOMPARE(rowsOf(*database), (Rows{"1/r-0/5", "3/r-3/30"}));
    VERIFY_OK(edit(*database, {DesiredEdit::Kind::EraseFull, rowOf(Level::Full, "", 0), ""}));
    VERIFY_OK(edit(*database, {DesiredEdit::Kind::EraseOfMachine, others, ""}));
    QVERIFY(rowsOf(*database).empty());

    // Many at once are done in their order: what is put before an erasure goes with it.
    std::vector<DesiredEdit> many;
    for (const char* release : {"r-1", "r-2"}) {
        for (int i = 0; i < 40; ++i) {
            compose::DesiredRow row = rowOf(Level::Gray, release, 10);
            row.machineUuid = "m-" + std::to_string(i % 30);
            many.push_back({DesiredEdit::Kind::Put, row, ""});
        }
        many.push_back({DesiredEdit::Kind::EraseOfRelease, {}, "r-1"});
    }
    many.push_back({DesiredEdit::Kind::Put, rowOf(Level::Full, "r-0", 5), ""});
    const auto editMany = [&](const std::vector<DesiredEdit>& edits) {
        return database->transact([&](Transaction& t) { return t.desired().editAll(edits); });
    };
    VERIFY_OK(editMany(many));
    Rows expected(30, "3/r-2/10");
    expected.insert(expected.begin(), "1/r-0/5");
    QCOMPARE(rowsOf(*database), expected);
    // So are erasures of many machines, also of who is named twice or has no row.
    many.clear();
    for (int i = 0; i < 40; ++i) {
        compose::DesiredRow gone = rowOf(Level::Gray, "", 0);
        gone.machineUuid = "m-" + std::to_string(i % 35);
        many.push_back({DesiredEdit::Kind::EraseOfMachine, gone, ""});
    }
    for (int i = 0; i < 30; ++i) {
        compose::DesiredRow row = rowOf(Level::Gray, "r-2", 10);
        row.machineUuid = "m-" + std::to_string(i);
        many.push_back({DesiredEdit::Kind::Put, row, ""});
    }
    VERIFY_OK(editMany(many));
    QCOMPARE(rowsOf(*database), expected);
    compose::DesiredRow last = rowOf(Level::Gray, "", 0);
    last.machineUuid = "m-29";
    VERIFY_OK(editMany({{DesiredEdit::Kind::EraseOfMachine, last, ""}}));
    expected.pop_back();
    QCOMPARE(rowsOf(*database), expected);
    // One of them that cannot be leaves all as it was, and is named.
    many = {{DesiredEdit::Kind::EraseOfRelease, {}, "r-2"},
            {DesiredEdit::Kind::Put, rowOf(Level::Gray, "r-3", 10), ""}};
    compose::DesiredRow unknown = rowOf(Level::Gray, "r-4", 10);
    unknown.entry.manifestDigest = std::string(64, 'f');
    many.push_back({DesiredEdit::Kind::Put, unknown, ""});
    const absl::Status refused = editMany(many);
    VERIFY_REASON(refused, "PACKAGE_UNKNOWN");
    QVERIFY2(base::errorInfo(refused).subject == unknown.entry.manifestDigest,
             refused.ToString().c_str());
    QCOMPARE(rowsOf(*database), expected);
    VERIFY_OK(editMany({{DesiredEdit::Kind::EraseOfRelease, {}, "r-2"},
                        {DesiredEdit::Kind::EraseFull, rowOf(Level::Full, "", 0), ""}}));
    VERIFY_OK(editMany({}));
    QVERIFY(rowsOf(*database).empty());

    // Every field comes back, a digest included.
    const PackageRecord package = packageOf("exporter", "1.0", 'a');
    gray.entry.action = domain::DesiredAction::Install;
    gray.entry.version = package.version;
    gray.entry.manifestDigest = package.manifestDigest;
    VERIFY_REASON(putRow(*database, gray), "PACKAGE_UNKNOWN");
    VERIFY_OK(database->transact([&](Transaction& t) { return t.packages().put(package); }));
    VERIFY_OK(putRow(*database, gray));
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto rows, t.desired().rows());
        const bool exact = rows.rows.size() == 1 && rows.rows[0].entry == gray.entry &&
                           rows.rows[0].machineUuid == gray.machineUuid &&
                           rows.rows[0].machineType == gray.machineType &&
                           rows.rows[0].batch == gray.batch;
        return exact ? absl::OkStatus() : absl::InternalError("as stored");
    }));
}

void checkGenerationGrows(const OpenDatabase& open) {
    std::uint64_t last = 0;
    for (int i = 0; i < 3; ++i) {
        const auto database = open();
        std::uint64_t next = 0;
        VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(next, t.desired().nextGeneration());
            return absl::OkStatus();
        }));
        QVERIFY(next > last);
        last = next;
        VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto rows, t.desired().rows());
            return rows.generation == last ? absl::OkStatus() : absl::InternalError("with rows");
        }));
    }
}

void checkReleaseRoundTrip(const OpenDatabase& open) {
    const auto database = open();
    const PackageRecord package = packageOf("exporter", "2.0", 'a');
    VERIFY_OK(database->transact([&](Transaction& t) { return t.packages().put(package); }));
    release::Model model = releaseOf("r-1", 1);
    const auto put = [&] {
        return database->transact([&](Transaction& t) { return t.releases().put(model); });
    };
    const auto back = [&]() -> std::optional<release::Model> {
        std::optional<release::Model> out;
        const absl::Status status = database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, t.releases().find("r-1"));
            return absl::OkStatus();
        });
        return status.ok() ? out : std::nullopt;
    };
    QVERIFY(!back().has_value());
    VERIFY_OK(put());
    QVERIFY(back() == model);

    model.release.state = domain::ReleaseState::Halted;
    model.release.stage = domain::StageKind::Batch;
    model.release.haltReason = "gate";
    model.release.planId = "plan";
    model.release.started = at(2);
    model.release.ended = at(3);
    model.release.previousVersions = {{"LINUX", "1.0"}, {"CONTAINER", ""}};
    domain::StageCounts stage;
    stage.kind = domain::StageKind::Gray;
    stage.batch = 2;
    stage.targeted = 5;
    stage.outcomes = {{domain::Outcome::Ok, 3}, {domain::Outcome::Reverted, 2}};
    stage.offline = 1;
    stage.inFlight = 4;
    stage.opened = at(4);
    stage.soakUntil = at(5);
    model.release.stages = {stage, {}};
    model.targets["LINUX"] = {domain::DesiredAction::Install, "2.0", package.manifestDigest};
    model.previous["LINUX"] = std::nullopt;
    model.previous["CONTAINER"] = release::Target{domain::DesiredAction::Uninstall, "", ""};
    model.stageIndex = 1;
    model.stamp = at(6);
    model.standingStamp = at(7);
    model.stateSince = at(8);
    model.fullOpened = true;
    model.closedSince = at(9);
    model.openSince = at(10);
    model.release.approval = domain::Approval{"bob", at(1), "plan", "seen"};
    model.release.endedApproval = domain::Approval{"eve", at(0), "plan before", "seen too"};
    model.release.spec.approvalRequired = true;
    model.release.spec.lateJoinersPerMinute = 7;
    model.release.spec.downloadRate = 1ULL << 40U;
    model.release.spec.windows = {"Asia/Shanghai",
                                  {domain::parseWeeklyWindow("Fri,Mon 22:00-02:00").value(),
                                   domain::parseWeeklyWindow("daily 00:00-24:00").value()},
                                  {domain::parseDateRange("2026-12-24..2027-01-02").value()}};
    model.acceptedBad.resize(2);
    model.acceptedBad[1] = {{domain::GateKind::Bad, 4}, {domain::GateKind::Cost, 1}};
    model.pilotLimits["LINUX"] = 0xF000'0000'0000'0001;
    model.pinnedDigests = {std::string(64, 'c')};
    model.release.batch = 2;
    model.release.lastChange = domain::ReleaseChange{9, "paused", "bob \"b\"", at(11)};
    model.release.historyRemoval = domain::HistoryRemoval{at(12), 4'000, std::nullopt};
    VERIFY_OK(put());
    QVERIFY(back() == model);
    model.release.historyRemoval->ended = at(13);
    VERIFY_OK(put());
    QVERIFY(back() == model);

    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto one, t.releases().nextNumber());
        IFRIT_ASSIGN_OR_RETURN(const auto two, t.releases().nextNumber());
        if (two != one + 1) return absl::InternalError("numbers grow by one");
        return t.releases().put(releaseOf("r-2", 2));
    }));
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.releases().list());
        const bool newestFirst = all.size() == 2 && all[0].release.id == "r-2";
        return newestFirst ? absl::OkStatus() : absl::InternalError("newest first");
    }));
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto one, t.releases().idOf(1));
        IFRIT_ASSIGN_OR_RETURN(const auto two, t.releases().idOf(2));
        if (one != "r-1" || two != "r-2") return absl::InternalError("found by its number");
        for (const std::uint64_t nobodys : {std::uint64_t{0}, std::uint64_t{3}, UINT64_MAX}) {
            IFRIT_ASSIGN_OR_RETURN(const auto none, t.releases().idOf(nobodys));
            if (!none.empty()) return absl::InternalError("nobody has this number");
        }
        return absl::OkStatus();
    }));
}

void checkOneRunningReleasePerAgentAndType(const OpenDatabase& open) {
    const auto database = open();
    const auto put = [&](const release::Model& model) {
        return database->transact([&](Transaction& t) { return t.releases().put(model); });
    };
    release::Model first = releaseOf("r-1", 1);
    release::Model second = releaseOf("r-2", 2);
    VERIFY_OK(put(first));
    VERIFY_OK(put(second));
    first.release.state = domain::ReleaseState::Running;
    VERIFY_OK(put(first));
    VERIFY_OK(put(first));
    second.release.state = domain::ReleaseState::Running;
    second.release.spec.machineTypes = {"CONTAINER"};
    VERIFY_REASON(put(second), "RELEASE_CONFLICT");
    second.release.spec.machineTypes = {"WINDOWS"};
    VERIFY_OK(put(second));
    release::Model third = releaseOf("r-3", 3);
    third.release.spec.agent = "logger";
    third.release.state = domain::ReleaseState::Paused;
    VERIFY_OK(put(third));
    first.release.state = domain::ReleaseState::Done;
    VERIFY_OK(put(first));
    release::Model fourth = releaseOf("r-4", 4);
    fourth.release.state = domain::ReleaseState::RollingBack;
    VERIFY_OK(put(fourth));
}

void checkReleaseProgressAndTimeline(const OpenDatabase& open) {
    const auto database = open();
    release::MachineProgress row;
    row.uuid = "m-1";
    row.machineType = "LINUX";
    row.stage = domain::StageKind::Gray;
    row.batch = 4;
    row.outcome = domain::Outcome::Reverted;
    row.reason = "PROBE_FAILED";
    row.message = "no \"answer\"";
    row.fromVersion = "1.0";
    row.runningVersion = "1.0";
    row.runningDigest = std::string(64, 'a');
    row.state = domain::MachineState::Reverted;
    row.step = "put back";
    row.since = at(1);
    row.deadline = at(2);
    row.openedAt = at(3);
    row.offlineSince = at(4);
    row.retried = true;
    row.reportMark = INT64_MAX;
    row.pinned = release::Target{domain::DesiredAction::Install, "0.9", std::string(64, 'c')};
    row.late = true;
    row.opened = true;
    row.offline = true;
    row.inFlight = true;
    row.unheard = true;
    row.knownBad = true;
    row.before = {1.5, 20'000'000};
    row.sample = {2.25, 60'000'000};
    row.damaged = true;
    release::MachineProgress other;
    other.uuid = "m-2";
    const std::vector<release::TimelineNote> notes = {{at(1), "started", "alice", "go"},
                                                      {at(1), "gray opened", "", ""}};
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.releases().put(releaseOf("r-1", 1)));
        IFRIT_RETURN_IF_ERROR(t.releases().putProgress("r-1", {other, other}));
        IFRIT_RETURN_IF_ERROR(t.releases().putProgress("r-1", {row}));
        return t.releases().appendTimeline("r-1", notes);
    }));
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto progress, t.releases().loadProgress("r-1"));
        if (progress.size() != 2) return absl::InternalError("two machines");
        if (!(progress.at("m-1") == row)) return absl::InternalError("m-1 as stored");
        if (!(progress.at("m-2") == other)) return absl::InternalError("m-2 as stored");
        IFRIT_ASSIGN_OR_RETURN(const auto first, t.releases().loadProgress("r-1", {"", {}, 1}));
        if (first.size() != 1 || !(first[0] == row)) return absl::InternalError("first page");
        IFRIT_ASSIGN_OR_RETURN(const auto rest, t.releases().loadProgress("r-1", {"m-1", {}, 9}));
        if (rest.size() != 1 || !(rest[0] == other)) return absl::InternalError("second page");
        IFRIT_ASSIGN_OR_RETURN(const auto pending,
                               t.releases().loadProgress("r-1", {"", domain::Outcome::Pending, 9}));
        if (pending.size() != 1 || pending[0].uuid != "m-2") return absl::InternalError("pending");
        IFRIT_ASSIGN_OR_RETURN(const auto timeline, t.releases().loadTimeline("r-1"));
        const bool exact = timeline.size() == 2 && timeline[0].what == "started" &&
                           timeline[0].actor == "alice" && timeline[0].message == "go" &&
                           timeline[0].at == at(1) && timeline[1].what == "gray opened";
        IFRIT_ASSIGN_OR_RETURN(const auto nothing, t.releases().loadProgress("r-9"));
        return exact && nothing.empty() ? absl::OkStatus() : absl::InternalError("timeline");
    }));
}

}  // namespace ifrit::master::storage
