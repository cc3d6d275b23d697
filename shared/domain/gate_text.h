// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/gate_policy.h"

namespace ifrit::domain {

/// "KIND[@STAGE]=PERCENT%[,COUNT[,MINSAMPLE]]", e.g. "silent@batch=10%,2,5"; what is left out has
/// its default. INVALID_ARGUMENT with a sentence that names the text. Pure.
absl::StatusOr<GateRule> parseGateRule(std::string_view text);
/// The same rule as text, in full: parseGateRule() gives it back.
std::string formatGateRule(const GateRule& rule);

/// "[STAGE=]PERCENT%[,CPUPOINTS[,RSSBYTES[,MINSAMPLE]]]" or "[STAGE=]off", e.g. "30%,5" and
/// "full=off": what the agent may cost, in every stage or in one. What is left out stays as it is
/// in `policy`; a stage that was not named yet begins with what holds in every stage.
absl::Status applyCostText(std::string_view text, GatePolicy& policy);
/// Texts that applyCostText() makes the same limits of, in this order; none for the default.
std::vector<std::string> formatCosts(const GatePolicy& policy);

}  // namespace ifrit::domain
