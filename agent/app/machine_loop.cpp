// SPDX-License-Identifier: Apache-2.0
#include "agent/app/machine_loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "agent/platform/memory.h"
#include "agent/reconcile/plan.h"
#include "agent/reconcile/reasons.h"
#include "shared/log/repeated.h"

namespace ifrit::agent::app {
namespace {

using reconcile::ActionKind;

/// For fresh samples in reports, and against anything that no notice tells.
constexpr std::chrono::seconds kIdlePass{10};
/// While something runs, so that its progress is seen.
constexpr std::chrono::seconds kBusyPass{2};

/// The supervisor's events that a master wants to know; the others show in states.
bool isReported(const domain::MachineEvent& event) {
    static constexpr std::array<std::string_view, 15> kKinds{
        "crashed",      "killed",        "crash-loop",     "unhealthy",     "restarted",
        "start-failed", "start-waits",   "stray-killed",   "stray-stopped", "record-failed",
        "throttled",    "tasks-refused", "limits-watched", "not-probed",    "probe-refused"};
    return std::find(kKinds.begin(), kKinds.end(), event.kind) != kKinds.end();
}

/// Threads that are left to more urgent work. What brings the machine back to a defined state waits
/// for nobody; what changes it (hooks may take minutes) leaves one thread to that; what may last
/// for as long as a slow network likes leaves two.
std::size_t threadsLeftFree(ActionKind kind) {
    switch (kind) {
        case ActionKind::FetchManifest:
        case ActionKind::Download:
        case ActionKind::Repair:
            return 2;
        case ActionKind::Preflight:
        case ActionKind::Unpack:
        case ActionKind::AskPermit:
        case ActionKind::Switch:
        case ActionKind::Uninstall:
            return 1;
        default:
            return 0;
    }
}

bool isStart(ActionKind kind) {
    return kind == ActionKind::Start || kind == ActionKind::Restart;
}

bool isWait(const reconcile::Action& action) {
    return action.kind == ActionKind::Watch || action.kind == ActionKind::WaitUntil;
}

domain::AgentError errorOf(const ActionOutcome& outcome, base::WallTime now) {
    return {base::errorInfo(outcome.status).reason, base::messageOf(outcome.status),
            std::string(reconcile::nameOf(outcome.kind)), 0, now};
}

/// What ends without anybody's doing, and costs next to nothing to look at again.
constexpr std::chrono::seconds kLookAgain{10};

std::chrono::milliseconds boundedPause(std::chrono::milliseconds pause,
                                       const absl::Status& status) {
    const bool isSoon = base::errorInfo(status).reason == reconcile::kNoAddress;
    return isSoon ? std::min<std::chrono::milliseconds>(pause, kLookAgain) : pause;
}

/// Of the permit alone, also when it was asked for again in the middle of a switch.
bool isWaitForPermit(const ActionOutcome& outcome) {
    const std::string reason = base::errorInfo(outcome.status).reason;
    return outcome.kind == ActionKind::AskPermit || reason == reconcile::kPermitRefused ||
           reason == reconcile::kPermitUnavailable;
}

PermitWaits::Asked askedOf(const ActionOutcome& outcome, base::WallTime now) {
    return {outcome.digest, outcome.releaseId, errorOf(outcome, now), outcome.retryAfter,
            base::errorInfo(outcome.status).subject};
}

}  // namespace

std::chrono::milliseconds pauseUntil(base::WallTime next, base::WallTime now) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
    return std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds(0), kIdlePass);
}

MachineLoop::MachineLoop(Parts parts, reconcile::RetryPolicy retry)
    : m_parts(std::move(parts)),
      m_retry(retry),
      m_localRetries(m_parts.clock),
      m_waits(m_parts.clock, retry) {}

base::WallTime MachineLoop::pass() {
    applyOutcomes();
    keepEvents();
    const base::WallTime now = m_parts.clock.now();
    std::vector<reconcile::AgentFacts> facts = m_parts.facts.gather();
    addUnwritten(facts);
    const std::vector<reconcile::AgentPlan> plans = reconcile::planMachine(facts, now);
    base::WallTime next = now + kIdlePass;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        if (m_busy.count(facts[i].agent) == 0)
            m_localRetries.keepOnly(facts[i].agent, plans[i].actions);
        next = std::min(next, act(facts[i], plans[i]));
    }
    if (!m_busy.empty()) next = std::min<base::WallTime>(next, now + kBusyPass);
    publish(facts, plans, now);
    return next;
}

void MachineLoop::applyOutcomes() {
    std::vector<ActionOutcome> outcomes;
    {
        const absl::MutexLock lock(&m_mutex);
        outcomes.swap(m_outcomes);
    }
    for (const ActionOutcome& outcome : outcomes)
        apply(outcome);
}

void MachineLoop::apply(const ActionOutcome& outcome) {
    m_busy.erase(outcome.agent);
    if (outcome.status.ok()) {
        m_localRetries.succeeded(outcome.agent, outcome.kind);
        if (outcome.kind == ActionKind::Preflight) {
            m_parts.facts.preflightPassed(outcome.agent, outcome.digest);
        }
        if (outcome.permit) m_parts.facts.permitGranted(outcome.agent, *outcome.permit);
        if (outcome.kind == ActionKind::Switch || outcome.kind == ActionKind::Uninstall) {
            m_parts.facts.forget(outcome.agent);
            m_waits.forget(outcome.agent);
        }
        return;
    }
    log(outcome);
    // When it is tried again is on the board, so that nothing else waits for it.
    if (outcome.kind == ActionKind::Repair) return;
    // Only a failure of a change counts as an attempt to reach a version. The other steps bring the
    // machine back to a defined state, and are repeated until they work.
    if (reconcile::isNewChange(outcome.kind)) {
        isWaitForPermit(outcome) ? recordWait(outcome) : recordFailure(outcome);
        if (outcome.kind != ActionKind::AskPermit) m_parts.facts.forget(outcome.agent);
        return;
    }
    recordLocalFailure(outcome);
}

// A release that is halted or paused refuses its permit each few seconds, for days maybe.
void MachineLoop::log(const ActionOutcome& outcome) const {
    const base::ErrorInfo info = base::errorInfo(outcome.status);
    const bool isWait = isWaitForPermit(outcome);
    const std::uint32_t times =
        isWait ? m_waits.inARow(outcome.agent, askedOf(outcome, m_parts.clock.now())) : 1;
    if (!log::isWorthALine(times)) return;
    const bool isRefused = info.reason == reconcile::kPermitRefused;
    spdlog::log(isRefused ? spdlog::level::info : spdlog::level::warn, "{}: {} failed{}: {}: {}",
                outcome.agent, reconcile::nameOf(outcome.kind),
                times > 1 ? fmt::format(" ({} times in a row)", times) : "", info.reason,
                base::messageOf(outcome.status));
}

void MachineLoop::recordLocalFailure(const ActionOutcome& outcome) {
    const std::uint32_t failures = m_localRetries.failures(outcome.agent, outcome.kind);
    domain::AgentError error = errorOf(outcome, m_parts.clock.now());
    error.attempt = failures;
    m_localRetries.failed(
        outcome.agent, outcome.kind, {"", std::move(error)},
        boundedPause(reconcile::retryDelay(m_retry, failures, m_parts.random()), outcome.status));
    // Its manifest may be lost, for which nobody else looks until the next scan.
    const bool isLoss = absl::IsNotFound(outcome.status) || absl::IsDataLoss(outcome.status);
    if (isStart(outcome.kind) && isLoss) m_parts.suspect(outcome.agent);
}

// Waiting for a permit is no failure of this machine, and must not slow its later attempts.
void MachineLoop::recordWait(const ActionOutcome& outcome) {
    const base::WallTime now = m_parts.clock.now();
    const PermitWaits::Asked asked = askedOf(outcome, now);
    const domain::AgentError& error = asked.error;
    const auto delay = m_waits.waited(outcome.agent, asked, m_parts.random());
    m_localRetries.forgetAttempts(outcome.agent);
    const journal::AgentRecord before = m_parts.journal.agent(outcome.agent);
    const bool known = before.attempts && before.attempts->digest == outcome.digest &&
                       before.lastError && before.lastError->reason == error.reason &&
                       before.lastError->step == error.step;
    if (known) return;
    const absl::Status written =
        m_parts.journal.updateAgent(outcome.agent, [&](journal::AgentRecord& record) {
            journal::Attempts attempts = record.attempts.value_or(journal::Attempts{});
            if (attempts.digest != outcome.digest) attempts = {outcome.digest, 0, std::nullopt, 0};
            attempts.nextRetry = now + delay;
            record.attempts = attempts;
            record.lastError = error;
            record.lastError->attempt = attempts.count;
        });
    if (!written.ok())
        spdlog::error("{}: the wait for a permit could not be written down: {}", outcome.agent,
                      base::messageOf(written));
}

void MachineLoop::recordFailure(const ActionOutcome& outcome) {
    m_waits.forget(outcome.agent);
    const base::WallTime now = m_parts.clock.now();
    const double random = m_parts.random();
    domain::AgentError error = errorOf(outcome, now);
    const absl::Status written =
        m_parts.journal.updateAgent(outcome.agent, [&](journal::AgentRecord& record) {
            journal::Attempts attempts = record.attempts.value_or(journal::Attempts{});
            if (attempts.digest != outcome.digest) attempts = {outcome.digest, 0, std::nullopt, 0};
            ++attempts.count;
            const auto delay =
                outcome.retryAfter + reconcile::retryDelay(m_retry, attempts.count, random);
            attempts.nextRetry = now + boundedPause(std::min(delay, m_retry.cap), outcome.status);
            record.attempts = attempts;
            error.attempt = attempts.count;
            record.lastError = error;
        });
    if (written.ok()) {
        m_localRetries.forgetAttempts(outcome.agent);
        return;
    }
    spdlog::error("{}: the failure could not be written down: {}", outcome.agent,
                  base::messageOf(written));
    // Without the journal's retry time the same action would come at once, again and again.
    const std::uint32_t failures = m_localRetries.failures(outcome.agent, outcome.kind);
    m_localRetries.failed(outcome.agent, outcome.kind, {outcome.digest, std::move(error)},
                          reconcile::retryDelay(m_retry, failures, random));
}

base::WallTime MachineLoop::wallTime(base::SteadyTime time) const {
    return m_parts.clock.now() +
           std::chrono::ceil<std::chrono::milliseconds>(time - m_parts.clock.steadyNow());
}

void MachineLoop::addUnwritten(std::vector<reconcile::AgentFacts>& facts) const {
    for (reconcile::AgentFacts& one : facts) {
        m_waits.adjust(one);
        m_localRetries.addTo(one);
    }
}

void MachineLoop::keepEvents() {
    journal::EventBatch supervised = m_parts.supervisor.takeEvents();
    for (const domain::MachineEvent& event : supervised.events) {
        spdlog::info("{} {}: {} {}", event.agent, event.version, event.kind, event.message);
        if (event.kind == "start-failed" || event.kind == "probe-refused")
            m_parts.suspect(event.agent);
    }
    auto& events = supervised.events;
    events.erase(std::remove_if(events.begin(), events.end(),
                                [](const auto& event) { return !isReported(event); }),
                 events.end());
    m_unwritten.add(std::move(supervised));
    m_unwritten.add(m_parts.integrity.takeEvents());
    const journal::EventBatch& batch = m_unwritten.batch();
    if (batch.empty()) return;
    const absl::Status written = m_parts.journal.update([&](journal::JournalState& state) {
        for (const domain::MachineEvent& event : batch.events)
            state.addEvent(event);
        state.droppedEvents += batch.dropped;
    });
    if (written.ok()) {
        m_unwritten.take();
        m_toldUnwritten = 0;
    } else if (const std::size_t count = batch.events.size(); count != m_toldUnwritten) {
        m_toldUnwritten = count;
        spdlog::error("{} events wait for the disk: {}", count, base::messageOf(written));
    }
}

base::WallTime MachineLoop::act(const reconcile::AgentFacts& facts,
                                const reconcile::AgentPlan& plan) {
    if (plan.actions.empty() || m_busy.count(facts.agent) > 0 || m_stopping) {
        return base::WallTime::max();
    }
    const reconcile::Action& action = plan.actions.front();
    if (isWait(action)) return action.until.value_or(base::WallTime::max());
    const auto held = m_localRetries.heldUntil(facts.agent, action.kind);
    if (!held) {
        dispatch(action, facts);
        return base::WallTime::max();
    }
    // A version that cannot be started must not be in the way of the one that replaces it.
    const bool goesOn = isStart(action.kind) && plan.actions.size() > 1 &&
                        !isWait(plan.actions[1]) &&
                        !m_localRetries.heldUntil(facts.agent, plan.actions[1].kind);
    if (goesOn) dispatch(plan.actions[1], facts);
    return wallTime(*held);
}

void MachineLoop::dispatch(const reconcile::Action& action, const reconcile::AgentFacts& facts) {
    spdlog::debug("{}: {}", facts.agent, reconcile::nameOf(action.kind));
    const bool accepted = m_parts.workers.tryRun({[this, action, facts] {
                                                      ActionOutcome outcome =
                                                          m_parts.executor.execute(action, facts);
                                                      platform::giveBackFreeMemory();
                                                      const absl::MutexLock lock(&m_mutex);
                                                      m_outcomes.push_back(std::move(outcome));
                                                  },
                                                  m_parts.wake, threadsLeftFree(action.kind)});
    // Refused: its threads are busy; the end of any job wakes the loop.
    if (accepted) m_busy.insert(facts.agent);
}

void MachineLoop::publish(const std::vector<reconcile::AgentFacts>& facts,
                          const std::vector<reconcile::AgentPlan>& plans, base::WallTime now) {
    link::MachineStatus status;
    m_parts.describeMachine(status);
    for (std::size_t i = 0; i < plans.size(); ++i) {
        status.agents.push_back(
            m_reports.make(facts[i], plans[i], m_parts.progress.of(facts[i].agent), now));
    }
    if (m_parts.reports.publish(std::move(status))) m_parts.reportSoon();
}

}  // namespace ifrit::agent::app
