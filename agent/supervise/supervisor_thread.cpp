// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/supervisor_thread.h"

#include <algorithm>

namespace ifrit::agent::supervise {

SupervisorThread::SupervisorThread(Supervisor& supervisor, platform::ExitWatcher& exits,
                                   const base::Clock& clock)
    : m_supervisor(supervisor), m_exits(exits), m_clock(clock), m_thread([this] { run(); }) {}

SupervisorThread::~SupervisorThread() {
    m_stopping = true;
    m_exits.wake();
    m_thread.join();
}

void SupervisorThread::run() {
    base::SteadyTime next = m_clock.steadyNow();
    while (!m_stopping) {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - m_clock.steadyNow());
        next = m_supervisor.step(std::max(std::chrono::milliseconds(0), wait));
    }
}

}  // namespace ifrit::agent::supervise
