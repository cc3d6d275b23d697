// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "shared/domain/gate_policy.h"

namespace ifrit::domain {

/// "KIND[@STAGE]=PERCENT%[,COUNT[,MINSAMPLE]]", e.g. "silent@batch=10%,2,5"; what is left out has
/// its default. INVALID_ARGUMENT with a sentence that names the text. Pure.
absl::StatusOr<GateRule> parseGateRule(std::string_view text);
/// The same rule as text, in full: parseGateRule() gives it back.
std::string formatGateRule(const GateRule& rule);

}  // namespace ifrit::domain
