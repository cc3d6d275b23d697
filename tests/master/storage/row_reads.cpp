// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/row_reads.h"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "tests/master/storage/contract_data.h"

namespace ifrit::master::storage {
namespace {

constexpr std::uint64_t kMany = 4'000;
constexpr std::uint64_t kFew = 200;

std::uint64_t readBy(const std::function<std::uint64_t()>& read,
                     const std::function<absl::Status()>& look) {
    const std::uint64_t before = read();
    const absl::Status status = look();
    const std::uint64_t after = read();
    qInfo("%llu of them", static_cast<unsigned long long>(after - before));
    return status.ok() ? after - before : kMany;
}

std::string numbered(std::uint64_t number) {
    return fmt::format("{:032d}", number);
}

}  // namespace

void checkUsesReadFewRows(const OpenDatabase& open, const std::function<std::uint64_t()>& read) {
    const auto database = open();
    const PackageRecord package = packageOf("exporter", "1.0", 'a');
    VERIFY_OK(database->transact([&](Transaction& t) { return t.packages().put(package); }));
    std::vector<release::DesiredEdit> edits(kMany);
    for (std::uint64_t i = 0; i < kMany; ++i) {
        compose::DesiredRow& row = edits[i].row;
        row.entry.agent = package.agent;
        row.entry.version = package.version;
        row.entry.manifestDigest = package.manifestDigest;
        row.entry.level = domain::Level::Gray;
        row.machineType = "LINUX";
        row.machineUuid = numbered(i);
    }
    VERIFY_OK(database->transact([&](Transaction& t) { return t.desired().editAll(edits); }));
    const std::uint64_t rows = readBy(read, [&] {
        return database->read([](Transaction& t) { return t.desired().uses().status(); });
    });
    QVERIFY2(rows > 0 && rows < kFew, fmt::format("{} rows", rows).c_str());
}

void checkAuditOfAnActorReadsFewRows(const OpenDatabase& open,
                                     const std::function<std::uint64_t()>& read) {
    const auto database = open();
    const auto append = [](Transaction& t, std::uint64_t id) {
        AuditRow row;
        row.id = id;
        row.entry.actor = id % (kMany / 2) == 1 ? "eve" : "ada";
        row.previousHash = id == 1 ? std::string(32, '\0') : numbered(id - 1);
        row.hash = numbered(id);
        return t.audit().append(row);
    };
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        for (std::uint64_t id = 1; id <= kMany; ++id)
            IFRIT_RETURN_IF_ERROR(append(t, id));
        return absl::OkStatus();
    }));
    // Who did few things, and who did nearly all.
    for (const auto& [actor, expected] : {std::pair("eve", 2), std::pair("ada", 100)}) {
        std::vector<AuditRow> found;
        AuditFilter filter;
        filter.actor = actor;
        const std::uint64_t rows = readBy(read, [&] {
            return database->read([&](Transaction& t) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(found, t.audit().list(filter, 0, 100));
                return absl::OkStatus();
            });
        });
        QCOMPARE(std::ssize(found), expected);
        QVERIFY2(rows > 0 && rows < kFew, fmt::format("{} rows of {}", rows, actor).c_str());
    }
}

void checkAFullReportReadsFewEvents(const OpenDatabase& open,
                                    const std::function<std::uint64_t()>& read) {
    const auto database = open();
    VERIFY_OK(database->transact(
        [](Transaction& t) { return t.machines().enrol(factsOf("m-1"), at(1)); }));
    MachineReport report;
    report.uuid = "m-1";
    report.streamId = "a";
    report.seq = 1;
    const auto put = [&] {
        return database->transact(
            [&](Transaction& t) { return t.machines().putReports({&report}).status(); });
    };
    for (std::uint64_t i = 0; i < kMany; ++i)
        report.events.push_back({"restarted", "logd", "1", numbered(i), at(5)});
    VERIFY_OK(put());
    report.full = true;
    report.seq = 2;
    report.events.resize(1);
    const std::uint64_t rows = readBy(read, put);
    // A thousand of them, and once more as what was found.
    QVERIFY2(rows > 0 && rows < kMany * 3 / 4, fmt::format("{} rows", rows).c_str());
}

void checkAVerbOfManySaysLittle(const OpenDatabase& open,
                                const std::function<std::uint64_t()>& received) {
    const auto database = open();
    std::map<std::string, release::MachineProgress> stored;
    std::vector<release::MachineProgress> rows(kMany);
    for (std::uint64_t i = 0; i < kMany; ++i) {
        rows[i].uuid = numbered(i);
        rows[i].machineType = "LINUX";
        rows[i].since = at(1);
        stored[rows[i].uuid] = rows[i];
    }
    VERIFY_OK(database->transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.releases().put(releaseOf("r-1", 1)));
        return t.releases().putProgress("r-1", rows);
    }));
    for (release::MachineProgress& row : rows) {
        row.outcome = domain::Outcome::Aborted;
        row.since = at(2);
    }
    const std::uint64_t bytes = readBy(received, [&] {
        return database->transact(
            [&](Transaction& t) { return t.releases().moveProgress("r-1", stored, rows); });
    });
    // Of each its name, where a whole row has 33 values.
    QVERIFY2(bytes > 0 && bytes < kMany * 64, fmt::format("{} bytes", bytes).c_str());
}

}  // namespace ifrit::master::storage
