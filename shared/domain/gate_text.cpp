// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/gate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::domain {
namespace {

constexpr std::uint32_t kMostPercent = 10'000;
constexpr std::uint32_t kLeastSample = 5;

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

absl::StatusOr<std::uint32_t> percent(std::string_view text) {
    if (text.empty() || text.back() != '%')
        return refused(text, "gate: '{}' is no percentage such as 5%", text);
    IFRIT_ASSIGN_OR_RETURN(const std::uint32_t out, number(text.substr(0, text.size() - 1)));
    if (out > 100) return refused(text, "gate: {} is over 100%", text);
    return out;
}

/// The text up to the next comma, which is taken off.
std::string_view nextPart(std::string_view& text) {
    const std::size_t comma = text.find(',');
    const std::string_view out = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    return out;
}

template <typename Number>
bool readPart(std::string_view text, Number& out) {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && rest == end;
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

absl::Status applyCostText(std::string_view text, GatePolicy& policy) {
    const auto notThisForm = [text] {
        return refused(text,
                       "cost-gate '{}' is not [STAGE=]PERCENT%[,CPUPOINTS[,RSSBYTES[,MINSAMPLE]]] "
                       "or [STAGE=]off; stages are gray, pilot, batch, full",
                       text);
    };
    std::optional<StageKind> stage;
    std::string_view rest = text;
    if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
        stage = fromName<StageKind>(text.substr(0, equals));
        if (!stage) return notThisForm();
        rest = text.substr(equals + 1);
    }
    const CostLimits* own = stage ? ownCostOf(policy, *stage) : nullptr;
    CostLimits out = own != nullptr ? *own : policy.cost;
    out.enabled = rest != "off";
    if (out.enabled) {
        if (rest.empty() || rest.back() == ',') return notThisForm();
        const std::string_view share = nextPart(rest);
        const bool isRead = !share.empty() && share.back() == '%' &&
                            readPart(share.substr(0, share.size() - 1), out.percent) &&
                            (rest.empty() || readPart(nextPart(rest), out.cpuPoints)) &&
                            (rest.empty() || readPart(nextPart(rest), out.rssBytes)) &&
                            (rest.empty() || readPart(nextPart(rest), out.minSample));
        if (!isRead || !rest.empty()) return notThisForm();
    }
    if (out.percent > kMostPercent || !(out.cpuPoints >= 0 && out.cpuPoints <= kMostPercent))
        return refused(text, "cost-gate '{}': at most 10000", text);
    if (out.minSample < kLeastSample)
        return refused(text, "cost-gate '{}': a sample has at least 5 machines", text);
    if (!stage) {
        policy.cost = out;
        return absl::OkStatus();
    }
    auto& all = policy.stageCosts;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&stage](const StageCost& cost) { return cost.stage == *stage; }),
              all.end());
    all.push_back({*stage, out});
    return absl::OkStatus();
}

std::vector<std::string> formatCosts(const GatePolicy& policy) {
    const auto textOf = [](const CostLimits& limits) {
        if (!limits.enabled) return std::string("off");
        return fmt::format("{}%,{},{},{}", limits.percent, limits.cpuPoints, limits.rssBytes,
                           limits.minSample);
    };
    std::vector<std::string> out;
    if (policy.cost != CostLimits()) out.push_back(textOf(policy.cost));
    for (const StageCost& cost : policy.stageCosts)
        out.push_back(fmt::format("{}={}", nameOf(cost.stage), textOf(cost.limits)));
    return out;
}

std::string formatGateRule(const GateRule& rule) {
    const std::string stage = rule.stage ? fmt::format("@{}", nameOf(*rule.stage)) : std::string();
    return fmt::format("{}{}={}%,{},{}", nameOf(rule.kind), stage, rule.limits.percent,
                       rule.limits.count, rule.limits.minSample);
}

}  // namespace ifrit::domain
