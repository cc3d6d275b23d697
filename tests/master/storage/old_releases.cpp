// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/old_releases.h"

#include <optional>
#include <string>

#include "master/storage/sql/json.h"
#include "tests/master/storage/contract_data.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr char kDocument[] =
    R"({"accepted_bad":[{},{}],"approval":null,"batch":0,"closed_since_ms":null,)"
    R"("ended_approval":null,"full_opened":false,"history_removal":null,"last_change":null,)"
    R"("open_since_ms":null,"pilot_limits":{},"pinned_digests":[],"previous":{"LINUX":null},)"
    R"("previous_versions":{"LINUX":""},"revision":4,"spec":{"action":"uninstall",)"
    R"("approval_required":false,"auto_verify":true,"batches":null,"download_rate":0,)"
    R"("gates":{"cost":false,"cost_cpu_points":1,"cost_min_sample":8,"cost_percent":20,)"
    R"("cost_rss_bytes":0,"rules":[{"count":1,"kind":"bad","min_sample":1,"percent":0,)"
    R"("stage":""}]},"gray_labels":{"rack":"r1"},"gray_pin":"billing",)"
    R"("gray_uuids":["m-1","m-2"],"late_joiners_per_minute":300,"machine_deadline_ms":600000,)"
    R"("machine_types":["LINUX"],"max_in_flight":9,"pilot_count":0,"pilot_percent":0,)"
    R"("soak_ms":90000,"windows":{"blackouts":[],"time_zone":"","weekly":[]}},"stage_index":0,)"
    R"("stages":[{"bad":{},"batch":0,"closed_ms":null,"in_flight":1,"kind":"gray","offline":0,)"
    R"("opened_ms":1700000000004,"outcomes":{"pending":2},"soak_until_ms":1700000090004,)"
    R"("targeted":2},{"bad":{},"batch":0,"closed_ms":null,"in_flight":0,"kind":"full",)"
    R"("offline":0,"opened_ms":null,"outcomes":{"pending":5},"soak_until_ms":null,)"
    R"("targeted":5}],"stamp_ms":1700000000004,"standing_stamp_ms":1700000000004,)"
    R"("state_since_ms":1700000000004,"targets":{"LINUX":{"action":"uninstall","digest":"",)"
    R"("version":""}}})";

std::string one(Connection& connection, const char* sql) {
    std::string out = "nothing";
    const absl::Status status = connection.each(sql, {}, [&out](Row& row) -> absl::Status {
        out = row.text();
        return absl::OkStatus();
    });
    return status.ok() ? out : base::messageOf(status);
}

std::optional<release::Model> found(Database& database) {
    std::optional<release::Model> out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, t.releases().find("r-1"));
        return absl::OkStatus();
    });
    return status.ok() ? out : std::nullopt;
}

/// As a master of before reads it: from releases alone.
release::Model readAsBefore(Connection& connection, release::Model model) {
    model.release.spec = {model.release.spec.agent, {}, model.release.spec.version};
    model.release.stages.clear();
    model.acceptedBad.clear();
    const std::string document =
        one(connection, "SELECT document_json FROM releases WHERE id = 'r-1'");
    if (!releaseFromJson(document, model).ok()) model.release.id = "cannot be read";
    return model;
}

}  // namespace

void fillWithRelease(Connection& connection) {
    VERIFY_OK(connection
                  .run("INSERT INTO releases (id, number, agent, version, state, stage, "
                       "created_by, reason, halt_reason, plan_id, created_ms, started_ms, "
                       "ended_ms, document_json) VALUES ('r-1', 1, 'exporter', '', 'running', "
                       "'gray', 'alice', 'why', '', 'plan', 1700000000001, 1700000000004, NULL, "
                       "?)",
                       {text(kDocument)})
                  .status());
}

void checkReleaseOfBefore(Database& database, Connection& connection) {
    auto model = found(database);
    QVERIFY(model.has_value());
    const std::vector<std::string> uuids = {"m-1", "m-2"};
    QVERIFY(model->release.spec.gray.uuids == uuids);
    QCOMPARE(model->release.spec.maxInFlight, 9U);
    QCOMPARE(model->release.stages.size(), std::size_t{2});
    QCOMPARE(model->release.stages[0].inFlight, 1U);

    model->release.stages[0].outcomes = {{domain::Outcome::Ok, 1}, {domain::Outcome::Pending, 1}};
    const auto put = [&] {
        return database.transact([&](Transaction& t) { return t.releases().put(*model); });
    };
    VERIFY_OK(put());
    QVERIFY(found(database) == model);
    constexpr char kSpec[] = "SELECT spec_json FROM release_specs WHERE release_id = 'r-1'";
    const std::string spec = one(connection, kSpec);
    QVERIFY2(spec.find(R"("gray_uuids":["m-1","m-2"])") != std::string::npos, spec.c_str());
    VERIFY_OK(put());
    QCOMPARE(one(connection, kSpec), spec);

    release::Model before = readAsBefore(connection, *model);
    QVERIFY(before.release.spec.gray.uuids.empty());
    before.release.spec.gray.uuids = uuids;
    QVERIFY(before == *model);
    // It leads for a while, and writes what it has in memory.
    before.release.spec.gray.uuids.clear();
    before.release.stages[0].outcomes = {{domain::Outcome::Ok, 2}};
    const auto document = releaseToJson(before, GrayUuids::Written);
    VERIFY_OK(document.status());
    VERIFY_OK(connection.run("UPDATE releases SET document_json = ?", {text(*document)}).status());
    model->release.stages = before.release.stages;
    QVERIFY(found(database) == model);
}

}  // namespace ifrit::master::storage::sql
