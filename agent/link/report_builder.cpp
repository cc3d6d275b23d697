// SPDX-License-Identifier: Apache-2.0
#include "agent/link/report_builder.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "agent/link/report_text.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"

namespace ifrit::agent::link {
namespace {

// The contract's limits (machine_link.proto, types.proto).
constexpr std::size_t kMaxEvents = 256;
constexpr std::size_t kMaxStepBytes = 256;
constexpr std::size_t kMaxMessageBytes = 4096;
/// So many reports can still be numbered once the disk takes nothing any more.
constexpr std::uint64_t kLeastNumbers = 32;
constexpr std::uint64_t kMostNumbers = 64;
constexpr double kWidestGap = 1 << 20;
/// No machine comes to it, and what is counted on from it does not overflow.
constexpr std::uint64_t kHighestNumber = std::uint64_t{1} << 62;
/// More than masters differ in time, and than an answer takes to come.
constexpr std::chrono::minutes kTimeGap{2};

bool moved(double before, double after, double least) {
    const double difference = std::abs(after - before);
    return difference > least && difference > before / 4;
}

domain::AgentReport cleaned(domain::AgentReport report) {
    report.step = reportable(report.step, kMaxStepBytes);
    report.integrityNote = reportable(report.integrityNote, kMaxStepBytes);
    if (report.lastError) {
        report.lastError->message = reportable(report.lastError->message, kMaxMessageBytes);
        report.lastError->step = reportable(report.lastError->step, kMaxStepBytes);
    }
    return report;
}

/// The same again is no news, though it happened later.
bool isSame(const std::optional<domain::AgentError>& before,
            std::optional<domain::AgentError> after) {
    if (before && after) after->at = before->at;
    return before == after;
}

/// What a person waits for; the rest may wait for the next poll.
bool isUrgent(const domain::AgentReport& before, const domain::AgentReport& after) {
    return before.state != after.state || before.runningDigest != after.runningDigest ||
           before.desiredDigest != after.desiredDigest || before.releaseId != after.releaseId ||
           before.crashLooping != after.crashLooping ||
           !isSame(before.lastError, after.lastError) || before.knownBad != after.knownBad ||
           before.integrity != after.integrity;
}

const domain::AgentReport* find(const std::vector<domain::AgentReport>& agents,
                                const std::string& name) {
    const auto found = std::find_if(agents.begin(), agents.end(),
                                    [&](const auto& report) { return report.agent == name; });
    return found == agents.end() ? nullptr : &*found;
}

bool anyUrgent(const std::vector<domain::AgentReport>& before,
               const std::vector<domain::AgentReport>& after) {
    if (before.size() != after.size()) return true;
    return std::any_of(after.begin(), after.end(), [&](const domain::AgentReport& report) {
        const domain::AgentReport* old = find(before, report.agent);
        return old == nullptr || isUrgent(*old, report);
    });
}

}  // namespace

bool isNews(const domain::AgentReport& before, const domain::AgentReport& after) {
    domain::AgentReport same = after;
    same.sample = before.sample;
    return !(same == before) || moved(before.sample.cpuPercent, after.sample.cpuPercent, 1.0) ||
           moved(static_cast<double>(before.sample.rssBytes),
                 static_cast<double>(after.sample.rssBytes), 4.0 * 1024 * 1024);
}

ReportBuilder::ReportBuilder(journal::Journal& journal, const base::Clock& clock,
                             base::UniformRandom random)
    : m_journal(journal),
      m_clock(clock),
      m_random(std::move(random)),
      m_sequence(journal.state().reportSequence) {}

bool ReportBuilder::publish(MachineStatus status) {
    for (domain::AgentReport& report : status.agents)
        report = cleaned(std::move(report));
    const absl::MutexLock lock(&m_mutex);
    leaveOut(status.agents);
    const bool urgent =
        !m_published || anyUrgent(m_now.agents, status.agents) || !(m_now.facts == status.facts);
    m_now = std::move(status);
    m_published = true;
    return urgent;
}

void ReportBuilder::leaveOut(std::vector<domain::AgentReport>& agents) {
    if (agents.size() <= kMaxReportedAgents) {
        m_leftOut.clear();
        return;
    }
    std::set<std::string> names;
    std::vector<std::string> fresh;
    for (std::size_t i = kMaxReportedAgents; i < agents.size(); ++i) {
        if (m_leftOut.count(agents[i].agent) == 0) fresh.push_back(agents[i].agent);
        names.insert(agents[i].agent);
    }
    if (!fresh.empty()) {
        const std::string why = fmt::format(
            "this machine has {} agents and a master hears of {}: nothing of this one is reported. "
            "Uninstall some",
            agents.size(), kMaxReportedAgents);
        const base::WallTime now = m_clock.now();
        const absl::Status written = m_journal.update([&](journal::JournalState& state) {
            for (const std::string& name : fresh)
                state.addEvent({"not-reported", name, "", why, now});
        });
        agents.resize(kMaxReportedAgents);
        if (!written.ok()) return;  // told with the next status
        for (const std::string& name : fresh)
            spdlog::error("{}: {}", name, why);
    }
    m_leftOut = std::move(names);
    agents.resize(kMaxReportedAgents);
}

void ReportBuilder::describe(const domain::MachineFacts& facts) {
    const absl::MutexLock lock(&m_mutex);
    if (m_published) m_now.facts = facts;
}

MachineStatus ReportBuilder::current() const {
    const absl::MutexLock lock(&m_mutex);
    return m_now;
}

void ReportBuilder::addLogTail(LogTail tail) {
    tail.text = tail.text.substr(tail.text.size() - std::min(tail.text.size(), kMaxLogTailBytes));
    const absl::MutexLock lock(&m_mutex);
    // Asked for with each answer until ours has come.
    const bool isKnown =
        std::any_of(m_logTails.begin(), m_logTails.end(),
                    [&](const LogTail& known) { return known.requestId == tail.requestId; });
    if (!isKnown && m_logTails.size() < kMaxLogTails) m_logTails.push_back(std::move(tail));
}

Report ReportBuilder::delta() const {
    Report report;
    report.full = m_needFull;
    report.ifrit = m_now.ifrit;
    if (m_needFull || !(m_now.facts == m_ackedFacts)) report.facts = m_now.facts;
    for (const domain::AgentReport& agent : m_now.agents) {
        const auto acked = m_ackedAgents.find(agent.agent);
        if (m_needFull || acked == m_ackedAgents.end() || isNews(acked->second, agent)) {
            report.agents.push_back(agent);
        }
    }
    for (const auto& [name, agent] : m_ackedAgents) {
        if (!m_needFull && find(m_now.agents, name) == nullptr)
            report.removedAgents.push_back(name);
    }
    report.logTails = m_logTails;
    return report;
}

ReportBuilder::Pending ReportBuilder::withEvents(Report report) const {
    Pending pending;
    const journal::JournalState state = m_journal.state();
    for (const domain::KnownBadClear& clear : state.obeyedClears)
        report.obeyedClears.push_back(clear.id);
    for (const journal::SpooledEvent& spooled : state.events) {
        if (report.events.size() == kMaxEvents) break;
        if (spooled.sequence <= m_ackedEvent) continue;
        domain::MachineEvent event = spooled.event;
        event.message = reportable(event.message, kMaxMessageBytes);
        report.events.push_back(std::move(event));
        pending.lastEvent = spooled.sequence;
    }
    pending.logTails = report.logTails.size();
    pending.report = std::move(report);
    pending.facts = m_now.facts;
    for (const domain::AgentReport& agent : m_now.agents) {
        // What was too small to be news is not known to the master either.
        const auto acked = m_ackedAgents.find(agent.agent);
        const bool sent = find(pending.report.agents, agent.agent) != nullptr;
        pending.agents[agent.agent] = sent || acked == m_ackedAgents.end() ? agent : acked->second;
    }
    return pending;
}

absl::StatusOr<Report> ReportBuilder::next() {
    const absl::MutexLock lock(&m_mutex);
    if (m_pending) return m_pending->report;
    if (!m_published) return Report{};
    Pending pending = withEvents(delta());
    Report& report = pending.report;
    const bool nothing = !report.full && !report.facts && report.agents.empty() &&
                         report.removedAgents.empty() && report.events.empty() &&
                         report.logTails.empty();
    if (nothing) return Report{};
    IFRIT_RETURN_IF_ERROR(number(report));
    m_pending = std::move(pending);
    return m_pending->report;
}

// Reserved on disk before the first of them is used: a number never names two different reports.
// Before the last is, so that a full disk can still be reported. A run begins behind a gap of its
// own: one that began at the same copy of the disk would use the same numbers.
absl::Status ReportBuilder::number(Report& report) {
    const journal::JournalState before = m_journal.state();
    if (before.reportStream.empty() || before.reportSequence - m_sequence < kLeastNumbers) {
        const auto gap = m_hasBegun ? 0 : static_cast<std::uint64_t>(m_random() * kWidestGap);
        const std::uint64_t last = m_sequence + gap + kMostNumbers;
        const absl::Status reserved = m_journal.update([last](journal::JournalState& state) {
            if (state.reportStream.empty()) state.reportStream = base::randomUuid();
            state.reportSequence = last;
        });
        if (!reserved.ok() && before.reportSequence == m_sequence) return reserved;
        if (reserved.ok()) {
            m_sequence += gap;
            m_hasBegun = true;
        }
    }
    report.sequence = ++m_sequence;
    report.streamId = m_journal.state().reportStream;
    return absl::OkStatus();
}

// Behind the number that the master has: until it could store the first report of this stream it
// answers with the other one's, which says nothing of these.
absl::Status ReportBuilder::beginStream(std::uint64_t ackedSequence) {
    if (ackedSequence > kHighestNumber) {
        return base::invalidArgument("REPORT_NUMBER", std::to_string(ackedSequence),
                                     "the master acknowledges report {}, and this machine sent {}",
                                     ackedSequence, m_sequence);
    }
    spdlog::warn(
        "the master knows later reports of this machine than it has sent: it was put back to an "
        "older state, and reports anew");
    m_pending.reset();
    m_needFull = true;
    m_ackedSequence = 0;
    IFRIT_RETURN_IF_ERROR(m_journal.update([ackedSequence](journal::JournalState& state) {
        state.reportStream = base::randomUuid();
        state.reportSequence = std::max(state.reportSequence, ackedSequence) + kMostNumbers;
    }));
    m_sequence = std::max(m_sequence, ackedSequence);
    return absl::OkStatus();
}

absl::Status ReportBuilder::acknowledge(std::uint64_t ackedSequence, bool wantFullReport) {
    const absl::MutexLock lock(&m_mutex);
    if (wantFullReport) {
        m_needFull = true;
        m_pending.reset();
        return absl::OkStatus();
    }
    // A later life of this disk has sent those: to the master all that comes now is a repetition.
    // One that was put back with its memory may have nothing to say, and knows that it was heard.
    const bool isHeard = m_pending || m_ackedSequence != 0;
    if (isHeard && ackedSequence > m_sequence) return beginStream(ackedSequence);
    if (ackedSequence < m_ackedSequence) {
        // What came between is lost there: deltas against it would never say it again.
        m_ackedSequence = ackedSequence;
        m_needFull = true;
        if (m_pending && !m_pending->report.full) m_pending.reset();
        return absl::OkStatus();
    }
    if (!m_pending || ackedSequence < m_pending->report.sequence) return absl::OkStatus();
    m_ackedSequence = m_pending->report.sequence;
    const Pending done = *std::move(m_pending);
    m_pending.reset();
    m_needFull = false;
    m_ackedFacts = done.facts;
    m_ackedAgents = done.agents;
    m_logTails.erase(m_logTails.begin(),
                     m_logTails.begin() + static_cast<std::ptrdiff_t>(done.logTails));
    m_ackedEvent = std::max(m_ackedEvent, done.lastEvent);
    const journal::JournalState known = m_journal.state();
    if (known.events.empty() || known.events.front().sequence > m_ackedEvent)
        return absl::OkStatus();
    return m_journal.update([acknowledged = m_ackedEvent](journal::JournalState& state) {
        state.acknowledgeEvents(acknowledged);
    });
}

// A later life that sent just as many reports as are sent again cannot be told by their numbers:
// the master has those, with another content, and acknowledges them.
void ReportBuilder::heardAt(base::WallTime masterTime) {
    const auto ahead = std::chrono::duration_cast<std::chrono::milliseconds>(
        masterTime.time_since_epoch() - m_clock.steadyNow().time_since_epoch());
    const absl::MutexLock lock(&m_mutex);
    const bool isGap = m_masterAhead && ahead - *m_masterAhead > kTimeGap;
    m_masterAhead = ahead;
    if (!isGap) return;
    m_needFull = true;
    if (m_pending && !m_pending->report.full) m_pending.reset();
}

void ReportBuilder::discardPending() {
    const absl::MutexLock lock(&m_mutex);
    m_pending.reset();
    m_needFull = true;
}

}  // namespace ifrit::agent::link
