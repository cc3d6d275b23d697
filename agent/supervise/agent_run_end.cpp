// SPDX-License-Identifier: Apache-2.0
// How a run of an agent ends, by itself or by us.
#include <utility>

#include "agent/supervise/agent_run.h"

namespace ifrit::agent::supervise {
namespace {

// SIGKILL takes effect at once, but for a process in uninterruptible I/O; then it is sent again.
constexpr std::chrono::milliseconds kKillAgain(5'000);

}  // namespace

void AgentRun::stop() {
    m_wanted = false;
    if (m_phase == Phase::BackingOff || m_phase == Phase::Clearing) {
        m_startAt.reset();
        m_snapshot.nextStart.reset();
        m_lastWords = "while it waited for its next start";
        finishStop();
    } else if (m_phase == Phase::Running) {
        beginStop(RunEnd::ByItself, "");
    }
}

void AgentRun::stopStrays() {
    m_wanted = false;
    m_lastWords = "what was left of an earlier run";
    m_strays.askFirst(m_spec.stopSignal, steadyNow() + m_spec.stopGrace);
    finishStop();
}

// Stopped is said when nothing of it runs any more, whoever started it.
void AgentRun::finishStop() {
    m_lookAt.reset();
    const StrayHunt::Found strays = clearStrays();
    m_snapshot.killed = strays.want;
    if (strays.any) {
        m_lookAt = m_strays.nextLook(steadyNow());
        m_snapshot.healthMessage = "waits for the end of what is left of it";
        return enter(Phase::Stopping);
    }
    m_group.remove();
    if (m_phase == Phase::Stopped) return;  // nothing was there
    enter(Phase::Stopped);
    event("stopped", m_lastWords);
}

void AgentRun::rememberFamily() {
    if (!m_group.holdsAll())
        m_strays.remember(m_process, m_usage.family(m_process, m_strays.carriers()));
}

void AgentRun::beginStop(RunEnd end, const std::string& reason) {
    m_stopEnd = end;
    m_stopReason = reason;
    m_killAt = steadyNow() + m_spec.stopGrace;
    enter(Phase::Stopping);
    rememberFamily();
    auto& signaller = m_context.parts.signaller;
    signaller.signalSession(m_process, m_spec.stopSignal).IgnoreError();
    // A stopped process sees its signal only when it goes on.
    signaller.signalSession(m_process, platform::Signal::Continue).IgnoreError();
}

void AgentRun::kill() {
    m_killAt = steadyNow() + kKillAgain;
    enter(Phase::Stopping);
    rememberFamily();
    m_snapshot.killed = m_context.parts.signaller.signalSession(m_process, platform::Signal::Kill);
    m_group.killAll();
}

void AgentRun::exited(const platform::ExitStatus& status) {
    if (const auto over = m_group.overMemory(); over && m_stopReason.empty()) takeAway(*over);
    rememberFamily();
    // Before the release: while our dead child is not reaped, its session's number stays its own.
    m_context.parts.signaller.signalSession(m_process, platform::Signal::Kill).IgnoreError();
    if (m_wanted) clearStrays();
    if (const auto recorded = m_context.parts.record.ended(m_spec.agent); !recorded.ok())
        event("record-failed", base::messageOf(recorded));
    m_context.parts.exits.release(m_process);
    m_process = {};
    m_health.reset();
    m_sampleAt.reset();
    m_killAt.reset();
    m_goodSince.reset();
    m_snapshot.started.reset();
    std::string why = platform::describe(status);
    const auto unseenUntil = std::exchange(m_unseenUntil, std::nullopt);
    const bool unseen = unseenUntil && steadyNow() < *unseenUntil && m_stopReason.empty() &&
                        status.kind == platform::ExitStatus::Kind::Unknown;
    if (!m_stopReason.empty()) why = fmt::format("{}: {}", std::exchange(m_stopReason, ""), why);
    m_snapshot.lastExit = why;
    m_snapshot.lastEnd = std::exchange(m_stopEnd, RunEnd::ByItself);
    if (!m_wanted) {
        m_lastWords = why;
        return finishStop();
    }
    if (unseen) {
        event("stopped", why + "; it may have ended with that, and is started again");
        launch();
        return;
    }
    m_outputBegin.look(m_spec.output.path);
    const std::string line = lastOutputLine(m_spec.output.path, m_outputBegin.bytes());
    if (!line.empty()) m_snapshot.lastExit += fmt::format("; its last output: {}", line);
    told(m_snapshot.lastExit);
    crashed(why);
}

// Who ended it is told with it: what we ended did not crash.
void AgentRun::told(const std::string& why) {
    switch (m_snapshot.lastEnd) {
        case RunEnd::OverLimit:
            return event("stopped", why);  // "killed" has been told
        case RunEnd::Unhealthy:
            return event("restarted", why);
        default:
            return event("crashed", why);
    }
}

void AgentRun::crashed(const std::string& why) {
    const bool before = m_history.crashLooping();
    const std::chrono::milliseconds delay = m_history.crashed(steadyNow());
    m_snapshot.healthMessage = why;
    m_lastHealth = Health::Unhealthy;
    m_startAt = steadyNow() + delay;
    m_snapshot.nextStart = m_context.parts.clock.now() + delay;
    enter(Phase::BackingOff);
    if (!before && m_history.crashLooping()) {
        event("crash-loop",
              fmt::format("crashed {} times in a short time, last: {}", m_history.crashes(), why));
    }
}

}  // namespace ifrit::agent::supervise
