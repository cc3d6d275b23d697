// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/agent_run.h"

#include <algorithm>
#include <utility>

#include "agent/supervise/program_check.h"
#include "agent/supervise/program_launch.h"
#include "agent/supervise/rhythm.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::supervise {
namespace {

constexpr char kNowhere[] = "/dev/null";
// A launch takes milliseconds; on a machine that can hardly breathe, seconds.
constexpr std::chrono::seconds kLongestLaunch(10);
// No timer is set; the driver may wait this long.
constexpr std::chrono::hours kIdle(1);

platform::LaunchSpec::ProgramCheck probeCheck(const RunSpec& spec, const base::Clock& clock) {
    if (!spec.probe || spec.probe->command.empty()) return nullptr;
    return rememberingProgramCheck(spec.probe->command[0], spec.probeSha256, clock);
}

std::shared_ptr<AccountLookUp> lookUpOf(const RunSpec& spec, const SupervisorParts& parts) {
    if (spec.user.empty()) return nullptr;
    return std::make_shared<AccountLookUp>(parts.users, parts.clock, spec.user);
}

}  // namespace

AgentRun::AgentRun(RunSpec spec, AgentRunContext context)
    : m_spec(std::move(spec)),
      m_context(std::move(context)),
      m_checkProbe(probeCheck(m_spec, m_context.parts.clock)),
      m_lookUp(lookUpOf(m_spec, m_context.parts)),
      m_history(m_context.options.restart, m_context.parts.random),
      m_wants(m_context.options.restart.backoff, m_context.parts.random),
      m_group(m_context.parts.groups, m_spec.agent, m_spec.limits),
      m_usage(m_context.parts.processes, m_group, m_spec.limits),
      m_strays(m_context.parts.processes, m_context.parts.signaller, m_group,
               markerOf(m_context.options, m_spec), m_context.options.machine) {
    if (!m_spec.user.empty()) m_strays.expectUser();
    m_snapshot.agent = m_spec.agent;
    m_snapshot.version = m_spec.version;
    m_snapshot.digest = m_spec.digest;
    m_snapshot.address = m_spec.address;
    enter(Phase::Stopped);
}

void AgentRun::start(std::optional<AccountFinder::Found> account) {
    m_found = std::move(account);
    launch();
}

absl::Status AgentRun::adopt(const platform::ProcessId& process) {
    IFRIT_ASSIGN_OR_RETURN(const platform::ProcessStatus status,
                           m_context.parts.processes.status(process));
    // One that was held before its program when its ifrit-agent was killed, say: as a version that
    // fails it would be convicted, and it never ran.
    if (status.state == platform::ProcessState::Zombie &&
        !hasCompany(m_context.parts.processes, process)) {
        return base::notFound("PROCESS_GONE", std::to_string(process.pid), "process {} has ended",
                              process.pid);
    }
    IFRIT_RETURN_IF_ERROR(m_context.parts.exits.watch(process));
    tell(m_group.adopt(process, m_context.parts.processes.sessionMembers(process)));
    // It may have given up rights: what it started has what it has.
    const auto origin = m_context.parts.processes.origin(process, kMachineMarker);
    if (origin.ok() && origin->user) m_strays.setUser(*origin->user);
    running(process, status.age);
    m_outputBegin.adopt(m_spec.output.path, status.age);
    if (status.age < kLongestLaunch) m_unseenUntil = steadyNow() + kLongestLaunch;
    event("adopted", fmt::format("process {}", process.pid));
    return absl::OkStatus();
}

void AgentRun::launch() {
    m_startAt.reset();
    m_snapshot.nextStart.reset();
    const StrayHunt::Found strays = clearStrays();
    // After a wait its user may be another, or found.
    if (!strays.want.ok() || strays.any) m_found.reset();
    if (!strays.want.ok()) return startLater(strays.want);
    if (strays.any) {
        m_startAt = m_strays.nextLook(steadyNow());
        m_snapshot.healthMessage = "waits for the end of what is left of an earlier run";
        enter(Phase::Clearing);
        return;
    }
    if (!hasAccount()) return;
    const auto process = tryLaunch();
    if (base::isExhaustion(process.status())) return startLater(process.status());
    if (!process.ok()) {
        m_snapshot.lastExit = base::messageOf(process.status());
        m_snapshot.lastEnd = RunEnd::NotStarted;
        m_snapshot.refusedProgram =
            isRefusedProgram(process.status()) ? base::errorInfo(process.status()).reason : "";
        event("start-failed", m_snapshot.lastExit);
        crashed(m_snapshot.lastExit);
        return;
    }
    running(*process, std::chrono::nanoseconds(0));
    event("started", fmt::format("process {}", process->pid));
}

bool AgentRun::hasAccount() {
    if (m_spec.user.empty() || m_found) return true;
    m_snapshot.healthMessage = fmt::format("waits for the account of its user, {}", m_spec.user);
    enter(Phase::Clearing);
    m_search = m_context.nextRun();
    m_context.findAccount(m_search, m_spec);
    return false;
}

void AgentRun::accountFound(std::uint64_t run, const AccountFinder::Found& found) {
    if (run != m_search) return;
    m_search = 0;
    if (!m_wanted) return;
    m_found = found;
    launch();
}

// Our own want says nothing about the program.
void AgentRun::startLater(const absl::Status& why) {
    const std::chrono::milliseconds delay = m_wants.next();
    m_startAt = steadyNow() + delay;
    m_snapshot.nextStart = m_context.parts.clock.now() + delay;
    m_snapshot.healthMessage = "waits until this machine can start it: " + base::messageOf(why);
    if (!std::exchange(m_isWanting, true)) event("start-waits", m_snapshot.healthMessage);
    enter(Phase::Clearing);
}

absl::StatusOr<platform::ProcessId> AgentRun::tryLaunch() {
    if (auto found = std::exchange(m_found, std::nullopt)) {
        IFRIT_ASSIGN_OR_RETURN(m_account, *std::move(found));
        m_strays.setUser(m_account->userId);
    }
    tell(m_group.prepare());
    auto process = launchAs(launchSpec());
    // The disk may have failed since the output was looked at.
    if (!process.ok() && !prepareOutput(m_spec.output).ok()) process = launchAs(launchSpec());
    return process;
}

absl::StatusOr<platform::ProcessId> AgentRun::launchAs(const platform::LaunchSpec& launch) {
    auto& exits = m_context.parts.exits;
    std::optional<platform::ProcessId> watched;
    const auto forget = [&] {
        if (watched) exits.forget(*watched);
    };
    auto launched =
        m_context.parts.launcher.launch(launch, [&](const auto& process) -> absl::Status {
            forget();
            // Before it begins: without a watch its end would never be noticed.
            IFRIT_RETURN_IF_ERROR(exits.watch(process));
            watched = process;
            const absl::Status recorded = m_context.parts.record.started(m_spec, process);
            m_recorded = recorded.ok();
            if (!recorded.ok()) event("record-failed", base::messageOf(recorded));
            tell(m_group.add(process));
            // A full disk must not keep an agent down; if we die now the stray marker finds it.
            return absl::OkStatus();
        });
    if (!launched.ok()) forget();
    return launched;
}

platform::LaunchSpec AgentRun::launchSpec() {
    std::string outputFile = m_spec.output.path;
    if (const absl::Status prepared = prepareOutput(m_spec.output); !prepared.ok()) {
        // A full or broken disk must not keep an agent down, nor count against its version.
        event("record-failed", "runs without its output: " + base::messageOf(prepared));
        outputFile = kNowhere;
    }
    m_outputBegin.begin(m_spec.output.path);
    return launchSpecOf(m_spec, m_context.options, m_account, outputFile);
}

StrayHunt::Found AgentRun::clearStrays() {
    StrayHunt::Found found = m_strays.look(steadyNow());
    for (const AgentGroup::Note& note : found.notes)
        tell(note);
    return found;
}

void AgentRun::running(const platform::ProcessId& process, std::chrono::nanoseconds age) {
    const base::SteadyTime now = steadyNow();
    m_process = process;
    m_run = m_context.nextRun();
    m_health.emplace(m_spec.probe,
                     now - std::chrono::duration_cast<base::SteadyTime::duration>(age), now,
                     m_context.options.phase);
    m_goodSince.reset();
    m_lastHealth = Health::Unknown;
    m_isWanting = false;
    m_isUnasked = false;
    m_wants.reset();
    m_usage.begin();
    m_sampleAt = now;
    enter(Phase::Running);
    m_snapshot.started =
        m_context.parts.clock.now() - std::chrono::duration_cast<std::chrono::milliseconds>(age);
}

void AgentRun::probeBegun(std::uint64_t run) {
    if (run == m_run && m_health) m_health->probeBegun(steadyNow());
}

void AgentRun::probed(std::uint64_t run, const ProbeResult& result) {
    if (run != m_run || !m_health) return;  // of a process that is gone
    if (result.isWant && !m_isUnasked) event("not-probed", result.message);
    m_isUnasked = result.isWant;
    if (result.isRefused && !m_isProbeRefused) event("probe-refused", result.message);
    m_isProbeRefused = result.isRefused;
    if (result.asked)
        m_health->probed(result.ok, result.message, steadyNow());
    else
        m_health->probeMissed(result.message, steadyNow());
}

base::SteadyTime AgentRun::step() {
    const base::SteadyTime now = steadyNow();
    if (m_startAt && *m_startAt <= now && m_wanted) launch();
    if (m_killAt && *m_killAt <= now) kill();
    if (m_lookAt && *m_lookAt <= now) finishStop();
    if (m_sampleAt && *m_sampleAt <= now) sample();
    if (m_phase == Phase::Running) {
        judge();
        if (m_phase == Phase::Running) sendProbe();
    }
    return nextDue();
}

void AgentRun::sample() {
    // All in one step, which lists the machine's processes once; and over less than half an
    // interval a burst looks like a use.
    const auto interval = m_context.options.sampleInterval;
    m_sampleAt = nextInRhythm(steadyNow() + interval / 2, interval, m_context.options.phase);
    // Unrecorded it would be a stray to the next ifrit-agent, and be killed.
    if (!m_recorded) m_recorded = m_context.parts.record.started(m_spec, m_process).ok();
    capLog();
    m_outputBegin.look(m_spec.output.path);
    const auto reading = m_usage.read(m_process, m_context.sessions, steadyNow());
    if (!reading) return;
    m_health->observe(reading->state);
    for (const AgentGroup::Note& note : reading->notes)
        tell(note);
    if (!reading->violation || m_phase != Phase::Running) return;
    // No grace: what it would do in that time is what the limit is there against.
    takeAway(*reading->violation);
    kill();
}

// On a disk that takes no change it is over its cap at each look.
void AgentRun::capLog() {
    const auto capped = capOutput(m_spec.output);
    if (capped.ok() && *capped == Capped::Fits) return;
    if (!std::exchange(m_isUncapped, !capped.ok()) && !capped.ok())
        event("record-failed",
              "its log is not kept in bounds: " + base::messageOf(capped.status()));
}

void AgentRun::takeAway(const std::string& violation) {
    m_stopEnd = RunEnd::OverLimit;
    m_stopReason = "killed, because " + violation;
    event("killed", violation);
}

void AgentRun::tell(const std::optional<AgentGroup::Note>& note) {
    if (note) event(note->kind, note->message);
}

void AgentRun::judge() {
    const base::SteadyTime now = steadyNow();
    HealthVerdict verdict = m_health->verdict(now);
    if (verdict.health != Health::Healthy) m_goodSince.reset();
    if (verdict.health == Health::Healthy) {
        if (!m_goodSince) m_goodSince = now;
        m_history.healthy(*m_goodSince, now);
        if (m_history.crashLooping()) {
            verdict = {Health::Unhealthy, "runs, but crashed repeatedly: " + m_snapshot.lastExit,
                       false};
        }
    }
    m_snapshot.healthMessage = verdict.message;
    if (verdict.health != m_lastHealth) {
        m_lastHealth = verdict.health;
        m_snapshot.healthySince.reset();
        if (verdict.health == Health::Healthy) {
            m_snapshot.healthySince = now;
            event("healthy", verdict.message);
        } else if (verdict.health == Health::Unhealthy) {
            event("unhealthy", verdict.message);
        }
    }
    if (verdict.restart) beginStop(RunEnd::Unhealthy, "restarted, because " + verdict.message);
}

// What was adopted is watched and stopped without its account: who answers for users may be away,
// and is not waited for here, where all agents wait.
ProbeRequest AgentRun::probeRequest() const {
    ProbeRequest request;
    request.agent = m_spec.agent;
    request.probe = *m_spec.probe;
    request.environment = m_spec.environment;
    request.workingDirectory = m_spec.workingDirectory;
    request.account = m_account;
    if (!m_account && m_lookUp)
        request.findAccount = [lookUp = m_lookUp] { return lookUp->find(); };
    request.checkProgram = m_checkProbe;
    return request;
}

void AgentRun::sendProbe() {
    const auto due = m_health->nextProbe();
    if (!due || *due > steadyNow()) return;
    m_health->probeSent();
    m_context.probe(m_run, probeRequest(),
                    m_health->firstProbeBegun() ? ProbeNews::Result : ProbeNews::BeginAndResult);
}

void AgentRun::enter(Phase phase) {
    if (phase == m_phase && m_snapshot.since != base::WallTime()) return;
    m_phase = phase;
    m_snapshot.since = m_context.parts.clock.now();
    if (phase != Phase::Running) m_snapshot.healthySince.reset();
}

void AgentRun::event(const std::string& kind, const std::string& message) {
    m_context.emit({kind, m_spec.agent, m_spec.version, message, m_context.parts.clock.now()});
}

base::SteadyTime AgentRun::nextDue() const {
    const base::SteadyTime now = steadyNow();
    base::SteadyTime due = now + kIdle;
    const auto consider = [&](const std::optional<base::SteadyTime>& time) {
        if (time) due = std::min(due, *time);
    };
    consider(m_startAt);
    consider(m_killAt);
    consider(m_lookAt);
    consider(m_sampleAt);
    if (m_phase == Phase::Running) {
        consider(m_health->nextProbe());
        consider(m_health->nextChange(now));
        if (m_goodSince && m_history.crashLooping())
            consider(*m_goodSince + m_context.options.restart.stableAfter);
    }
    return due;
}

AgentSnapshot AgentRun::snapshot() const {
    AgentSnapshot snapshot = m_snapshot;
    snapshot.phase = m_phase;
    snapshot.process = m_process;
    snapshot.health = m_phase == Phase::Running ? m_lastHealth : Health::Unhealthy;
    snapshot.unasked = m_phase == Phase::Running && m_health && m_health->isMissed();
    snapshot.restarts = m_history.crashes();
    snapshot.crashLooping = m_history.crashLooping();
    if (m_process.valid()) {
        snapshot.sample = m_usage.latest();
        snapshot.heldBack = m_group.heldBack();
    }
    // Already told to end, and not gone yet: what its probe said last is not the reason.
    if (m_phase == Phase::Stopping && !m_stopReason.empty()) {
        snapshot.healthMessage = m_stopReason;
        snapshot.lastEnd = m_stopEnd;
    }
    return snapshot;
}

}  // namespace ifrit::agent::supervise
