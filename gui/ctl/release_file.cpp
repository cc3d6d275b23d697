// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/release_file.h"

#include <cmath>

#include "shared/base/status.h"
#include "shared/config/toml_section.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/hash_ring.h"
#include "shared/domain/machine_deadline.h"

namespace ifrit::gui::ctl {
namespace {

using config::TomlSection;

constexpr std::int64_t kMaxMachines = 10'000'000;

/// A word of an enum; `words` lists them for people.
template <typename Enum>
void readWord(TomlSection& section, std::string_view key, Enum& value, const char* words) {
    std::string name;
    section.read(key, name);
    if (name.empty()) return;
    if (const auto known = domain::fromName<Enum>(name)) {
        value = *known;
    } else {
        section.reject(key, fmt::format("must be {}", words));
    }
}

void readPilot(TomlSection& top, domain::PilotShare& pilot) {
    const toml::table* table = top.section("pilot");
    if (table == nullptr) return;
    TomlSection in(*table, top, "pilot");
    in.read("percent", pilot.percent, 0, 100);
    in.read("count", pilot.count, 0, kMaxMachines);
    top.note(in.finish());
}

void readBatches(TomlSection& top, domain::BatchPlan& batches) {
    const toml::table* table = top.section("batches");
    if (table == nullptr) return;
    TomlSection in(*table, top, "batches");
    batches.enabled = true;
    in.read("interval", batches.interval);
    readWord(in, "advance", batches.advance, "auto or promote");
    in.read("order", batches.order, 1U, domain::kMaxBatches);
    top.note(in.finish());
}

constexpr domain::StageKind kStages[] = {domain::StageKind::Gray, domain::StageKind::Pilot,
                                         domain::StageKind::Batch, domain::StageKind::Full};

/// True where the table sets a limit of its own.
bool readLimits(TomlSection& in, domain::GateLimits& limits) {
    const bool own = in.has("percent") || in.has("count") || in.has("min_sample");
    in.read("percent", limits.percent, 0, 100);
    in.read("count", limits.count, 0, kMaxMachines);
    in.read("min_sample", limits.minSample, 0, kMaxMachines);
    return own;
}

/// [gates.KIND], and [gates.KIND.STAGE] for one stage.
void readGate(TomlSection& gates, domain::GateKind kind, domain::GatePolicy& policy) {
    const toml::table* table = gates.section(domain::nameOf(kind));
    if (table == nullptr) return;
    TomlSection in(*table, gates, domain::nameOf(kind));
    domain::GateRule general{kind, {}, {}};
    if (readLimits(in, general.limits)) policy.rules.push_back(general);
    for (const auto stage : kStages) {
        const toml::table* own = in.section(domain::nameOf(stage));
        if (own == nullptr) continue;
        TomlSection inStage(*own, in, domain::nameOf(stage));
        domain::GateRule rule{kind, stage, {}};
        readLimits(inStage, rule.limits);
        policy.rules.push_back(rule);
        in.note(inStage.finish());
    }
    gates.note(in.finish());
}

void readCostLimits(TomlSection& in, domain::CostLimits& cost) {
    in.read("enabled", cost.enabled);
    in.read("percent", cost.percent, 0, 10'000);
    in.read("cpu_points", cost.cpuPoints, 0.0, 10'000.0);
    // As --cost-gate takes it: hundredths.
    cost.cpuPoints = std::round(cost.cpuPoints * 100) / 100;
    in.read("rss_bytes", cost.rssBytes, 0, INT64_MAX);
    in.read("min_sample", cost.minSample, domain::kLeastCostSample, kMaxMachines);
}

/// [gates.cost], and [gates.cost.STAGE] for what is different in one stage.
void readCost(TomlSection& gates, domain::GatePolicy& policy) {
    const toml::table* table = gates.section("cost");
    if (table == nullptr) return;
    TomlSection in(*table, gates, "cost");
    readCostLimits(in, policy.cost);
    for (const auto stage : kStages) {
        const toml::table* own = in.section(domain::nameOf(stage));
        if (own == nullptr) continue;
        TomlSection inStage(*own, in, domain::nameOf(stage));
        domain::StageCost cost{stage, policy.cost};
        readCostLimits(inStage, cost.limits);
        policy.stageCosts.push_back(cost);
        in.note(inStage.finish());
    }
    gates.note(in.finish());
}

void readGates(TomlSection& top, domain::GatePolicy& policy) {
    using domain::GateKind;
    const toml::table* table = top.section("gates");
    if (table == nullptr) return;
    TomlSection in(*table, top, "gates");
    for (const GateKind kind : {GateKind::Bad, GateKind::Failed, GateKind::TimedOut,
                                GateKind::Silent, GateKind::CrashLooping, GateKind::Integrity})
        readGate(in, kind, policy);
    readCost(in, policy);
    top.note(in.finish());
}

void readDownloadRate(TomlSection& top, domain::ReleaseSpec& spec) {
    constexpr char kKey[] = "download_rate";
    std::string text;
    top.read(kKey, text);
    if (text.empty()) return;
    const auto rate = domain::parseDownloadRate(text);
    if (rate.ok())
        spec.downloadRate = *rate;
    else
        top.reject(kKey, base::messageOf(rate.status()));
}

void readWindows(TomlSection& top, domain::ChangeWindows& windows) {
    const toml::table* table = top.section("windows");
    if (table == nullptr) return;
    TomlSection in(*table, top, "windows");
    std::vector<std::string> weekly;
    std::vector<std::string> blackouts;
    in.read("time_zone", windows.timeZone);
    in.read("weekly", weekly);
    in.read("blackout", blackouts);
    for (const std::string& text : weekly) {
        const auto window = domain::parseWeeklyWindow(text);
        if (window.ok())
            windows.weekly.push_back(*window);
        else
            in.reject("weekly", base::messageOf(window.status()));
    }
    for (const std::string& text : blackouts) {
        const auto range = domain::parseDateRange(text);
        if (range.ok())
            windows.blackouts.push_back(*range);
        else
            in.reject("blackout", base::messageOf(range.status()));
    }
    const absl::Status valid = domain::checkWindows(windows);
    if (!valid.ok()) in.reject("time_zone", base::messageOf(valid));
    top.note(in.finish());
}

}  // namespace

absl::StatusOr<domain::ReleaseSpec> parseReleaseFile(std::string_view toml,
                                                     std::string_view source) {
    const config::TomlRules rules{"RELEASE_FILE"};
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(toml, source, rules));
    TomlSection top(table, source, "", rules);
    domain::ReleaseSpec spec;
    top.read("agent", spec.agent);
    top.read("version", spec.version);
    readWord(top, "action", spec.action, "install, uninstall or uninstall-purge");
    top.read("machine_types", spec.machineTypes);
    top.read("soak", spec.soak);
    top.read("machine_deadline", spec.machineDeadline);
    if (const absl::Status good = domain::checkMachineDeadline(spec.machineDeadline); !good.ok())
        top.reject("machine_deadline", base::messageOf(good));
    top.read("auto_verify", spec.autoVerify);
    if (const toml::table* gray = top.section("gray")) {
        TomlSection in(*gray, top, "gray");
        in.read("uuids", spec.gray.uuids);
        in.read("pin", spec.gray.pin);
        in.read("labels", spec.gray.labels);
        top.note(in.finish());
    }
    top.read("max_in_flight", spec.maxInFlight, 0, kMaxMachines);
    top.read("approval_required", spec.approvalRequired);
    top.read("late_joiners_per_minute", spec.lateJoinersPerMinute, 1, domain::kMaxLateJoiners);
    readDownloadRate(top, spec);
    readPilot(top, spec.pilot);
    readWindows(top, spec.windows);
    readBatches(top, spec.batches);
    readGates(top, spec.gates);
    IFRIT_RETURN_IF_ERROR(top.finish());
    return spec;
}

}  // namespace ifrit::gui::ctl
