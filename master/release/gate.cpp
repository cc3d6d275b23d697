// SPDX-License-Identifier: Apache-2.0
#include "master/release/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "master/release/stages.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {
namespace {

using domain::GateKind;
using domain::Outcome;

template <typename Key>
std::uint32_t countOf(const std::map<Key, std::uint32_t>& counts, Key key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

std::string figures(const domain::StageCounts& stage) {
    return fmt::format(
        "{} failed, {} reverted, {} silent of {} in the {} stage",
        countOf(stage.outcomes, Outcome::Failed), countOf(stage.outcomes, Outcome::Reverted),
        countOf(stage.outcomes, Outcome::Silent), denominatorOf(stage), describe(stage));
}

GateVerdict checkKind(GateKind kind, std::uint32_t bad, const domain::StageCounts& stage,
                      const domain::GatePolicy& policy) {
    const domain::GateLimits limits = domain::limitsOf(policy, kind, stage.kind);
    const std::uint32_t judged = denominatorOf(stage) - awaitedOf(stage);
    const std::uint32_t allowed = allowedBy(limits, stage);
    if (bad <= allowed || judged < limits.minSample) return {};
    if (kind == GateKind::Bad)
        return {true, fmt::format("{}; the gate lets at most {} through", figures(stage),
                                  badBudget(policy, stage))};
    return {true,
            fmt::format("{} {} of {} in the {} stage; the gate lets at most {} through", bad,
                        domain::nameOf(kind), denominatorOf(stage), describe(stage), allowed)};
}

}  // namespace

std::optional<GateKind> gateKindOf(Outcome outcome, const std::string& reason) {
    if (outcome == Outcome::Silent) return GateKind::Silent;
    if (outcome != Outcome::Failed && outcome != Outcome::Reverted) return std::nullopt;
    if (reason == "DEADLINE") return GateKind::TimedOut;
    if (reason == "CRASH_LOOPING") return GateKind::CrashLooping;
    if (reason == "INTEGRITY") return GateKind::Integrity;
    return GateKind::Failed;
}

std::uint32_t badOf(const domain::StageCounts& stage) {
    return countOf(stage.outcomes, Outcome::Failed) + countOf(stage.outcomes, Outcome::Reverted) +
           countOf(stage.outcomes, Outcome::Silent);
}

std::uint32_t denominatorOf(const domain::StageCounts& stage) {
    const std::uint32_t out = stage.offline + countOf(stage.outcomes, Outcome::Skipped) +
                              countOf(stage.outcomes, Outcome::Aborted);
    return stage.targeted - std::min(stage.targeted, out);
}

std::uint32_t awaitedOf(const domain::StageCounts& stage) {
    const std::uint32_t pending = countOf(stage.outcomes, Outcome::Pending);
    return pending - std::min(pending, stage.offline);
}

std::uint32_t allowedBy(const domain::GateLimits& limits, const domain::StageCounts& stage) {
    const std::uint64_t share = std::uint64_t{denominatorOf(stage)} * limits.percent / 100;
    return std::max(limits.count, static_cast<std::uint32_t>(share));
}

std::uint32_t badBudget(const domain::GatePolicy& policy, const domain::StageCounts& stage) {
    const std::uint32_t machines = denominatorOf(stage);
    const std::uint32_t lessThanHalf = machines == 0 ? 0 : (machines - 1) / 2;
    return std::min(allowedBy(domain::limitsOf(policy, GateKind::Bad, stage.kind), stage),
                    lessThanHalf);
}

GateVerdict checkGates(const domain::StageCounts& stage,
                       const std::map<GateKind, std::uint32_t>& accepted,
                       const domain::GatePolicy& policy) {
    const auto newly = [&accepted](GateKind kind, std::uint32_t bad) {
        return bad - std::min(bad, countOf(accepted, kind));
    };
    const std::uint32_t bad = badOf(stage);
    const std::uint32_t newlyBad = newly(GateKind::Bad, bad);
    if (newlyBad == 0) return {};
    // The total first: its sentence says most.
    GateVerdict verdict = checkKind(GateKind::Bad, newlyBad, stage, policy);
    for (auto kind = stage.bad.begin(); kind != stage.bad.end() && !verdict.halt; ++kind)
        verdict = checkKind(kind->first, newly(kind->first, kind->second), stage, policy);
    if (verdict.halt) return verdict;
    if (awaitedOf(stage) == 0 && std::uint64_t{bad} * 2 >= denominatorOf(stage))
        return {true, fmt::format("{}: half or more of the stage", figures(stage))};
    return {};
}

}  // namespace ifrit::master::release
