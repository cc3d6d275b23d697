// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "agent/reconcile/action.h"
#include "agent/reconcile/agent_facts.h"

namespace ifrit::agent::reconcile {

/// The plan of ifrit-agent itself where an upgrade of it has begun. Guard decides how a trial ends;
/// what is left to do here is to wait, to commit, or to take notice. Pure.
AgentPlan planSelfStep(const AgentFacts& facts, base::WallTime now);

/// True while the ifrit-agent that plans this is on trial.
bool isOnTrial(const std::vector<AgentFacts>& machine);
/// A version on trial keeps what runs running and brings nothing new: whatever is wrong with it
/// must not reach the other agents, and nothing may be half done when it is put back.
void changeNothing(AgentPlan& plan, base::WallTime now);

}  // namespace ifrit::agent::reconcile
