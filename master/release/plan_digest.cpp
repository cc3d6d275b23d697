// SPDX-License-Identifier: Apache-2.0
#include "master/release/plan_digest.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "shared/crypto/sha256.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {
namespace {

class Text {
public:
    Text& add(std::string_view field) {
        m_text += fmt::format("{}:{};", field.size(), field);
        return *this;
    }
    Text& add(std::int64_t number) { return add(std::to_string(number)); }
    const std::string& get() const { return m_text; }

private:
    std::string m_text;
};

void addTarget(Text& text, const Target& target) {
    text.add(domain::nameOf(target.action)).add(target.version).add(target.digest);
}

void addCost(Text& text, const domain::CostLimits& cost) {
    text.add(cost.enabled ? "cost" : "no cost").add(cost.percent);
    text.add(std::llround(cost.cpuPoints * 100)).add(std::to_string(cost.rssBytes));
    text.add(cost.minSample);
}

void addHow(Text& text, const domain::ReleaseSpec& spec) {
    text.add(spec.batches.interval.count()).add(domain::nameOf(spec.batches.advance));
    text.add(spec.maxInFlight);
    for (const domain::GateRule& rule : spec.gates.rules) {
        text.add("gate").add(domain::nameOf(rule.kind));
        text.add(rule.stage ? domain::nameOf(*rule.stage) : "every");
        text.add(rule.limits.percent).add(rule.limits.count).add(rule.limits.minSample);
    }
    addCost(text, spec.gates.cost);
    for (const domain::StageCost& own : spec.gates.stageCosts) {
        text.add("cost of").add(domain::nameOf(own.stage));
        addCost(text, own.limits);
    }
}

void addRules(Text& text, const domain::ReleaseSpec& spec) {
    if (spec.approvalRequired) text.add("approval");
    text.add("late").add(spec.lateJoinersPerMinute);
    if (spec.downloadRate != 0) text.add("rate").add(std::to_string(spec.downloadRate));
    if (spec.windows.empty()) return;
    text.add("zone").add(spec.windows.timeZone);
    for (const domain::WeeklyWindow& window : spec.windows.weekly)
        text.add("window").add(domain::formatWeeklyWindow(window));
    for (const domain::DateRange& range : spec.windows.blackouts)
        text.add("blackout").add(domain::formatDateRange(range));
}

}  // namespace

std::string planDigest(const domain::ReleaseSpec& spec, const StartInput& start) {
    Text text;
    text.add(spec.agent).add(spec.soak.count()).add(spec.machineDeadline.count());
    text.add(spec.autoVerify ? "auto" : "by hand");
    addHow(text, spec);
    addRules(text, spec);
    for (const StageKey& stage : start.stages)
        text.add("stage").add(domain::nameOf(stage.kind)).add(stage.batch);
    for (const auto& [type, limit] : start.pilotLimits)
        text.add("pilot").add(type).add(std::to_string(limit));
    for (const auto& [type, target] : start.targets) {
        text.add("target").add(type);
        addTarget(text, target);
    }
    for (const auto& [type, previous] : start.previous) {
        text.add("previous").add(type).add(previous ? "was" : "none");
        if (previous) addTarget(text, *previous);
    }
    for (const auto& machine : start.machines) {
        text.add("machine").add(machine.uuid).add(machine.machineType);
        text.add(domain::nameOf(machine.stage)).add(machine.batch).add(machine.fromVersion);
    }
    return crypto::sha256Hex(text.get());
}

}  // namespace ifrit::master::release
