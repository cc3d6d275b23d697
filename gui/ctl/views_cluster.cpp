// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using services::ClusterSummary;
using services::ManagedAgentInfo;

std::string statesText(const ClusterSummary& cluster) {
    std::vector<std::string> parts;
    for (const auto& [state, machines] : cluster.machinesByState) {
        parts.push_back(fmt::format("{} {}", domain::nameOf(state), machines));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string versionsText(const std::vector<services::VersionCount>& versions) {
    std::vector<std::string> parts;
    for (const services::VersionCount& count : versions) {
        const std::string agent = count.agent.empty() ? "" : count.agent + " ";
        parts.push_back(fmt::format(
            "{}{}: {}", agent, count.version.empty() ? "(none)" : count.version, count.machines));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

Json versionsJson(const std::vector<services::VersionCount>& versions) {
    Json out = Json::array();
    for (const services::VersionCount& count : versions) {
        out.push(Json::object()
                     .set("agent", count.agent)
                     .set("version", count.version)
                     .set("machines", count.machines));
    }
    return out;
}

Json freezeJson(const std::optional<services::ClusterFreeze>& freeze) {
    if (!freeze) return Json::null();
    Json out = Json::object();
    out.set("by", freeze->by).set("reason", freeze->reason).set("recorded", freeze->recorded);
    Json unconfirmed = Json::array();
    for (const services::UnconfirmedMaster& master : freeze->unconfirmed)
        unconfirmed.push(Json::object().set("address", master.address).set("why", master.why));
    out.set("unconfirmed", std::move(unconfirmed));
    out.set("forgotten_by_restart", freeze->isForgottenByRestart);
    return out.setTime("at", freeze->at);
}

Json rulesJson(const services::ClusterRules& rules) {
    Json blackouts = Json::array();
    for (const domain::DateRange& range : rules.blackouts.blackouts)
        blackouts.push(domain::formatDateRange(range));
    return Json::object()
        .set("require_approval", rules.requireApproval)
        .set("time_zone", rules.blackouts.timeZone)
        .set("blackouts", std::move(blackouts))
        .set("max_change", rules.maxChange)
        .set("max_change_window_ms", static_cast<std::int64_t>(rules.maxChangeWindow.count()))
        .set("changed_in_window", rules.changed);
}

/// "12 of 500 in 1h", "-" for no limit.
std::string changeText(const services::ClusterRules& rules) {
    if (rules.maxChange == 0) return "-";
    return fmt::format("{} of {} in {}", rules.changed, rules.maxChange,
                       humanDuration(rules.maxChangeWindow));
}

/// "2026-12-24..2027-01-02, 2027-05-01 (Asia/Shanghai)", "-" for none.
std::string blackoutsText(const domain::ChangeWindows& windows) {
    if (windows.blackouts.empty()) return "-";
    std::vector<std::string> parts;
    for (const domain::DateRange& range : windows.blackouts)
        parts.push_back(domain::formatDateRange(range));
    return fmt::format("{} ({})", fmt::join(parts, ", "),
                       windows.timeZone.empty() ? "UTC" : windows.timeZone);
}

Json clusterJson(const ClusterSummary& cluster) {
    Json states = Json::object();
    for (const auto& [state, machines] : cluster.machinesByState) {
        states.set(domain::nameOf(state), machines);
    }
    Json out = Json::object();
    out.set("name", cluster.name)
        .set("kind", cluster.kind)
        .set("server_version", cluster.serverVersion)
        .set("generation", cluster.generation)
        .set("machines", cluster.machines)
        .set("offline", cluster.offline)
        .set("machines_by_state", std::move(states))
        .set("machine_types", toJsonArray(cluster.machineTypes))
        .set("running_releases", cluster.runningReleases)
        .set("ring_batches", cluster.ringBatches)
        .set("ring_virtual_nodes", cluster.ringVirtualNodes)
        // Up to 64 bits: a number would lose digits in most JSON readers.
        .set("ring_seed", std::to_string(cluster.ringSeed))
        .set("features", toJsonArray(cluster.features))
        .set("versions", versionsJson(cluster.versions));
    out.set("freeze", freezeJson(cluster.freeze)).set("rules", rulesJson(cluster.rules));
    out.setTime("stale_since", cluster.staleSince.value_or(base::WallTime{}));
    return out.setTime("server_time", cluster.serverTime);
}

}  // namespace

std::string freezeText(const services::ClusterFreeze& freeze) {
    const char* kept = freeze.recorded ? "" : " (the master holds it until its database takes it)";
    if (freeze.isForgottenByRestart)
        kept = " (the master holds it in memory alone: a restart of it forgets the freeze)";
    return fmt::format("frozen by {} since {}: {}{}", freeze.by, localTime(freeze.at),
                       freeze.reason, kept);
}

std::string unconfirmedText(const std::vector<services::UnconfirmedMaster>& masters) {
    static const std::map<std::string, std::string> kWhy = {
        {"UNREACHABLE", "cannot be reached"},
        {"UNANSWERED", "does not answer"},
        {"UNIMPLEMENTED", "is too old to be told of a freeze"}};
    std::vector<std::string> parts;
    for (const services::UnconfirmedMaster& master : masters) {
        const auto known = kWhy.find(master.why);
        parts.push_back(fmt::format("{} {}", master.address,
                                    known != kWhy.end() ? known->second : "said " + master.why));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

const View<ClusterSummary>& clusterView() {
    static const View<ClusterSummary> kView = {
        {{"NAME", Shown::Always, [](const auto& c) { return c.name; }},
         {"KIND", Shown::Always, [](const auto& c) { return c.kind; }},
         {"MASTER", Shown::Always, [](const auto& c) { return c.serverVersion; }},
         {"MACHINES", Shown::Always, [](const auto& c) { return std::to_string(c.machines); }},
         {"OFFLINE", Shown::Always, [](const auto& c) { return std::to_string(c.offline); }},
         {"STATES", Shown::Always, statesText},
         {"MACHINE TYPES", Shown::Always,
          [](const auto& c) { return fmt::format("{}", fmt::join(c.machineTypes, ", ")); }},
         {"VERSIONS", Shown::Always, [](const auto& c) { return versionsText(c.versions); }},
         {"RUNNING RELEASES", Shown::Always,
          [](const auto& c) { return std::to_string(c.runningReleases); }},
         {"FROZEN", Shown::Always,
          [](const auto& c) { return c.freeze ? freezeText(*c.freeze) : std::string("no"); }},
         {"APPROVAL", Shown::Always,
          [](const auto& c) {
              return std::string(c.rules.requireApproval ? "of every plan, by a second person"
                                                         : "where a release asks for it");
          }},
         {"BLACKOUTS", Shown::Always,
          [](const auto& c) { return blackoutsText(c.rules.blackouts); }},
         {"CHANGED", Shown::WhenWide, [](const auto& c) { return changeText(c.rules); }},
         {"GENERATION", Shown::WhenWide,
          [](const auto& c) { return std::to_string(c.generation); }},
         {"RING", Shown::WhenWide,
          [](const auto& c) {
              return fmt::format("{}, {} each", countOf(c.ringBatches, "batches"),
                                 countOf(c.ringVirtualNodes, "virtual nodes"));
          }},
         {"STALE SINCE", Shown::WhenWide,
          [](const auto& c) { return localTime(c.staleSince.value_or(base::WallTime{})); }},
         {"FEATURES", Shown::WhenWide,
          [](const auto& c) { return fmt::format("{}", fmt::join(c.features, ", ")); }}},
        [](const auto& c) { return c.name; },
        clusterJson};
    return kView;
}

const View<ManagedAgentInfo>& agentView() {
    static const View<ManagedAgentInfo> kView = {
        {{"NAME", Shown::Always, [](const auto& a) { return a.name; }},
         {"SETTLED", Shown::Always, [](const auto& a) { return joinLabels(a.settledVersions); }},
         {"MACHINES", Shown::Always, [](const auto& a) { return std::to_string(a.machines); }},
         {"PACKAGES", Shown::Always, [](const auto& a) { return std::to_string(a.packages); }},
         {"RUNNING", Shown::Always, [](const auto& a) { return versionsText(a.running); }}},
        [](const auto& a) { return a.name; },
        [](const auto& a) {
            return Json::object()
                .set("name", a.name)
                .set("settled_versions", toJsonObject(a.settledVersions))
                .set("machines", a.machines)
                .set("packages", a.packages)
                .set("running", versionsJson(a.running));
        }};
    return kView;
}

}  // namespace ifrit::gui::ctl
