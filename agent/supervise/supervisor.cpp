// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/supervisor.h"

#include <algorithm>
#include <utility>

#include "agent/supervise/agent_run.h"

namespace ifrit::agent::supervise {
namespace {

constexpr std::size_t kMaxEvents = 256;
constexpr std::chrono::minutes kLongestWait(10);

absl::Status checkName(const RunSpec& spec) {
    if (!spec.agent.empty()) return absl::OkStatus();
    return base::invalidArgument("BAD_RUN_SPEC", "", "an agent without a name cannot run");
}

absl::Status checkSpec(const RunSpec& spec) {
    IFRIT_RETURN_IF_ERROR(checkName(spec));
    if (spec.command.empty() || spec.command[0].empty() || spec.command[0][0] != '/') {
        return base::invalidArgument(
            "BAD_RUN_SPEC", spec.agent,
            "agent {} cannot run: the first word of its command must be an absolute path",
            spec.agent);
    }
    if (spec.probe && spec.probe->interval <= std::chrono::milliseconds(0)) {
        return base::invalidArgument("BAD_RUN_SPEC", spec.agent,
                                     "agent {} cannot run: its probe's interval must be over 0",
                                     spec.agent);
    }
    return absl::OkStatus();
}

}  // namespace

// Where results of probes and accounts that were found wait for the next step(). Shared with the
// callbacks, because one that comes after the Supervisor's end must find something to write to.
struct Supervisor::Inbox {
    struct Result {
        std::string agent;
        std::uint64_t run = 0;
        std::optional<ProbeResult> result;              ///< nullopt: it has begun to run, or:
        std::optional<AccountFinder::Found> account{};  ///< of the run's next start
    };
    absl::Mutex mutex;
    std::vector<Result> results ABSL_GUARDED_BY(mutex);
    platform::ExitWatcher* exits ABSL_GUARDED_BY(mutex) = nullptr;
    std::uint64_t runs = 0;  ///< used under the Supervisor's lock only

    void put(Result result) ABSL_LOCKS_EXCLUDED(mutex) {
        const absl::MutexLock lock(&mutex);
        results.push_back(std::move(result));
        if (exits != nullptr) exits->wake();
    }
    std::vector<Result> take() ABSL_LOCKS_EXCLUDED(mutex) {
        const absl::MutexLock lock(&mutex);
        return std::exchange(results, {});
    }
    void close() ABSL_LOCKS_EXCLUDED(mutex) {
        const absl::MutexLock lock(&mutex);
        exits = nullptr;
    }
};

Supervisor::Supervisor(SupervisorParts parts, SupervisorOptions options)
    : m_parts(std::move(parts)),
      m_options(std::move(options)),
      m_events(kMaxEvents),
      m_inbox(std::make_shared<Inbox>()) {
    const absl::MutexLock lock(&m_inbox->mutex);
    m_inbox->exits = &m_parts.exits;
}

Supervisor::~Supervisor() {
    m_inbox->close();
}

std::unique_ptr<AgentRun> Supervisor::makeRun(const RunSpec& spec) {
    AgentRunContext context{
        m_parts,
        m_options,
        [this](std::uint64_t run, ProbeRequest request, ProbeNews news) {
            sendProbe(run, std::move(request), news);
        },
        [this](domain::MachineEvent event) {
            m_mutex.AssertHeld();  // runs are called under it only
            addEvent(std::move(event));
        },
        [this](std::uint64_t run, const RunSpec& spec) { findAccount(run, spec); },
        [this] { return ++m_inbox->runs; },
        [this]() -> const platform::SessionList& {
            m_mutex.AssertHeld();
            if (!m_sessions) m_sessions = m_parts.processes.sessions();
            return *m_sessions;
        }};
    return std::make_unique<AgentRun>(spec, std::move(context));
}

void Supervisor::sendProbe(std::uint64_t run, ProbeRequest request, ProbeNews news) {
    const std::string agent = request.agent;
    if (news == ProbeNews::BeginAndResult) {
        request.begun = [inbox = m_inbox, agent, run] { inbox->put({agent, run, std::nullopt}); };
    }
    m_parts.probes.run(std::move(request), [inbox = m_inbox, agent, run](ProbeResult result) {
        inbox->put({agent, run, std::move(result)});
    });
}

void Supervisor::findAccount(std::uint64_t run, const RunSpec& spec) {
    m_parts.accounts.find(spec.user,
                          [inbox = m_inbox, agent = spec.agent, run](AccountFinder::Found found) {
                              inbox->put({agent, run, std::nullopt, std::move(found)});
                          });
}

void Supervisor::addEvent(domain::MachineEvent event) {
    m_events.add(std::move(event));
    ++m_changes;
}

absl::Status Supervisor::checkFree(const RunSpec& spec) const {
    const auto found = m_runs.find(spec.agent);
    if (found == m_runs.end() || found->second->phase() == Phase::Stopped) return absl::OkStatus();
    return base::failedPrecondition("ALREADY_SUPERVISED", spec.agent,
                                    "agent {} is supervised already: stop it first", spec.agent);
}

absl::Status Supervisor::start(const RunSpec& spec) {
    IFRIT_RETURN_IF_ERROR(checkSpec(spec));
    // Who answers for users may be away: all agents would wait for that under the lock.
    std::optional<AccountFinder::Found> account;
    if (!spec.user.empty()) account = m_parts.users.find(spec.user);
    {
        const absl::MutexLock lock(&m_mutex);
        IFRIT_RETURN_IF_ERROR(checkFree(spec));
        auto run = makeRun(spec);
        run->start(std::move(account));
        m_runs[spec.agent] = std::move(run);
    }
    m_parts.exits.wake();
    return absl::OkStatus();
}

absl::Status Supervisor::adopt(const RunSpec& spec, const platform::ProcessId& process) {
    {
        const absl::MutexLock lock(&m_mutex);
        IFRIT_RETURN_IF_ERROR(checkSpec(spec));
        IFRIT_RETURN_IF_ERROR(checkFree(spec));
        auto run = makeRun(spec);
        IFRIT_RETURN_IF_ERROR(run->adopt(process));
        m_runs[spec.agent] = std::move(run);
    }
    m_parts.exits.wake();
    return absl::OkStatus();
}

absl::Status Supervisor::stop(const std::string& agent) {
    {
        const absl::MutexLock lock(&m_mutex);
        const auto found = m_runs.find(agent);
        if (found == m_runs.end()) {
            return base::notFound("NOT_SUPERVISED", agent, "agent {} is not supervised", agent);
        }
        found->second->stop();
        m_changed.wakeAll();
    }
    m_parts.exits.wake();
    return absl::OkStatus();
}

absl::Status Supervisor::stopStrays(const RunSpec& spec) {
    {
        const absl::MutexLock lock(&m_mutex);
        // What could not be run can be ended all the same: else its version is never left.
        IFRIT_RETURN_IF_ERROR(checkName(spec));
        IFRIT_RETURN_IF_ERROR(checkFree(spec));
        auto run = makeRun(spec);
        run->stopStrays();
        m_runs[spec.agent] = std::move(run);
    }
    m_parts.exits.wake();
    return absl::OkStatus();
}

absl::Status Supervisor::forget(const std::string& agent) {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_runs.find(agent);
    if (found == m_runs.end()) return absl::OkStatus();
    if (found->second->phase() != Phase::Stopped) {
        return base::failedPrecondition("STILL_SUPERVISED", agent,
                                        "agent {} still runs: stop it first", agent);
    }
    m_runs.erase(found);
    return absl::OkStatus();
}

std::optional<AgentSnapshot> Supervisor::snapshot(const std::string& agent) const {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_runs.find(agent);
    if (found == m_runs.end()) return std::nullopt;
    return found->second->snapshot();
}

bool Supervisor::waitStopped(const std::string& agent, std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const absl::MutexLock lock(&m_mutex);
    for (;;) {
        const auto found = m_runs.find(agent);
        if (found == m_runs.end() || found->second->phase() == Phase::Stopped) return true;
        if (std::chrono::steady_clock::now() >= deadline) return false;
        m_changed.waitUntil(m_mutex, deadline);
    }
}

journal::EventBatch Supervisor::takeEvents() {
    const absl::MutexLock lock(&m_mutex);
    return m_events.take();
}

void Supervisor::setChangeListener(std::function<void()> listener) {
    const absl::MutexLock lock(&m_mutex);
    m_listener = std::move(listener);
}

base::SteadyTime Supervisor::step(std::chrono::milliseconds wait) {
    const std::vector<platform::ExitNotice> notices = m_parts.exits.wait(wait);
    const std::vector<Inbox::Result> results = m_inbox->take();
    base::SteadyTime next = m_parts.clock.steadyNow() + kLongestWait;
    std::function<void()> listener;
    {
        const absl::MutexLock lock(&m_mutex);
        const std::uint64_t changesBefore = m_changes;
        for (const platform::ExitNotice& notice : notices)
            exited(notice);
        for (const Inbox::Result& result : results) {
            const auto found = m_runs.find(result.agent);
            if (found == m_runs.end()) continue;
            if (result.account)
                found->second->accountFound(result.run, *result.account);
            else if (result.result)
                found->second->probed(result.run, *result.result);
            else
                found->second->probeBegun(result.run);
        }
        for (const auto& [name, run] : m_runs)
            next = std::min(next, run->step());
        m_sessions.reset();
        if (m_changes != changesBefore) {
            listener = m_listener;
            m_changed.wakeAll();
        }
    }
    if (listener) listener();
    return next;
}

void Supervisor::exited(const platform::ExitNotice& notice) {
    for (const auto& [name, run] : m_runs) {
        if (run->process() == notice.process) {
            run->exited(notice.status);
            return;
        }
    }
    m_parts.exits.release(notice.process);
}

}  // namespace ifrit::agent::supervise
