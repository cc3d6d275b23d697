// SPDX-License-Identifier: Apache-2.0
#include "agent/reconcile/plan_self.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/reconcile/plan_of.h"

namespace ifrit::agent::reconcile {
namespace {

using domain::MachineState;

/// Also how often the version on trial shows that it turns (guard/trial_verdict.h).
constexpr std::chrono::milliseconds kTrialPass{1'000};

}  // namespace

AgentPlan planSelfStep(const AgentFacts& facts, base::WallTime now) {
    const std::string version = facts.record.step ? facts.record.step->target.version : "another";
    switch (facts.self->trial) {
        case SelfFacts::Trial::Running: {
            AgentPlan plan =
                planOf(facts, MachineState::Watching, fmt::format("watching {}", version),
                       {{ActionKind::Watch, now + kTrialPass}, {ActionKind::Commit}});
            plan.deadline = facts.self->trialEnds;
            return plan;
        }
        case SelfFacts::Trial::Passed:
            return planOf(facts, MachineState::Watching, fmt::format("watching {}", version),
                          {{ActionKind::Commit}});
        case SelfFacts::Trial::Leaving:
            return planOf(facts, MachineState::Installing, fmt::format("switching to {}", version),
                          {});
        case SelfFacts::Trial::None:
            break;
    }
    return planOf(facts, MachineState::Installing, fmt::format("switching to {}", version),
                  {{ActionKind::Recover}});
}

bool isOnTrial(const std::vector<AgentFacts>& machine) {
    return std::any_of(machine.begin(), machine.end(), [](const AgentFacts& facts) {
        return facts.self && facts.self->trial == SelfFacts::Trial::Running;
    });
}

void changeNothing(AgentPlan& plan, base::WallTime now) {
    const auto first = std::find_if(plan.actions.begin(), plan.actions.end(),
                                    [](const auto& one) { return isNewChange(one.kind); });
    if (first == plan.actions.end()) return;
    plan.actions.erase(first, plan.actions.end());
    plan.step = "waiting until ifrit-agent has proved itself";
    plan.state = domain::MachineState::Scheduled;
    if (plan.actions.empty()) plan.actions.push_back({ActionKind::WaitUntil, now + kTrialPass});
}

}  // namespace ifrit::agent::reconcile
