// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>

#include "shared/domain/gate_policy.h"

namespace ifrit::domain {

/// "KIND[@STAGE]=PERCENT%[,COUNT[,MINSAMPLE]]", e.g. "silent@batch=10%,2,5"; what is left out has
/// its default. INVALID_ARGUMENT with a sentence that names the text. Pure.
absl::StatusOr<GateRule> parseGateRule(std::string_view text);
/// The same rule as text, in full: parseGateRule() gives it back.
std::string formatGateRule(const GateRule& rule);

/// What the agent may cost. `stage` nullopt: in every stage that has no limits of its own.
struct CostRule {
    std::optional<StageKind> stage;
    CostLimits limits;
    bool operator==(const CostRule&) const = default;
};

/// "[STAGE=]PERCENT%[,CPUPOINTS[,RSS[,MINSAMPLE]]]", e.g. "full=20%,1.5,8MiB,9", or "[STAGE=]none"
/// for a stage that no cost halts; what is left out has its default. INVALID_ARGUMENT
/// (GATE_INVALID) with a sentence that names the text. Pure.
absl::StatusOr<CostRule> parseCostRule(std::string_view text);
/// The same rule as text, in full: parseCostRule() gives it back.
std::string formatCostRule(const CostRule& rule);
/// Puts it into the policy. False: the stage has limits already.
bool addCostRule(const CostRule& rule, GatePolicy& policy);

}  // namespace ifrit::domain
