// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/release_json.h"

#include <optional>
#include <utility>

#include "gui/ctl/text.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

base::WallTime orNone(const std::optional<base::WallTime>& time) {
    return time.value_or(base::WallTime{});
}

Json batchesJson(const domain::BatchPlan& batches) {
    Json order = Json::array();
    for (const std::uint32_t batch : batches.order)
        order.push(batch);
    return Json::object()
        .set("enabled", batches.enabled)
        .set("interval_ms", static_cast<std::int64_t>(batches.interval.count()))
        .set("advance", domain::nameOf(batches.advance))
        .set("order", std::move(order));
}

Json costJson(const domain::CostLimits& cost) {
    return Json::object()
        .set("enabled", cost.enabled)
        .set("percent", cost.percent)
        .set("cpu_points", cost.cpuPoints)
        .set("rss_bytes", cost.rssBytes)
        .set("min_sample", cost.minSample);
}

Json gatesJson(const domain::GatePolicy& gates) {
    Json rules = Json::array();
    for (const domain::GateRule& rule : gates.rules) {
        rules.push(Json::object()
                       .set("kind", domain::nameOf(rule.kind))
                       .set("stage", rule.stage ? domain::nameOf(*rule.stage) : "")
                       .set("percent", rule.limits.percent)
                       .set("count", rule.limits.count)
                       .set("min_sample", rule.limits.minSample));
    }
    Json costs = Json::array();
    for (const domain::StageCost& own : gates.stageCosts)
        costs.push(costJson(own.limits).set("stage", domain::nameOf(own.stage)));
    return Json::object()
        .set("rules", std::move(rules))
        .set("cost", costJson(gates.cost))
        .set("stage_costs", std::move(costs));
}

Json sampleJson(const std::optional<domain::ResourceSample>& sample) {
    if (!sample) return Json::null();
    return Json::object().set("cpu_percent", sample->cpuPercent).set("rss_bytes", sample->rssBytes);
}

Json specJson(const domain::ReleaseSpec& spec) {
    return Json::object()
        .set("agent", spec.agent)
        .set("action", domain::nameOf(spec.action))
        .set("version", spec.version)
        .set("machine_types", toJsonArray(spec.machineTypes))
        .set("gray", Json::object()
                         .set("uuids", toJsonArray(spec.gray.uuids))
                         .set("pin", spec.gray.pin)
                         .set("labels", toJsonObject(spec.gray.labels)))
        .set("soak_ms", static_cast<std::int64_t>(spec.soak.count()))
        .set("machine_deadline_ms", static_cast<std::int64_t>(spec.machineDeadline.count()))
        .set("auto_verify", spec.autoVerify)
        .set("pilot",
             Json::object().set("percent", spec.pilot.percent).set("count", spec.pilot.count))
        .set("batches", batchesJson(spec.batches))
        .set("max_in_flight", spec.maxInFlight)
        .set("gates", gatesJson(spec.gates))
        .set("approval_required", spec.approvalRequired)
        .set("windows", windowsJson(spec.windows))
        .set("late_joiners_per_minute", spec.lateJoinersPerMinute)
        .set("download_rate", spec.downloadRate);
}

}  // namespace

Json approvalJson(const std::optional<domain::Approval>& approval) {
    if (!approval) return Json::null();
    Json out = Json::object();
    out.set("by", approval->by).set("plan_id", approval->planId).set("reason", approval->reason);
    return out.setTime("at", approval->at);
}

Json windowsJson(const domain::ChangeWindows& windows) {
    Json weekly = Json::array();
    for (const domain::WeeklyWindow& window : windows.weekly)
        weekly.push(domain::formatWeeklyWindow(window));
    Json blackouts = Json::array();
    for (const domain::DateRange& range : windows.blackouts)
        blackouts.push(domain::formatDateRange(range));
    return Json::object()
        .set("time_zone", windows.timeZone)
        .set("weekly", std::move(weekly))
        .set("blackouts", std::move(blackouts));
}

Json stageJson(const services::StageProgress& stage) {
    Json outcomes = Json::object();
    for (const auto& [outcome, machines] : stage.counts.outcomes) {
        outcomes.set(domain::nameOf(outcome), machines);
    }
    Json bad = Json::object();
    for (const auto& [kind, machines] : stage.counts.bad)
        bad.set(domain::nameOf(kind), machines);
    Json out = Json::object();
    out.set("kind", domain::nameOf(stage.counts.kind))
        .set("batch", stage.counts.batch)
        .set("targeted", stage.counts.targeted)
        .set("outcomes", std::move(outcomes))
        .set("offline", stage.counts.offline)
        .set("in_flight", stage.inFlight)
        .set("bad", std::move(bad))
        .set("bad_limit", stage.badLimit)
        .set("cost_accepted", stage.costAccepted);
    out.setTime("opened", orNone(stage.counts.opened));
    out.setTime("soak_until", orNone(stage.soakUntil));
    return out.setTime("closed", orNone(stage.counts.closed));
}

/// What last changed how it stands; null: nothing yet, or an older master.
Json changeJson(const std::optional<domain::ReleaseChange>& change) {
    if (!change) return Json::null();
    Json out = Json::object();
    out.set("what", change->what).set("by", change->by);
    return out.setTime("at", change->at);
}

/// Null: what each of its machines did is kept.
Json removalJson(const std::optional<domain::HistoryRemoval>& removal) {
    if (!removal) return Json::null();
    Json out = Json::object();
    out.set("rows", removal->rows);
    out.setTime("since", removal->since);
    return out.setTime("ended", removal->ended.value_or(base::WallTime{}));
}

Json releaseJson(const services::ReleaseInfo& info) {
    const domain::Release& release = info.release;
    Json stages = Json::array();
    for (const services::StageProgress& stage : info.stages)
        stages.push(stageJson(stage));
    Json allowed = Json::array();
    for (const domain::ReleaseVerb verb : info.allowedVerbs)
        allowed.push(domain::nameOf(verb));
    Json refused = Json::object();
    for (const auto& [verb, why] : info.refusedVerbs)
        refused.set(domain::nameOf(verb), why);
    Json reached = Json::object();
    for (const auto& [verb, machines] : info.reached)
        reached.set(domain::nameOf(verb), machines);
    Json out = Json::object();
    out.set("id", release.id)
        .set("number", release.number)
        .set("state", domain::nameOf(release.state))
        .set("stage", domain::nameOf(release.stage))
        .set("batch", info.batch)
        .set("spec", specJson(release.spec))
        .set("halt_reason", release.haltReason)
        .set("waits_for", info.waitsFor)
        .set("waits_for_person", info.waitsForPerson())
        .set("created_by", release.createdBy)
        .set("reason", release.reason)
        .set("plan_id", release.planId)
        .set("previous_versions", toJsonObject(release.previousVersions))
        .set("approval_required", info.approvalRequired)
        .set("approval", approvalJson(release.approval))
        .set("ended_approval", approvalJson(release.endedApproval))
        .set("change_closed", info.changeClosed)
        .set("last_change", changeJson(release.lastChange))
        .set("history_removal", removalJson(release.historyRemoval));
    out.setTime("opens", orNone(info.opens));
    out.setTime("created", release.created);
    out.setTime("started", orNone(release.started));
    out.setTime("ended", orNone(release.ended));
    return out.set("stages", std::move(stages))
        .set("allowed_verbs", std::move(allowed))
        .set("refused_verbs", std::move(refused))
        .set("reached", std::move(reached));
}

Json releaseMachineJson(const services::ReleaseMachine& machine) {
    Json out = Json::object();
    out.set("uuid", machine.uuid)
        .set("stage", domain::nameOf(machine.stage))
        .set("batch", machine.batch)
        .set("outcome", domain::nameOf(machine.outcome))
        .set("reason", machine.reason)
        .set("message", machine.message)
        .set("from_version", machine.fromVersion)
        .set("running_version", machine.runningVersion)
        .set("state", domain::nameOf(machine.state))
        .set("step", machine.step)
        .set("before", sampleJson(machine.before))
        .set("sample", sampleJson(machine.sample))
        .set("late", machine.late);
    out.setTime("since", orNone(machine.since));
    return out.setTime("deadline", orNone(machine.deadline));
}

}  // namespace ifrit::gui::ctl
