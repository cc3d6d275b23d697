// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/reconcile/action.h"
#include "agent/reconcile/agent_facts.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::app {

/// From plan and facts to what the master and `status` are told. Remembers since when each agent
/// has been in its state. One thread.
class ReportMaker {
public:
    /// `progress` adds to the plan's step ("downloading" -> "downloading 62 %"); may be empty.
    domain::AgentReport make(const reconcile::AgentFacts& facts, const reconcile::AgentPlan& plan,
                             const std::string& progress, base::WallTime now);

private:
    struct Entered {
        domain::MachineState state = domain::MachineState::Unknown;
        std::string desired;
        base::WallTime since{};
    };
    std::map<std::string, Entered> m_entered;
};

}  // namespace ifrit::agent::app
