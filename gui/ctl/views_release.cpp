// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/release_json.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using services::ReleaseInfo;
using services::ReleasePlan;
using services::StageProgress;

constexpr char kWaitsFor[] = "WAITS FOR";

std::string text(std::string_view name) {
    return std::string(name);
}

base::WallTime orNone(const std::optional<base::WallTime>& time) {
    return time.value_or(base::WallTime{});
}

std::string whatText(const domain::ReleaseSpec& spec) {
    return spec.action == domain::DesiredAction::Install ? spec.version
                                                         : text(domain::nameOf(spec.action));
}

/// Whom a draft reaches is known once it is planned.
std::string progressText(const ReleaseInfo& info) {
    if (info.targeted() == 0) return "-";
    return fmt::format("{}/{}",
                       info.count(domain::Outcome::Ok) + info.count(domain::Outcome::Already),
                       info.targeted());
}

/// An ended one is in no stage.
std::string stageText(const ReleaseInfo& info) {
    const bool moves = !info.ended() && info.release.state != domain::ReleaseState::Draft;
    return moves ? stageName(info.release.stage, info.batch) : "-";
}

std::string failedText(const ReleaseInfo& info) {
    return std::to_string(info.count(domain::Outcome::Failed) +
                          info.count(domain::Outcome::Reverted) +
                          info.count(domain::Outcome::Silent));
}

/// "2 of 5": of the error budget. A stage that is not open has none yet.
std::string badText(const StageProgress& stage) {
    if (!stage.counts.opened) return "-";
    return stage.badLimit == 0 ? fmt::format("{}, none may fail", stage.bad())
                               : fmt::format("{} of {}", stage.bad(), stage.badLimit);
}

std::string grayText(const domain::GraySelection& gray) {
    std::vector<std::string> parts;
    if (!gray.uuids.empty()) parts.push_back(fmt::format("{}", fmt::join(gray.uuids, ", ")));
    if (!gray.pin.empty()) parts.push_back("pin " + gray.pin);
    if (!gray.labels.empty()) parts.push_back("labels " + joinLabels(gray.labels));
    return fmt::format("{}", fmt::join(parts, "; "));
}

/// "LINUX=1.5.0,CONTAINER=not installed".
std::string versionsText(std::map<std::string, std::string> versions) {
    for (auto& [type, version] : versions)
        if (version.empty()) version = "not installed";
    return joinLabels(versions);
}

std::string countsText(const std::map<std::string, std::uint32_t>& counts) {
    std::vector<std::string> parts;
    for (const auto& [name, machines] : counts) {
        parts.push_back(fmt::format("{}: {}", name.empty() ? "not installed" : name, machines));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

Json targetJson(const ReleasePlan::Target& target) {
    return Json::object()
        .set("machine_type", target.machineType)
        .set("action", domain::nameOf(target.action))
        .set("version", target.version)
        .set("manifest_digest", target.manifestDigest)
        .set("archive_bytes", target.archiveBytes)
        .set("previous_version",
             target.previousVersion ? Json(*target.previousVersion) : Json::null());
}

Json planJson(const ReleasePlan& plan) {
    Json stages = Json::array();
    for (const ReleasePlan::Stage& stage : plan.stages)
        stages.push(planStageView().json(stage));
    Json targets = Json::array();
    for (const ReleasePlan::Target& target : plan.targets)
        targets.push(targetJson(target));
    Json refusals = Json::array();
    for (const ReleasePlan::Refusal& refusal : plan.refusals) {
        refusals.push(Json::object()
                          .set("uuid", refusal.uuid)
                          .set("reason", refusal.reason)
                          .set("message", refusal.message));
    }
    return Json::object()
        .set("plan_id", plan.planId)
        .set("release_id", plan.releaseId)
        .set("generation", plan.generation)
        .set("machines_total", plan.machinesTotal)
        .set("cluster_machines", plan.clusterMachines)
        .set("bytes_total", plan.bytesTotal)
        .set("expected_duration_ms", static_cast<std::int64_t>(plan.expectedDuration.count()))
        .set("stages", std::move(stages))
        .set("refusal_count", plan.refusalCount)
        .set("refusals", std::move(refusals))
        .set("conflicts", toJsonArray(plan.conflicts))
        .set("notes", toJsonArray(plan.notes))
        .set("targets", std::move(targets))
        .set("changing", plan.changing)
        .set("approval_required", plan.approvalRequired)
        .set("approval", approvalJson(plan.approval))
        .set("ended_approval", approvalJson(plan.endedApproval))
        .set("silent", plan.silent)
        .set("silent_bytes", plan.silentBytes);
}

/// "bob", "asked for again, bob's has ended", "asked for", "-".
std::string approvalText(const ReleaseInfo& info) {
    if (info.release.approval) return info.release.approval->by;
    if (info.approvalRequired && info.release.endedApproval)
        return fmt::format("asked for again, {}'s has ended", info.release.endedApproval->by);
    return info.approvalRequired ? "asked for" : "-";
}

std::string windowsText(const domain::ChangeWindows& windows) {
    std::vector<std::string> parts;
    for (const domain::WeeklyWindow& window : windows.weekly)
        parts.push_back(domain::formatWeeklyWindow(window));
    for (const domain::DateRange& range : windows.blackouts)
        parts.push_back("not " + domain::formatDateRange(range));
    if (parts.empty()) return "-";
    return fmt::format("{} {}", fmt::join(parts, ", "),
                       windows.timeZone.empty() ? "UTC" : windows.timeZone);
}

}  // namespace

std::string stageName(domain::StageKind kind, std::uint32_t batch) {
    return kind == domain::StageKind::Batch ? fmt::format("batch {}", batch)
                                            : text(domain::nameOf(kind));
}

std::string outcomesText(const StageProgress& stage) {
    std::vector<std::string> parts;
    for (const auto& [outcome, machines] : stage.counts.outcomes) {
        if (machines > 0) parts.push_back(fmt::format("{} {}", domain::nameOf(outcome), machines));
    }
    return orDash(fmt::format("{}", fmt::join(parts, ", ")));
}

std::string haltText(const ReleaseInfo& info) {
    const std::string& reason = info.release.haltReason;
    return reason.empty() ? reason : "when it halted: " + reason;
}

/// "pause, abort 12, rollback 12": with the machines that each would reach. What a start reaches,
/// its plan says.
std::string takesText(const ReleaseInfo& info) {
    std::vector<std::string> parts;
    for (const domain::ReleaseVerb verb : info.allowedVerbs) {
        const std::uint64_t reached = verb == domain::ReleaseVerb::Start ? 0 : info.reachedBy(verb);
        parts.push_back(reached == 0 ? text(domain::nameOf(verb))
                                     : fmt::format("{} {}", domain::nameOf(verb), reached));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

const View<ReleaseInfo>& releaseView() {
    static const View<ReleaseInfo> kView = {
        {{"NO.", Shown::Always, [](const auto& r) { return std::to_string(r.release.number); }},
         {"STATE", Shown::Always,
          // As the desktop calls a draft that was dropped; programs have its state.
          [](const auto& r) {
              const bool isDropped = r.release.state == domain::ReleaseState::Aborted &&
                                     !r.release.started.has_value();
              return isDropped ? std::string("discarded") : text(domain::nameOf(r.release.state));
          },
          [](const auto& r) { return text(domain::nameOf(r.release.state)); }},
         {"STAGE", Shown::Always, stageText},
         {"AGENT", Shown::Always, [](const auto& r) { return r.release.spec.agent; }},
         {"VERSION", Shown::Always, [](const auto& r) { return whatText(r.release.spec); }},
         {"TYPES", Shown::Always,
          [](const auto& r) {
              return fmt::format("{}", fmt::join(r.release.spec.machineTypes, ","));
          }},
         {"CONVERGED", Shown::Always, progressText},
         {"BAD", Shown::Always, failedText},
         {"BY", Shown::Always, [](const auto& r) { return r.release.createdBy; }},
         {"STARTED", Shown::Always,
          [](const auto& r) { return localTime(orNone(r.release.started)); }},
         {kWaitsFor, Shown::Always,
          [](const auto& r) {
              const bool halted = r.release.state == domain::ReleaseState::Halted;
              return halted && !r.release.haltReason.empty() ? haltText(r) : r.waitsFor;
          }},
         {"TAKES NOW", Shown::WhenWide, takesText},
         {"HALTED FOR", Shown::WhenWide, haltText,
          [](const auto& r) { return r.release.haltReason; }},
         {"ID", Shown::WhenWide, [](const auto& r) { return r.release.id; }},
         {"GRAY", Shown::WhenWide, [](const auto& r) { return grayText(r.release.spec.gray); }},
         {"SOAK", Shown::WhenWide, [](const auto& r) { return humanDuration(r.release.spec.soak); },
          [](const auto& r) { return plainMillis(r.release.spec.soak); }},
         {"CREATED", Shown::WhenWide, [](const auto& r) { return localTime(r.release.created); }},
         {"ENDED", Shown::WhenWide,
          [](const auto& r) { return localTime(orNone(r.release.ended)); }},
         {"BEFORE", Shown::WhenWide,
          [](const auto& r) { return versionsText(r.release.previousVersions); }},
         {"APPROVED BY", Shown::WhenWide, approvalText},
         {"WINDOWS", Shown::WhenWide,
          [](const auto& r) { return windowsText(r.release.spec.windows); }},
         {"DOWNLOAD", Shown::WhenWide,
          [](const auto& r) { return domain::formatDownloadRate(r.release.spec.downloadRate); }},
         {"REASON", Shown::WhenWide, [](const auto& r) { return r.release.reason; }}},
        [](const auto& r) { return std::to_string(r.release.number); },
        releaseJson};
    return kView;
}

const View<ReleaseInfo>& releaseFactsView() {
    static const View<ReleaseInfo> kView = [] {
        View<ReleaseInfo> view = releaseView();
        for (Column<ReleaseInfo>& column : view.columns) {
            if (column.title == kWaitsFor) column.text = [](const auto& r) { return r.waitsFor; };
        }
        return view;
    }();
    return kView;
}

const View<StageProgress>& stageView() {
    static const View<StageProgress> kView = {
        {{"STAGE", Shown::Always,
          [](const auto& s) { return stageName(s.counts.kind, s.counts.batch); }},
         {"MACHINES", Shown::Always,
          [](const auto& s) { return std::to_string(s.counts.targeted); }},
         {"OUTCOMES", Shown::Always, outcomesText},
         {"BAD", Shown::Always, badText},
         {"IN FLIGHT", Shown::Always, [](const auto& s) { return std::to_string(s.inFlight); }},
         {"OFFLINE", Shown::Always, [](const auto& s) { return std::to_string(s.counts.offline); }},
         {"OPENED", Shown::Always,
          [](const auto& s) { return localTime(orNone(s.counts.opened)); }},
         {"CLOSED", Shown::Always,
          [](const auto& s) { return localTime(orNone(s.counts.closed)); }}},
        [](const auto& s) { return stageName(s.counts.kind, s.counts.batch); },
        stageJson};
    return kView;
}

const View<ReleasePlan>& planView() {
    static const View<ReleasePlan> kView = {
        {{"PLAN", Shown::Always, [](const auto& p) { return p.planId; }},
         {"MACHINES", Shown::Always, [](const auto& p) { return std::to_string(p.machinesTotal); }},
         {"BYTES", Shown::Always, [](const auto& p) { return humanBytes(p.bytesTotal); },
          [](const auto& p) { return std::to_string(p.bytesTotal); }},
         {"DURATION", Shown::Always,
          [](const auto& p) { return humanDuration(p.expectedDuration); },
          [](const auto& p) { return plainMillis(p.expectedDuration); }},
         {"REFUSALS", Shown::Always, [](const auto& p) { return std::to_string(p.refusalCount); }},
         {"CONFLICTS", Shown::Always,
          [](const auto& p) { return fmt::format("{}", fmt::join(p.conflicts, "; ")); }}},
        [](const auto& p) { return p.planId; },
        planJson};
    return kView;
}

const View<ReleasePlan::Stage>& planStageView() {
    static const View<ReleasePlan::Stage> kView = {
        {{"STAGE", Shown::Always, [](const auto& s) { return stageName(s.kind, s.batch); }},
         {"MACHINES", Shown::Always, [](const auto& s) { return countsText(s.machines); }},
         {"FROM", Shown::Always, [](const auto& s) { return countsText(s.fromVersions); }},
         {"CHANGE", Shown::Always, [](const auto& s) { return std::to_string(s.changing); }},
         {"SILENT", Shown::Always, [](const auto& s) { return std::to_string(s.silent); }},
         {"BYTES", Shown::Always, [](const auto& s) { return humanBytes(s.bytes); },
          [](const auto& s) { return std::to_string(s.bytes); }},
         {"DURATION", Shown::Always,
          [](const auto& s) {
              return s.expectedDuration.count() == 0 ? std::string("-")
                                                     : humanDuration(s.expectedDuration);
          },
          [](const auto& s) { return plainMillis(s.expectedDuration); }}},
        [](const auto& s) { return stageName(s.kind, s.batch); },
        [](const auto& s) {
            return Json::object()
                .set("kind", domain::nameOf(s.kind))
                .set("batch", s.batch)
                .set("machines", toJsonObject(s.machines))
                .set("from_versions", toJsonObject(s.fromVersions))
                .set("changing", s.changing)
                .set("bytes", s.bytes)
                .set("silent", s.silent)
                .set("silent_bytes", s.silentBytes)
                .set("expected_duration_ms", static_cast<std::int64_t>(s.expectedDuration.count()));
        }};
    return kView;
}

const View<services::ReleaseMachine>& releaseMachineView() {
    static const View<services::ReleaseMachine> kView = {
        {{"UUID", Shown::Always, [](const auto& m) { return m.uuid; }},
         {"STAGE", Shown::Always, [](const auto& m) { return stageName(m.stage, m.batch); }},
         {"OUTCOME", Shown::Always, [](const auto& m) { return text(domain::nameOf(m.outcome)); }},
         {"FROM", Shown::Always, [](const auto& m) { return m.fromVersion; }},
         {"RUNNING", Shown::Always, [](const auto& m) { return m.runningVersion; }},
         {"STATE", Shown::Always, [](const auto& m) { return text(domain::nameOf(m.state)); }},
         {"REASON", Shown::Always, [](const auto& m) { return m.reason; }},
         {"MESSAGE", Shown::Always, [](const auto& m) { return m.message; }},
         {"STEP", Shown::WhenWide, [](const auto& m) { return m.step; }},
         {"SINCE", Shown::WhenWide, [](const auto& m) { return localTime(orNone(m.since)); }},
         {"DEADLINE", Shown::WhenWide,
          [](const auto& m) { return localTime(orNone(m.deadline)); }}},
        [](const auto& m) { return m.uuid; },
        releaseMachineJson};
    return kView;
}

const View<services::TimelineEntry>& timelineView() {
    static const View<services::TimelineEntry> kView = {
        {{"TIME", Shown::Always, [](const auto& e) { return localTime(e.at); }},
         {"WHAT", Shown::Always, [](const auto& e) { return e.what; }},
         {"WHO", Shown::Always, [](const auto& e) { return e.actor; }},
         {"MESSAGE", Shown::Always, [](const auto& e) { return e.message; }}},
        [](const auto& e) { return e.what; },
        [](const auto& e) {
            Json out = Json::object();
            out.setTime("at", e.at);
            return out.set("what", e.what).set("actor", e.actor).set("message", e.message);
        }};
    return kView;
}

}  // namespace ifrit::gui::ctl
