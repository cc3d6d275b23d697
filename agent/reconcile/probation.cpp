// SPDX-License-Identifier: Apache-2.0
#include "agent/reconcile/probation.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/reconcile/reasons.h"

namespace ifrit::agent::reconcile {
namespace {

ProbationVerdict failed(std::string_view reason, std::string message) {
    return {ProbationVerdict::Kind::Failed, {}, std::string(reason), std::move(message)};
}

bool hasEnded(const supervise::AgentSnapshot& process) {
    return process.restarts > 0 || process.phase == supervise::Phase::BackingOff ||
           process.phase == supervise::Phase::Stopped;
}

ProbationVerdict ended(const supervise::AgentSnapshot& process) {
    const std::string how = process.lastExit.empty() ? "ended" : process.lastExit;
    if (how.rfind("killed: ", 0) == 0) {
        return failed(kLimitExceeded, fmt::format("{} in probation", how));
    }
    if (!process.started) return failed(kStartFailed, fmt::format("could not be started: {}", how));
    return failed(kExitedAtStart, fmt::format("{} in probation", how));
}

}  // namespace

base::WallTime probationDeadline(base::WallTime started, std::chrono::milliseconds probation,
                                 std::chrono::milliseconds probeSpan) {
    return started + probation + probeSpan + kStartAllowance;
}

ProbationVerdict judgeProbation(const AgentFacts& facts, base::WallTime now) {
    const supervise::AgentSnapshot& process = *facts.process;
    if (hasEnded(process)) return ended(process);
    if (process.health == supervise::Health::Unhealthy) {
        return failed(kProbeFailed, process.healthMessage.empty()
                                        ? "is not healthy in probation"
                                        : fmt::format("{} in probation", process.healthMessage));
    }
    const base::WallTime deadline = facts.record.step->deadline.value_or(now);
    if (process.health == supervise::Health::Healthy && process.healthySince) {
        const base::WallTime passes = *process.healthySince + facts.probation;
        if (now >= passes) return {ProbationVerdict::Kind::Passed};
        // A healthy version is not failed by the clock: time was spent away (suspend, restart).
        return {ProbationVerdict::Kind::Undecided, passes};
    }
    if (now >= deadline) return failed(kProbeFailed, "did not become healthy in its probation");
    return {ProbationVerdict::Kind::Undecided, deadline};
}

}  // namespace ifrit::agent::reconcile
