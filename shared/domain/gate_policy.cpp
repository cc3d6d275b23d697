// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/gate_policy.h"

namespace ifrit::domain {

GateLimits limitsOf(const GatePolicy& policy, GateKind kind, StageKind stage) {
    const GateRule* general = nullptr;
    for (const GateRule& rule : policy.rules) {
        if (rule.kind != kind) continue;
        if (rule.stage == stage) return rule.limits;
        if (!rule.stage) general = &rule;
    }
    return general != nullptr ? general->limits : GateLimits{};
}

const CostLimits* ownCostOf(const GatePolicy& policy, StageKind stage) {
    for (const StageCost& own : policy.stageCosts) {
        if (own.stage == stage) return &own.limits;
    }
    return nullptr;
}

}  // namespace ifrit::domain
