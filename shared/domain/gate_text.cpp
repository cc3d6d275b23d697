// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/gate_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "shared/base/byte_size.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::domain {
namespace {

template <typename... Args>
absl::Status refused(std::string_view text, fmt::format_string<Args...> words, Args&&... args) {
    return base::invalidArgument("GATE_INVALID", text, "{}",
                                 fmt::format(words, std::forward<Args>(args)...));
}

absl::Status notThisForm(std::string_view text) {
    return refused(
        text,
        "gate '{}' is not KIND[@STAGE]=PERCENT%[,COUNT[,MINSAMPLE]]; kinds are bad, failed, "
        "timed-out, silent, crash-looping, integrity; stages gray, pilot, batch, full",
        text);
}

absl::StatusOr<std::uint32_t> number(std::string_view text) {
    std::uint32_t out = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || rest != end)
        return refused(text, "gate: '{}' is no whole number", text);
    return out;
}

absl::StatusOr<std::uint32_t> percent(std::string_view text, std::uint32_t most = 100) {
    if (text.empty() || text.back() != '%')
        return refused(text, "gate: '{}' is no percentage such as 5%", text);
    IFRIT_ASSIGN_OR_RETURN(const std::uint32_t out, number(text.substr(0, text.size() - 1)));
    if (out > most) return refused(text, "gate: {} is over {}%", text, most);
    return out;
}

constexpr std::uint32_t kMostCostPercent = 10'000;
constexpr double kMostCpuPoints = 10'000;

absl::Status notACost(std::string_view text) {
    return refused(text,
                   "cost gate '{}' is not [STAGE=]PERCENT%[,CPUPOINTS[,RSS[,MINSAMPLE]]] as "
                   "full=20%,1.5,8MiB,9, nor [STAGE=]none; stages are gray, pilot, batch, full; a "
                   "sample is at least {}",
                   text, kLeastCostSample);
}

/// Percent of a core, in hundredths: what the wire carries.
absl::StatusOr<double> cpuPoints(std::string_view text) {
    double out = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, out, std::chars_format::fixed);
    if (error != std::errc() || rest != end || !(out >= 0 && out <= kMostCpuPoints))
        return refused(text, "cost gate: '{}' is no percentage of a core such as 1.5", text);
    return std::round(out * 100) / 100;
}

/// The text up to the next comma, which is taken off.
std::string_view nextPart(std::string_view& text) {
    const std::size_t comma = text.find(',');
    const std::string_view out = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    return out;
}

}  // namespace

absl::StatusOr<GateRule> parseGateRule(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return notThisForm(text);
    std::string_view name = text.substr(0, equals);
    std::string_view rest = text.substr(equals + 1);
    GateRule out;
    if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
        out.stage = fromName<StageKind>(name.substr(at + 1));
        if (!out.stage) return notThisForm(text);
        name = name.substr(0, at);
    }
    const auto kind = fromName<GateKind>(name);
    // A comma that nothing follows is a part that was forgotten.
    if (!kind || *kind == GateKind::Cost || (!rest.empty() && rest.back() == ','))
        return notThisForm(text);
    out.kind = *kind;
    IFRIT_ASSIGN_OR_RETURN(out.limits.percent, percent(nextPart(rest)));
    if (!rest.empty()) {
        IFRIT_ASSIGN_OR_RETURN(out.limits.count, number(nextPart(rest)));
    }
    if (!rest.empty()) {
        IFRIT_ASSIGN_OR_RETURN(out.limits.minSample, number(nextPart(rest)));
    }
    return rest.empty() ? absl::StatusOr<GateRule>(out) : notThisForm(text);
}

std::string formatGateRule(const GateRule& rule) {
    const std::string stage = rule.stage ? fmt::format("@{}", nameOf(*rule.stage)) : std::string();
    return fmt::format("{}{}={}%,{},{}", nameOf(rule.kind), stage, rule.limits.percent,
                       rule.limits.count, rule.limits.minSample);
}

absl::StatusOr<CostRule> parseCostRule(std::string_view text) {
    CostRule out;
    std::string_view rest = text;
    if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
        out.stage = fromName<StageKind>(text.substr(0, equals));
        if (!out.stage) return notACost(text);
        rest = text.substr(equals + 1);
    }
    if (rest == "none") {
        out.limits.enabled = false;
        return out;
    }
    if (!rest.empty() && rest.back() == ',') return notACost(text);
    IFRIT_ASSIGN_OR_RETURN(out.limits.percent, percent(nextPart(rest), kMostCostPercent));
    if (!rest.empty()) {
        IFRIT_ASSIGN_OR_RETURN(out.limits.cpuPoints, cpuPoints(nextPart(rest)));
    }
    if (!rest.empty()) {
        const auto bytes = base::parseByteSize(nextPart(rest));
        if (!bytes) return notACost(text);
        out.limits.rssBytes = *bytes;
    }
    if (!rest.empty()) {
        IFRIT_ASSIGN_OR_RETURN(out.limits.minSample, number(nextPart(rest)));
    }
    if (!rest.empty() || out.limits.minSample < kLeastCostSample) return notACost(text);
    return out;
}

std::string formatCostRule(const CostRule& rule) {
    const std::string stage = rule.stage ? fmt::format("{}=", nameOf(*rule.stage)) : std::string();
    const CostLimits& limits = rule.limits;
    if (!limits.enabled) return stage + "none";
    return fmt::format("{}{}%,{:g},{},{}", stage, limits.percent, limits.cpuPoints,
                       base::formatByteSize(limits.rssBytes), limits.minSample);
}

bool addCostRule(const CostRule& rule, GatePolicy& policy) {
    if (!rule.stage) {
        policy.cost = rule.limits;
        return true;
    }
    if (ownCostOf(policy, *rule.stage) != nullptr) return false;
    policy.stageCosts.push_back({*rule.stage, rule.limits});
    return true;
}

}  // namespace ifrit::domain
