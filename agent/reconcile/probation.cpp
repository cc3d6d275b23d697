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
    switch (process.lastEnd) {
        case supervise::RunEnd::OverLimit:
            return failed(kLimitExceeded, "in probation " + how);
        case supervise::RunEnd::Unhealthy:
            return failed(kProbeFailed, "in probation " + how);
        case supervise::RunEnd::NotStarted:
            return failed(process.refusedProgram.empty() ? kStartFailed
                                                         : std::string_view(process.refusedProgram),
                          "could not be started: " + how);
        default:
            return failed(kExitedAtStart, "in probation " + how);
    }
}

/// A limit that the system holds kills nobody, and what the version was signed for does not happen
/// all the same. Many programs are throttled while they start: only what lasts for most of the
/// probation is an offence, and one look is none.
bool isMostlyThrottled(const supervise::HeldBack& held) {
    return held.throttled >= 2 && held.throttled * 2 > held.looks;
}

ProbationVerdict throttled(const supervise::HeldBack& held) {
    return failed(kLimitExceeded,
                  fmt::format("in probation held at its CPU limit in {} of {} looks",
                              held.throttled, held.looks));
}

}  // namespace

bool isOverdue(const AgentFacts& facts) {
    return facts.unjudgedEnds && facts.steadyNow >= *facts.unjudgedEnds;
}

std::string unjudged(const std::string& why) {
    const std::string text = "could not be judged: ";
    return text + (why.empty() ? "nothing is known of it" : why);
}

std::chrono::milliseconds probeSpan(const std::optional<domain::Probe>& probe) {
    if (!probe) return std::chrono::milliseconds(0);
    return probe->interval * probe->failureThreshold + probe->timeout;
}

base::WallTime probationDeadline(base::WallTime started, std::chrono::milliseconds probation,
                                 std::chrono::milliseconds probeSpan) {
    return started + probation + probeSpan + kStartAllowance;
}

ProbationVerdict judgeProbation(const AgentFacts& facts, base::WallTime now) {
    const supervise::AgentSnapshot& process = *facts.process;
    if (hasEnded(process)) return ended(process);
    const auto wallTime = [&](base::SteadyTime time) {
        return now + std::chrono::ceil<std::chrono::milliseconds>(time - facts.steadyNow);
    };
    // Not started yet: how long the old one takes to die says nothing about the new one.
    if (process.phase == supervise::Phase::Clearing) {
        if (isOverdue(facts)) return failed(kNoVerdict, unjudged(process.healthMessage));
        return {ProbationVerdict::Kind::Undecided,
                facts.unjudgedEnds ? wallTime(*facts.unjudgedEnds) : base::WallTime::max()};
    }
    if (process.health == supervise::Health::Unhealthy) {
        if (process.lastEnd == supervise::RunEnd::OverLimit)
            return failed(kLimitExceeded, "in probation " + process.healthMessage);
        return failed(kProbeFailed, process.healthMessage.empty()
                                        ? "is not healthy in probation"
                                        : fmt::format("{} in probation", process.healthMessage));
    }
    const supervise::HeldBack& held = process.heldBack;
    if (held.tasksRefused) {
        return failed(kLimitExceeded,
                      "in probation refused more processes and threads than its limit");
    }
    if (process.health == supervise::Health::Healthy && process.healthySince) {
        const base::SteadyTime passes = *process.healthySince + facts.probation;
        if (facts.steadyNow >= passes && isMostlyThrottled(held)) return throttled(held);
        if (facts.steadyNow >= passes) return {ProbationVerdict::Kind::Passed};
        // A healthy version is not failed by the clock: time was spent away (suspend, restart).
        return {ProbationVerdict::Kind::Undecided, wallTime(passes)};
    }
    if (isOverdue(facts)) {
        return isMostlyThrottled(held) ? throttled(held)
                                       : failed(kNoVerdict, unjudged(process.healthMessage));
    }
    if (!facts.probationEnds)
        return {ProbationVerdict::Kind::Undecided, now + facts.probeSpan + kStartAllowance};
    if (facts.steadyNow >= *facts.probationEnds && isMostlyThrottled(held)) return throttled(held);
    if (facts.steadyNow >= *facts.probationEnds)
        return failed(kProbeFailed, "did not become healthy in its probation");
    return {ProbationVerdict::Kind::Undecided, wallTime(*facts.probationEnds)};
}

}  // namespace ifrit::agent::reconcile
