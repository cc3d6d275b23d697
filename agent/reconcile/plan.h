// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "agent/reconcile/action.h"
#include "agent/reconcile/agent_facts.h"

namespace ifrit::agent::reconcile {

/// What to do for one agent. Pure. The rules, in order:
///  1. a step that was begun is brought to a defined end first, without the network;
///  2. an agent that nobody names is left alone, and kept running if we installed it;
///  3. a version known to be bad here is not tried again;
///  4. after a failure nothing is tried before its retry time;
///  5. nothing is switched, installed or uninstalled without a permit that is still valid;
///  6. what is on disk already is not downloaded;
///  7. damaged files are put back first, but never while a step is on;
///  8. what runs with an address that the machine has no more is restarted with the new one, before
///     it is judged.
AgentPlan planAgent(const AgentFacts& facts, base::WallTime now);

/// planAgent() of each, in the order given.
std::vector<AgentPlan> planMachine(const std::vector<AgentFacts>& machine, base::WallTime now);

}  // namespace ifrit::agent::reconcile
