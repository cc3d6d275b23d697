// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/journal/journal.h"
#include "agent/link/report.h"
#include "shared/base/backoff.h"
#include "shared/base/clock.h"

namespace ifrit::agent::link {

/// What the machine looks like now; the builder finds out what of it is news.
struct MachineStatus {
    domain::MachineFacts facts;
    std::vector<domain::AgentReport> agents;
    domain::ResourceSample ifrit;
};

/// Makes reports as deltas against what the master has acknowledged. A report that was sent is sent
/// again with the same number and content until it is acknowledged, so that the master can tell a
/// repetition. Events come from the journal's spool and leave it when acknowledged. Thread-safe.
class ReportBuilder {
public:
    /// Both must outlive it. Gives the journal a stream id if it has none. `random`, of [0, 1),
    /// spreads the numbers of runs that began at the same copy of a disk.
    ReportBuilder(journal::Journal& journal, const base::Clock& clock,
                  base::UniformRandom random = base::systemUniformRandom());

    /// True when something a person waits for has changed (a version, a state, an error, an event),
    /// as opposed to samples and progress texts, which wait for the next poll. Of more than
    /// kMaxReportedAgents the last are not reported; the event "not-reported" names each of them.
    bool publish(MachineStatus status) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// The machine's facts alone, of which publish() may have had older ones.
    void describe(const domain::MachineFacts& facts) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// What was published last.
    MachineStatus current() const ABSL_LOCKS_EXCLUDED(m_mutex);
    void addLogTail(LogTail tail) ABSL_LOCKS_EXCLUDED(m_mutex);

    /// The report to send now; sequence 0 when there is no news. Numbers are reserved on disk in
    /// blocks; when the disk has been full for so long that none is left the journal's error is
    /// returned, and the poll goes without a report.
    absl::StatusOr<Report> next() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// What the master answered to a poll. A full report comes next where it asks for one, or knows
    /// of fewer reports than were acknowledged: restored from a backup, or behind the others; and
    /// in a new stream where it knows of more than were sent: this machine was put back.
    absl::Status acknowledge(std::uint64_t ackedSequence, bool wantFullReport)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// When the master answered, by its own clock. Where that went on by much more than ours since
    /// the last answer, this machine slept or was put back to an earlier moment: a full report
    /// comes next.
    void heardAt(base::WallTime masterTime) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// The master will never take the pending report: its content comes in a full one.
    void discardPending() ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    using Agents = std::map<std::string, domain::AgentReport>;
    struct Pending {
        Report report;
        domain::MachineFacts facts;
        Agents agents;
        std::uint64_t lastEvent = 0;
        std::size_t logTails = 0;
    };

    /// Of the agents beyond what a report may hold, which are cut off: an event for each, once.
    void leaveOut(std::vector<domain::AgentReport>& agents) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    Report delta() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    absl::Status beginStream(std::uint64_t ackedSequence) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    absl::Status number(Report& report) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    Pending withEvents(Report report) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    journal::Journal& m_journal;
    const base::Clock& m_clock;
    const base::UniformRandom m_random;
    mutable absl::Mutex m_mutex;
    MachineStatus m_now ABSL_GUARDED_BY(m_mutex);
    bool m_published ABSL_GUARDED_BY(m_mutex) = false;
    bool m_needFull ABSL_GUARDED_BY(m_mutex) = true;
    domain::MachineFacts m_ackedFacts ABSL_GUARDED_BY(m_mutex);
    Agents m_ackedAgents ABSL_GUARDED_BY(m_mutex);
    std::optional<Pending> m_pending ABSL_GUARDED_BY(m_mutex);
    std::uint64_t m_sequence ABSL_GUARDED_BY(m_mutex);  ///< used last; the journal has more
    bool m_hasBegun ABSL_GUARDED_BY(m_mutex) = false;   ///< this run has numbers
    /// The highest that a master acknowledged, until one says less; 0: none of this run's.
    std::uint64_t m_ackedSequence ABSL_GUARDED_BY(m_mutex) = 0;
    std::optional<std::chrono::milliseconds> m_masterAhead ABSL_GUARDED_BY(m_mutex);
    /// Events up to here are the master's, also when the journal could not be told.
    std::uint64_t m_ackedEvent ABSL_GUARDED_BY(m_mutex) = 0;
    std::vector<LogTail> m_logTails ABSL_GUARDED_BY(m_mutex);
    std::set<std::string> m_leftOut ABSL_GUARDED_BY(m_mutex);  ///< agents that were told of
};

/// Differs in more than noise: any field but the sample, or a sample that moved by more than a
/// quarter and 1 % of a core or 4 MiB. An idle agent's samples must not make each poll a write.
bool isNews(const domain::AgentReport& before, const domain::AgentReport& after);

}  // namespace ifrit::agent::link
