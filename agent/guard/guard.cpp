// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/guard.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "agent/guard/exit_codes.h"
#include "agent/guard/guard_record.h"
#include "agent/guard/running_program.h"
#include "agent/guard/succession.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::guard {
namespace {

constexpr base::Backoff::Policy kRestartBackoff{std::chrono::milliseconds(500),
                                                std::chrono::milliseconds(30'000),
                                                std::chrono::milliseconds(100)};
// An agent that ran this long was fine: the next restart is quick again.
constexpr std::chrono::seconds kStable(60);
// Wrong configuration does not heal by itself; sysexits.h calls it EX_CONFIG.
constexpr int kBadConfiguration = 78;
constexpr std::chrono::seconds kBadConfigurationDelay(30);
constexpr std::chrono::milliseconds kTrialCheck(500);
constexpr std::chrono::seconds kKillAgain(5);
constexpr std::chrono::minutes kIdle(10);
// There was no descriptor, process or memory to start ifrit-agent with, or to watch it.
constexpr std::string_view kNoRoom = "NO_ROOM";

}  // namespace

Guard::Guard(GuardOptions options, GuardParts parts, GuardRequests& requests)
    : m_options(std::move(options)),
      m_parts(std::move(parts)),
      m_requests(requests),
      m_slots(m_options.root, m_parts.directories),
      m_backoff(kRestartBackoff, m_parts.random),
      m_hangs(m_parts.clock, m_options.root, m_options.hungAfter),
      m_trials(m_parts.clock, m_parts.processes, m_slots, m_options.root + "/ifrit/trial-watch") {}

void Guard::run() {
    adopt();
    if (m_parts.succeed && !m_killAt) m_parts.succeed();
    m_standsAt = m_parts.clock.steadyNow() + Succession::kStands;
    if (!m_agent) m_startAt = m_parts.clock.steadyNow();
    if (m_parts.watchdog) m_watchdogAt = m_parts.clock.steadyNow();
    m_parts.notifier.send("READY=1");
    while (!m_stopping || m_agent) {
        heedRequests();
        if (m_requests.handOver) {
            m_parts.log("another ifrit-guard takes over");
            return;
        }
        const base::SteadyTime now = m_parts.clock.steadyNow();
        if (!m_stopping && m_startAt && *m_startAt <= now) start();
        if (m_agent && m_killAt && *m_killAt <= now) {
            m_parts.log("ifrit-agent did not end in time: it is killed");
            m_killAt = now + kKillAgain;
            m_parts.signaller.signal(*m_agent, platform::Signal::Kill).IgnoreError();
        }
        watchTrial();
        lookForHang();
        sayWhenItStands();
        feedWatchdog();
        if (m_stopping && !m_agent) break;
        for (const platform::ExitNotice& notice : m_parts.exits.wait(untilNextDue())) {
            if (m_agent == notice.process) exited(notice.status);
            m_parts.exits.release(notice.process);
        }
        m_strangers.reap(m_agent);
    }
}

void Guard::adopt() {
    lookForTrial();
    const auto started = readStartedAgent(m_options.root);
    if (!started.ok()) return;
    const platform::ProcessId recorded = *started;
    if (!m_parts.processes.isAlive(recorded)) return;
    if (const absl::Status watched = m_parts.exits.watch(recorded); !watched.ok()) {
        m_isToAdopt = base::isExhaustion(watched);
        return;
    }
    m_agent = recorded;
    m_started = m_parts.clock.steadyNow();
    watchForHangs();
    m_parts.log(fmt::format("ifrit-agent still runs as process {}: adopted", recorded.pid));
    if (isCurrent(recorded)) return;
    // The guard before was killed between putting a version back and ending it.
    m_parts.log("it is not of the current version: it is ended");
    beginStop();
}

bool Guard::isCurrent(const platform::ProcessId& process) const {
    const auto program = runningProgram(process, m_parts.directories);
    std::error_code error;
    const auto wanted = std::filesystem::canonical(m_slots.program(m_options.agent), error);
    return !program.ok() || error || *program == wanted.string();
}

absl::StatusOr<platform::ProcessId> Guard::launch(const std::string& program) {
    platform::LaunchSpec spec;
    spec.command = {program};
    spec.command.insert(spec.command.end(), m_options.agentArguments.begin(),
                        m_options.agentArguments.end());
    spec.environment = m_parts.environment;
    // Else one that is passed on before the program has got as far as to heed it would end it.
    spec.hangup = platform::LaunchSpec::Hangup::Waits;
    const auto process = m_parts.launcher.launch(spec, [this](const platform::ProcessId& held) {
        // A full disk must not keep the agent down; what is lost is its adoption.
        for (const absl::Status& written :
             {writeStartedAgent(m_options.root, held), m_trials.starting(held)})
            if (!written.ok()) m_parts.log(base::messageOf(written));
        return absl::OkStatus();
    });
    if (base::isExhaustion(process.status())) return noRoom(process.status());
    if (!process.ok()) return process;
    if (const absl::Status watched = m_parts.exits.watch(*process); !watched.ok()) {
        // Nobody would see it end, and by its lock it would keep the next one from running: a
        // version on trial would be put back for that.
        m_strangers.end(*process, m_parts.signaller);
        return noRoom(watched);
    }
    m_parts.log(fmt::format("started {} as process {}", program, process->pid));
    m_parts.notifier.send(fmt::format("STATUS=ifrit-agent runs as process {}", process->pid));
    return process;
}

absl::Status Guard::noRoom(const absl::Status& want) {
    m_trials.noRoom();
    return base::makeError(absl::StatusCode::kUnavailable, kNoRoom, "", base::messageOf(want));
}

// True when nothing is to be started now: by its lock the one that runs would end the next one, and
// a version on trial would be put back for that.
bool Guard::adoptedLate() {
    if (!std::exchange(m_isToAdopt, false)) return false;
    adopt();
    if (!m_isToAdopt) return m_agent.has_value();
    const auto delay = m_backoff.next();
    m_startAt = m_parts.clock.steadyNow() + delay;
    m_parts.log(fmt::format("ifrit-agent still runs and cannot be watched; next attempt in {} ms",
                            delay.count()));
    return true;
}

void Guard::start() {
    m_startAt.reset();
    if (adoptedLate()) return;
    lookForTrial();
    const std::string program = m_slots.program(m_options.agent);
    auto process = launch(program);
    if (!process.ok() && base::errorInfo(process.status()).reason != kNoRoom && !m_trials.trial() &&
        program != m_options.agent) {
        // Its files are gone: the program beside us brings them back, and is better than none.
        m_parts.log(base::messageOf(process.status()));
        process = launch(m_options.agent);
    }
    if (!process.ok()) return notStarted(process.status());
    m_agent = *process;
    m_started = m_parts.clock.steadyNow();
    watchForHangs();
}

void Guard::notStarted(const absl::Status& status) {
    // The machine's own want is no fault of the version.
    if (base::errorInfo(status).reason != kNoRoom) m_trials.couldNotStart(base::messageOf(status));
    const auto delay = m_backoff.next();
    m_startAt = m_parts.clock.steadyNow() + delay;
    m_parts.log(fmt::format("{}; next attempt in {} ms", base::messageOf(status), delay.count()));
}

void Guard::exited(const platform::ExitStatus& status) {
    m_agent.reset();
    m_killAt.reset();
    m_trials.ended(describe(status));
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (now - m_started >= kStable) m_backoff.reset();
    std::chrono::milliseconds delay = m_backoff.next();
    const bool exited = status.kind == platform::ExitStatus::Kind::Exited;
    // Not in a trial: the version before may like its configuration.
    if (exited && status.code == kBadConfiguration && !m_trials.trial())
        delay = kBadConfigurationDelay;
    // Only when it is true: a program that always ends so must not be started without a pause.
    if (exited && status.code == kSwitchedSlots && m_trials.look()) {
        announceTrial();
        delay = std::chrono::milliseconds(0);
    }
    m_startAt = now + delay;
    m_parts.log(m_stopping ? fmt::format("ifrit-agent {}", describe(status))
                           : fmt::format("ifrit-agent {}; restart in {} ms", describe(status),
                                         delay.count()));
}

void Guard::heedRequests() {
    if (m_requests.hangup.exchange(false) && m_agent)
        m_parts.signaller.signal(*m_agent, platform::Signal::Hangup).IgnoreError();
    if (!m_requests.stop || m_stopping) return;
    m_stopping = true;
    m_parts.notifier.send("STOPPING=1");
    if (m_agent) beginStop();
}

void Guard::beginStop() {
    m_killAt = m_parts.clock.steadyNow() + m_options.stopTimeout;
    m_parts.signaller.signal(*m_agent, platform::Signal::Terminate).IgnoreError();
    // A stopped process sees its signal only when it goes on.
    m_parts.signaller.signal(*m_agent, platform::Signal::Continue).IgnoreError();
}

void Guard::lookForTrial() {
    if (m_trials.look()) announceTrial();
}

void Guard::announceTrial() {
    const Trial& trial = *m_trials.trial();
    m_backoff.reset();
    m_verdictAt.reset();
    m_parts.log(fmt::format("ifrit-agent {} in slot {} is on trial for {:g} s", trial.version,
                            trial.slot, static_cast<double>(trial.probation.count()) / 1000));
}

void Guard::watchTrial() {
    if (!m_trials.trial() || m_stopping) return;
    if (m_verdictAt && m_parts.clock.steadyNow() < *m_verdictAt) return;
    const TrialVerdict verdict = m_trials.judge();
    if (verdict.kind == TrialVerdict::Kind::Passed) confirmTrial();
    if (verdict.kind == TrialVerdict::Kind::Failed) endTrial(verdict);
}

void Guard::confirmTrial() {
    if (const auto finished = m_slots.confirm(*m_trials.trial()); !finished.ok()) {
        m_parts.log(base::messageOf(finished));
        m_verdictAt = m_parts.clock.steadyNow() + kKillAgain;
        return;
    }
    m_parts.log(fmt::format("ifrit-agent {} has proved itself", m_trials.trial()->version));
    m_trials.forget();
    if (m_parts.succeed && m_agent && !m_killAt) m_parts.succeed();
}

void Guard::endTrial(const TrialVerdict& verdict) {
    const Trial trial = *m_trials.trial();
    const absl::Status done = m_slots.putBack(
        trial, {trial.id, trial.version, verdict.reason, verdict.message, m_parts.clock.now()});
    if (!done.ok()) {
        // Disk full or the like: tried again, the trial's version runs meanwhile.
        m_parts.log(base::messageOf(done));
        m_verdictAt = m_parts.clock.steadyNow() + kKillAgain;
        return;
    }
    m_parts.log(fmt::format("ifrit-agent {} was put back: {}", trial.version, verdict.message));
    m_trials.forget();
    m_backoff.reset();
    if (m_agent) {
        beginStop();
    } else {
        m_startAt = m_parts.clock.steadyNow();
    }
}

void Guard::watchForHangs() {
    m_hangs.started();
    const auto interval = m_hangs.interval();
    m_lookAt = interval ? std::optional(m_parts.clock.steadyNow() + *interval) : std::nullopt;
}

void Guard::lookForHang() {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (!m_agent || m_killAt || m_trials.trial() || !m_lookAt || *m_lookAt > now) return;
    m_lookAt = now + *m_hangs.interval();
    if (!m_hangs.isHung()) return;
    m_parts.log(fmt::format("ifrit-agent has not moved for {} s: it is ended and started again",
                            m_options.hungAfter.count()));
    beginStop();
}

void Guard::sayWhenItStands() {
    if (!m_standsAt || m_parts.clock.steadyNow() < *m_standsAt) return;
    m_standsAt.reset();
    if (m_parts.stands) m_parts.stands();
}

void Guard::feedWatchdog() {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (!m_watchdogAt || *m_watchdogAt > now) return;
    m_parts.notifier.send("WATCHDOG=1");
    m_watchdogAt = now + *m_parts.watchdog;
}

std::chrono::milliseconds Guard::untilNextDue() const {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    base::SteadyTime due = now + kIdle;
    if (m_startAt && !m_stopping) due = std::min(due, *m_startAt);
    if (m_killAt && m_agent) due = std::min(due, *m_killAt);
    if (m_agent && !m_killAt && m_lookAt && !m_trials.trial()) due = std::min(due, *m_lookAt);
    if (m_standsAt) due = std::min(due, *m_standsAt);
    if (m_watchdogAt) due = std::min(due, *m_watchdogAt);
    if (m_trials.trial() && !m_stopping) due = std::min(due, now + kTrialCheck);
    return std::max(std::chrono::milliseconds(0),
                    std::chrono::ceil<std::chrono::milliseconds>(due - now));
}

}  // namespace ifrit::agent::guard
