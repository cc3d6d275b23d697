// SPDX-License-Identifier: Apache-2.0
#include "master/app/rules_config.h"

#include <vector>

#include "master/release/change_time.h"
#include "shared/base/duration.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

using config::TomlSection;

constexpr std::chrono::minutes kShortestWindow{1};
/// Permits, which a release's late joiners are counted by, live as long.
constexpr std::uint32_t kLeastKeepDays = 31;
constexpr std::chrono::hours kDay{24};

void readReleases(TomlSection& top, release::ClusterRules& rules) {
    const toml::table* table = top.section("releases");
    if (table == nullptr) return;
    TomlSection section(*table, top, "releases");
    std::vector<std::string> blackouts;
    section.read("require_approval", rules.requireApproval);
    section.read("time_zone", rules.blackouts.timeZone);
    section.read("blackout", blackouts);
    auto keepDays = static_cast<std::uint32_t>(rules.keepHistory / kDay);
    section.read("keep_days", keepDays, 0, 36'500);
    if (keepDays != 0 && keepDays < kLeastKeepDays)
        section.reject("keep_days", "must be 0, which keeps all, or at least 31");
    rules.keepHistory = keepDays * kDay;
    for (const std::string& text : blackouts) {
        const auto range = domain::parseDateRange(text);
        if (range.ok())
            rules.blackouts.blackouts.push_back(*range);
        else
            section.reject("blackout", base::messageOf(range.status()));
    }
    absl::Status zone = domain::checkWindows(rules.blackouts);
    if (zone.ok()) zone = release::checkTimeZone(rules.blackouts.timeZone);
    if (!zone.ok()) section.reject("time_zone", base::messageOf(zone));
    top.note(section.finish());
}

void readCap(TomlSection& limits, release::ClusterRules& rules) {
    const toml::table* table = limits.section("max_change_per_window");
    if (table == nullptr) return;
    TomlSection section(*table, limits, "max_change_per_window");
    release::ChangeCap cap;
    std::chrono::milliseconds window = cap.window;
    section.read("machines", cap.machines, 1, 100'000'000);
    section.read("percent", cap.percent, 1, 100);
    section.read("window", window);
    cap.window = window;
    if ((cap.machines == 0) == (cap.percent == 0))
        section.reject("machines", "say either machines or percent");
    if (window < kShortestWindow) section.reject("window", "must be at least 1m");
    rules.cap = cap;
    limits.note(section.finish());
}

}  // namespace

void readRules(TomlSection& top, release::ClusterRules& rules, const OwnLimits& own) {
    readReleases(top, rules);
    const toml::table* table = top.section("limits");
    if (table == nullptr) return;
    TomlSection section(*table, top, "limits");
    readCap(section, rules);
    section.read("machine_streams", own.machineStreams, 0, 10'000'000);
    section.read("busy_percent", own.busyPercent, 0, 100);
    top.note(section.finish());
}

std::string printRules(const release::ClusterRules& rules, std::size_t machineStreams,
                       std::uint32_t busyPercent) {
    std::string blackouts;
    for (const domain::DateRange& range : rules.blackouts.blackouts) {
        blackouts +=
            fmt::format("{}\"{}\"", blackouts.empty() ? "" : ", ", domain::formatDateRange(range));
    }
    std::string out = fmt::format(
        "\n[releases]\nrequire_approval = {}\ntime_zone = \"{}\"\nblackout = [{}]\n"
        "keep_days = {}\n"
        "\n[limits]\nmachine_streams = {}\nbusy_percent = {}\n",
        rules.requireApproval, rules.blackouts.timeZone, blackouts, rules.keepHistory / kDay,
        machineStreams, busyPercent);
    if (!rules.cap) return out;
    const bool machines = rules.cap->machines != 0;
    return out + fmt::format("max_change_per_window = {{ {} = {}, window = \"{}\" }}\n",
                             machines ? "machines" : "percent",
                             machines ? rules.cap->machines : rules.cap->percent,
                             base::formatDuration(rules.cap->window));
}

}  // namespace ifrit::master::app
