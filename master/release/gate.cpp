// SPDX-License-Identifier: Apache-2.0
#include "master/release/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/domain/enum_names.h"

namespace ifrit::master::release {
namespace {

std::uint32_t countOf(const domain::StageCounts& stage, domain::Outcome outcome) {
    const auto found = stage.outcomes.find(outcome);
    return found == stage.outcomes.end() ? 0 : found->second;
}

std::string figures(const domain::StageCounts& stage) {
    return fmt::format(
        "{} failed, {} reverted, {} silent of {} in the {} stage",
        countOf(stage, domain::Outcome::Failed), countOf(stage, domain::Outcome::Reverted),
        countOf(stage, domain::Outcome::Silent), denominatorOf(stage), domain::nameOf(stage.kind));
}

}  // namespace

std::uint32_t badOf(const domain::StageCounts& stage) {
    return countOf(stage, domain::Outcome::Failed) + countOf(stage, domain::Outcome::Reverted) +
           countOf(stage, domain::Outcome::Silent);
}

std::uint32_t denominatorOf(const domain::StageCounts& stage) {
    const std::uint32_t out = stage.offline + countOf(stage, domain::Outcome::Skipped) +
                              countOf(stage, domain::Outcome::Aborted);
    return stage.targeted - std::min(stage.targeted, out);
}

std::uint32_t awaitedOf(const domain::StageCounts& stage) {
    const std::uint32_t pending = countOf(stage, domain::Outcome::Pending);
    return pending - std::min(pending, stage.offline);
}

GateVerdict checkGate(const domain::StageCounts& stage, std::uint32_t accepted,
                      const GateLimits& limits) {
    const std::uint32_t bad = badOf(stage);
    if (bad <= accepted) return {};
    const std::uint32_t denominator = denominatorOf(stage);
    const std::uint64_t share = std::uint64_t{denominator} * limits.percent / 100;
    const std::uint64_t allowed = std::max<std::uint64_t>(limits.count, share);
    if (bad - accepted > allowed) {
        return {true, fmt::format("{}; the gate lets at most {} through", figures(stage), allowed)};
    }
    if (awaitedOf(stage) == 0 && std::uint64_t{bad} * 2 >= denominator)
        return {true, fmt::format("{}: half or more of the stage", figures(stage))};
    return {};
}

}  // namespace ifrit::master::release
