// SPDX-License-Identifier: Apache-2.0
#include "agent/selfupgrade/guard_keeper.h"

#include <spdlog/spdlog.h>
#include <sys/wait.h>

#include <utility>

#include "agent/guard/succession.h"
#include "agent/platform/own_environment.h"

namespace ifrit::agent::selfupgrade {
namespace {

constexpr std::chrono::milliseconds kLook{1'000};
/// For what no notice tells: another guard's record, a succession that has begun.
constexpr std::chrono::milliseconds kQuiet{10'000};
/// systemd restarts a service after RestartSec, which is 1 s in our unit.
constexpr std::chrono::milliseconds kInitFirst{2'000};

}  // namespace

bool isGuarded(const std::string& root, const platform::ProcessTable& processes,
               const platform::ProcessId& self) {
    const auto guard = guard::readGuardRecord(root);
    return wasStartedByGuard(root, self) && guard.ok() && processes.isAlive(guard->process);
}

bool wasStartedByGuard(const std::string& root, const platform::ProcessId& self) {
    const auto agent = guard::readStartedAgent(root);
    return agent.ok() && *agent == self;
}

GuardKeeper::GuardKeeper(Parts parts) : m_parts(std::move(parts)), m_thread([this] { run(); }) {}

GuardKeeper::~GuardKeeper() {
    m_stopping = true;
    m_parts.exits.wake();
    m_thread.join();
    if (m_watched) m_parts.exits.forget(*m_watched);
}

void GuardKeeper::run() {
    while (!m_stopping) {
        for (const platform::ExitNotice& notice : m_parts.exits.wait(look())) {
            if (m_watched == notice.process) m_watched.reset();
            m_parts.exits.release(notice.process);
        }
    }
}

std::chrono::milliseconds GuardKeeper::look() {
    reap();
    const auto agent = guard::readStartedAgent(m_parts.root);
    const auto record = guard::readGuardRecord(m_parts.root);
    // Another ifrit-agent is guard's by now: then we are on our way out.
    if (!agent.ok() || !record.ok() || *agent != m_parts.self) return kLook;
    if (!m_parts.processes.isAlive(record->process)) return missed(*record);
    m_missingSince.reset();
    m_missedLooks = 0;
    if (const auto since = guard::pendingSuccession(m_parts.root)) {
        endIfStuck(*record, *since);
        return kLook;
    }
    return watch(record->process) ? kQuiet : kLook;
}

bool GuardKeeper::watch(const platform::ProcessId& guard) {
    if (m_watched == guard) return true;
    if (m_watched) m_parts.exits.forget(*m_watched);
    m_watched.reset();
    if (!m_parts.exits.watch(guard).ok()) return false;
    m_watched = guard;
    return true;
}

std::chrono::milliseconds GuardKeeper::missed(const guard::GuardRecord& record) {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (!m_missingSince) m_missingSince = now;
    ++m_missedLooks;
    if (now - *m_missingSince >= kInitFirst) startAgain(record);
    return kLook;
}

void GuardKeeper::startAgain(const guard::GuardRecord& record) {
    m_missingSince.reset();
    const int looks = std::exchange(m_missedLooks, 0);
    platform::LaunchSpec spec;
    spec.command = record.command;
    if (spec.command.empty()) return;
    spec.command.insert(spec.command.begin() + 1, "--stand-in");
    spec.environment = platform::ownEnvironment();
    const auto process = m_parts.launcher.launch(spec);
    if (!process.ok()) {
        spdlog::error("ifrit-guard has died and cannot be started: {}",
                      base::messageOf(process.status()));
        return;
    }
    spdlog::warn(
        "ifrit-guard has died: started again as process {}, after {} looks for it, one a second",
        process->pid, looks);
    m_child = process->pid;
}

void GuardKeeper::endIfStuck(const guard::GuardRecord& record, base::SteadyTime pendingSince) {
    if (m_parts.clock.steadyNow() - pendingSince < guard::Succession::kStuck) return;
    spdlog::error("the new ifrit-guard does not come up: it is ended");
    m_parts.signaller.signal(record.process, platform::Signal::Kill).IgnoreError();
}

void GuardKeeper::reap() {
    if (m_child != 0 && ::waitpid(m_child, nullptr, WNOHANG) != 0) m_child = 0;
}

}  // namespace ifrit::agent::selfupgrade
