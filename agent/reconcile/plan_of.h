// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/reconcile/action.h"
#include "agent/reconcile/agent_facts.h"

namespace ifrit::agent::reconcile {

/// Of this agent, without times to wait for.
inline AgentPlan planOf(const AgentFacts& facts, domain::MachineState state, std::string step,
                        std::vector<Action> actions) {
    AgentPlan plan;
    plan.agent = facts.agent;
    plan.state = state;
    plan.step = std::move(step);
    plan.actions = std::move(actions);
    return plan;
}

}  // namespace ifrit::agent::reconcile
