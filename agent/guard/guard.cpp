// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/guard.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "agent/guard/key_value_file.h"

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

template <typename Number>
Number numberOf(const KeyValues& values, const std::string& key) {
    const auto found = values.find(key);
    Number number = 0;
    if (found != values.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
    return number;
}

}  // namespace

Guard::Guard(GuardOptions options, GuardParts parts, GuardRequests& requests)
    : m_options(std::move(options)),
      m_parts(std::move(parts)),
      m_requests(requests),
      m_slots(m_options.root, m_parts.directories),
      m_backoff(kRestartBackoff, m_parts.random) {}

void Guard::run() {
    adopt();
    if (!m_agent) m_startAt = m_parts.clock.steadyNow();
    if (m_parts.watchdog) m_watchdogAt = m_parts.clock.steadyNow();
    m_parts.notifier.send("READY=1");
    while (!m_stopping || m_agent) {
        heedRequests();
        const base::SteadyTime now = m_parts.clock.steadyNow();
        if (!m_stopping && m_startAt && *m_startAt <= now) start();
        if (m_agent && m_killAt && *m_killAt <= now) {
            m_parts.log("ifrit-agent did not end in time: it is killed");
            m_killAt = now + kKillAgain;
            m_parts.signaller.signal(*m_agent, platform::Signal::Kill).IgnoreError();
        }
        watchTrial();
        feedWatchdog();
        if (m_stopping && !m_agent) break;
        for (const platform::ExitNotice& notice : m_parts.exits.wait(untilNextDue())) {
            if (m_agent == notice.process) exited(notice.status);
            m_parts.exits.release(notice.process);
        }
        reapStrangers();
    }
}

void Guard::adopt() {
    const auto values = readKeyValues(stateFile());
    if (!values.ok()) return;
    const auto boot = values->find("boot");
    const platform::ProcessId recorded{numberOf<std::int32_t>(*values, "pid"),
                                       numberOf<std::uint64_t>(*values, "start_time"),
                                       boot == values->end() ? "" : boot->second};
    if (!m_parts.processes.isAlive(recorded) || !m_parts.exits.watch(recorded).ok()) return;
    m_agent = recorded;
    m_started = m_parts.clock.steadyNow();
    m_parts.log(fmt::format("ifrit-agent still runs as process {}: adopted", recorded.pid));
    readTrial();
}

absl::Status Guard::record(const platform::ProcessId& process) {
    return writeKeyValues(stateFile(), {{"pid", std::to_string(process.pid)},
                                        {"start_time", std::to_string(process.startTime)},
                                        {"boot", process.bootId}});
}

void Guard::start() {
    m_startAt.reset();
    readTrial();
    platform::LaunchSpec spec;
    spec.command = {m_slots.program(m_options.agent)};
    spec.command.insert(spec.command.end(), m_options.agentArguments.begin(),
                        m_options.agentArguments.end());
    spec.environment = m_parts.environment;
    auto process = m_parts.launcher.launch(spec, [this](const platform::ProcessId& held) {
        const absl::Status recorded = record(held);
        // A full disk must not keep the agent down; what is lost is its adoption.
        if (!recorded.ok()) m_parts.log(base::messageOf(recorded));
        return absl::OkStatus();
    });
    absl::Status status = process.status();
    if (status.ok()) status = m_parts.exits.watch(*process);
    if (status.ok()) {
        m_agent = *process;
        m_started = m_parts.clock.steadyNow();
        m_parts.log(fmt::format("started {} as process {}", spec.command[0], process->pid));
        m_parts.notifier.send(fmt::format("STATUS=ifrit-agent runs as process {}", process->pid));
        return;
    }
    if (m_trial) ++m_trialExits;
    const auto delay = m_backoff.next();
    m_startAt = m_parts.clock.steadyNow() + delay;
    m_parts.log(fmt::format("{}; next attempt in {} ms", base::messageOf(status), delay.count()));
}

void Guard::exited(const platform::ExitStatus& status) {
    m_agent.reset();
    m_killAt.reset();
    if (m_trial) ++m_trialExits;
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (now - m_started >= kStable) m_backoff.reset();
    std::chrono::milliseconds delay = m_backoff.next();
    if (status.kind == platform::ExitStatus::Kind::Exited && status.code == kBadConfiguration)
        delay = kBadConfigurationDelay;
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

void Guard::readTrial() {
    const std::optional<Trial> found = m_slots.trial();
    if (found == m_trial) return;
    m_trial = found;
    m_trialExits = 0;
    if (!m_trial) return;
    m_trialEnd = m_parts.clock.steadyNow() + m_trial->probation;
    m_backoff.reset();
    m_parts.log(fmt::format("ifrit-agent {} in slot {} is on trial for {} s", m_trial->id,
                            m_trial->slot, m_trial->probation.count()));
}

void Guard::watchTrial() {
    if (!m_trial || m_stopping) return;
    if (m_slots.confirmed(*m_trial)) {
        if (const auto finished = m_slots.finish(*m_trial); !finished.ok()) {
            m_parts.log(base::messageOf(finished));
            return;
        }
        m_parts.log(fmt::format("ifrit-agent {} has proved itself", m_trial->id));
        m_trial.reset();
    } else if (m_trialExits >= kTrialEnds) {
        endTrial(fmt::format("it ended {} times during its trial", m_trialExits));
    } else if (m_parts.clock.steadyNow() >= m_trialEnd) {
        endTrial(
            fmt::format("it did not sync with a master within {} s", m_trial->probation.count()));
    }
}

void Guard::endTrial(const std::string& reason) {
    const absl::Status done = m_slots.putBack(*m_trial, reason, m_parts.clock.now());
    if (!done.ok()) {
        // Disk full or the like: tried again, the trial's version runs meanwhile.
        m_parts.log(base::messageOf(done));
        m_trialEnd = m_parts.clock.steadyNow() + kKillAgain;
        return;
    }
    m_parts.log(fmt::format("ifrit-agent {} was put back: {}", m_trial->id, reason));
    m_trial.reset();
    m_trialExits = 0;
    m_backoff.reset();
    if (m_agent) {
        beginStop();
    } else {
        m_startAt = m_parts.clock.steadyNow();
    }
}

void Guard::feedWatchdog() {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (!m_watchdogAt || *m_watchdogAt > now) return;
    m_parts.notifier.send("WATCHDOG=1");
    m_watchdogAt = now + *m_parts.watchdog;
}

// As process 1 of a container, orphans are ours to reap; elsewhere only our own child is.
void Guard::reapStrangers() {
    if (::getpid() != 1) return;
    for (;;) {
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
        if (m_agent && info.si_pid == m_agent->pid) return;  // the exit watcher's
        ::waitpid(info.si_pid, nullptr, WNOHANG);
    }
}

std::chrono::milliseconds Guard::untilNextDue() const {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    base::SteadyTime due = now + kIdle;
    if (m_startAt && !m_stopping) due = std::min(due, *m_startAt);
    if (m_killAt && m_agent) due = std::min(due, *m_killAt);
    if (m_watchdogAt) due = std::min(due, *m_watchdogAt);
    if (m_trial && !m_stopping) due = std::min(due, now + kTrialCheck);
    return std::max(std::chrono::milliseconds(0),
                    std::chrono::ceil<std::chrono::milliseconds>(due - now));
}

}  // namespace ifrit::agent::guard
