// SPDX-License-Identifier: Apache-2.0
#include "agent/app/probation_times.h"

#include <algorithm>

#include "agent/reconcile/probation.h"
#include "agent/reconcile/step_positions.h"

namespace ifrit::agent::app {

void ProbationTimes::adjust(reconcile::AgentFacts& facts) {
    adjustLimit(facts);
    const auto& step = facts.record.step;
    const bool watched = step && step->position == reconcile::kWatching && facts.process &&
                         facts.process->phase != supervise::Phase::Clearing &&
                         !facts.process->unasked;
    if (!watched) {
        m_seen.erase(facts.agent);
        return;
    }
    Seen& seen = m_seen[facts.agent];
    if (seen.digest != step->target.digest || seen.started != step->started) {
        const base::WallTime now = m_clock.now();
        const std::chrono::milliseconds least = facts.probeSpan + reconcile::kStartAllowance;
        const std::chrono::milliseconds left = step->deadline.value_or(now) - now;
        seen = {step->target.digest, step->started,
                m_clock.steadyNow() + std::clamp(left, least, least + facts.probation)};
    }
    facts.probationEnds = seen.ends;
}

void ProbationTimes::adjustLimit(reconcile::AgentFacts& facts) {
    const auto& step = facts.record.step;
    if (!step ||
        (step->position != reconcile::kStarting && step->position != reconcile::kWatching)) {
        m_begun.erase(facts.agent);
        return;
    }
    Begun& begun = m_begun[facts.agent];
    if (begun.position != step->position || begun.digest != step->target.digest ||
        begun.started != step->started) {
        begun = {step->position, step->target.digest, step->started,
                 m_clock.steadyNow() + facts.probation + facts.probeSpan +
                     reconcile::kStartAllowance + reconcile::kLongestUnjudged};
    }
    facts.unjudgedEnds = begun.limit;
}

}  // namespace ifrit::agent::app
