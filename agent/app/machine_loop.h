// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/app/action_executor.h"
#include "agent/app/facts_gatherer.h"
#include "agent/app/local_retries.h"
#include "agent/app/permit_waits.h"
#include "agent/app/report_maker.h"
#include "agent/app/worker_pool.h"
#include "agent/journal/event_queue.h"
#include "agent/link/report_builder.h"
#include "agent/reconcile/retry_policy.h"
#include "shared/base/backoff.h"

namespace ifrit::agent::app {

/// From `now` until `next`, which pass() said; a clock that was set back since then makes it no
/// longer than from one pass to the next where nothing is done.
std::chrono::milliseconds pauseUntil(base::WallTime next, base::WallTime now);

/// The level-triggered loop: look, plan, act, report. Whatever wakes it, it looks at everything
/// again, so no notice can be lost. pass() belongs to one thread; actions run on the pool's.
class MachineLoop {
public:
    struct Parts {
        const base::Clock& clock;
        base::UniformRandom random;
        journal::Journal& journal;
        supervise::Supervisor& supervisor;
        integrity::IntegrityBoard& integrity;
        FactsGatherer& facts;
        ActionExecutor& executor;
        WorkerPool& workers;  ///< of three threads or more
        link::ReportBuilder& reports;
        const ProgressBoard& progress;
        /// Fills facts and sample of ifrit-agent itself.
        std::function<void(link::MachineStatus&)> describeMachine;
        /// An agent that does not start may have damaged files.
        std::function<void(const std::string& agent)> suspect;
        std::function<void()> wake;        ///< from any thread: pass() again soon
        std::function<void()> reportSoon;  ///< something a person waits for has changed
    };

    MachineLoop(Parts parts, reconcile::RetryPolicy retry);

    /// Does what is due and returns when to look again at the latest.
    base::WallTime pass();
    /// Nothing new is begun any more. Destroy the workers before this.
    void stop() { m_stopping = true; }

private:
    void applyOutcomes() ABSL_LOCKS_EXCLUDED(m_mutex);
    void apply(const ActionOutcome& outcome);
    void recordFailure(const ActionOutcome& outcome);
    void log(const ActionOutcome& outcome) const;
    void recordWait(const ActionOutcome& outcome);
    void recordLocalFailure(const ActionOutcome& outcome);
    void addUnwritten(std::vector<reconcile::AgentFacts>& facts) const;
    /// When that is by the wall clock of now.
    base::WallTime wallTime(base::SteadyTime time) const;
    /// Into the journal, and again with each pass until it takes them.
    void keepEvents();
    base::WallTime act(const reconcile::AgentFacts& facts, const reconcile::AgentPlan& plan);
    void dispatch(const reconcile::Action& action, const reconcile::AgentFacts& facts);
    void publish(const std::vector<reconcile::AgentFacts>& facts,
                 const std::vector<reconcile::AgentPlan>& plans, base::WallTime now);

    const Parts m_parts;
    const reconcile::RetryPolicy m_retry;
    ReportMaker m_reports;
    bool m_stopping = false;
    std::set<std::string> m_busy;
    LocalRetries m_localRetries;
    PermitWaits m_waits;
    journal::EventQueue m_unwritten{journal::kMaxSpooledEvents};
    std::size_t m_toldUnwritten = 0;  ///< so many unwritten events were in the log already
    absl::Mutex m_mutex;
    std::vector<ActionOutcome> m_outcomes ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::app
