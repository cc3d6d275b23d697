// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/stray_hunt.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/supervise/program_launch.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::supervise {
namespace {

constexpr std::chrono::milliseconds kFirstWait(100);
constexpr std::chrono::milliseconds kLongestWait(30'000);
/// Who starts them again and again fills no journal with it.
constexpr std::chrono::hours kStrangersTold(1);

bool isIn(const std::vector<platform::ProcessId>& processes, const platform::ProcessId& one) {
    return std::find(processes.begin(), processes.end(), one) != processes.end();
}

}  // namespace

void StrayHunt::askFirst(platform::Signal signal, base::SteadyTime until) {
    m_signal = signal;
    m_graceEnd = until;
    m_isAsking = true;
}

void StrayHunt::remember(const platform::ProcessId& leader, const Processes& family) {
    m_leader = leader;
    m_family.erase(std::remove_if(m_family.begin(), m_family.end(),
                                  [&](const auto& one) { return !m_processes.isAlive(one); }),
                   m_family.end());
    for (const platform::ProcessId& one : family) {
        if (one.pid == m_processes.ownPid() || isIn(m_family, one)) continue;
        const auto status = m_processes.status(one);
        if (status.ok() && status->sessionId != leader.pid && one != leader)
            m_family.push_back(one);
    }
}

// It does not change: asked once, and not for each of the many that somebody may have started.
absl::StatusOr<std::optional<std::uint32_t>> StrayHunt::ownUser() {
    if (m_ownUser) return m_ownUser;
    const auto own = m_processes.identify(m_processes.ownPid());
    const auto us = own.ok() ? m_processes.origin(*own, kMachineMarker)
                             : absl::StatusOr<platform::ProcessOrigin>(own.status());
    if (base::isExhaustion(us.status())) return us.status();
    if (us.ok()) m_ownUser = us->user;
    return m_ownUser;
}

absl::StatusOr<StrayHunt::Whose> StrayHunt::whose(const platform::ProcessId& process) {
    const auto origin = m_processes.origin(process, kMachineMarker);
    if (base::isExhaustion(origin.status())) return origin.status();
    if (!origin.ok()) return Whose::Ours;  // it has just ended
    // A machine may be given another uuid: beside us, what has the former one is ours. And those
    // without the variable were started by an ifrit-agent that did not set it.
    const bool isForeign = origin->variable
                               ? *origin->variable != m_machine &&
                                     (origin->seesOtherProcesses || origin->seesOtherFiles)
                               : origin->seesOtherProcesses;
    if (!m_machine.empty() && isForeign) return Whose::AnotherMachines;
    if (!origin->user || origin->user == m_user || (m_hasUser && !m_user)) return Whose::Ours;
    IFRIT_ASSIGN_OR_RETURN(const auto own, ownUser());
    if (!own || own == origin->user) return Whose::Ours;
    const auto status = m_processes.status(process);
    if (base::isExhaustion(status.status())) return status.status();
    const bool inSession = status.ok() && m_leader.valid() && status->sessionId == m_leader.pid;
    return inSession ? Whose::Ours : Whose::Strangers;
}

absl::StatusOr<StrayHunt::Carriers> StrayHunt::findCarriers() {
    IFRIT_ASSIGN_OR_RETURN(const Processes all, m_processes.withEnvironment(kMarker, m_marker));
    Carriers carriers;
    for (const platform::ProcessId& process : all) {
        IFRIT_ASSIGN_OR_RETURN(const Whose whose, this->whose(process));
        if (whose == Whose::Ours) carriers.ours.push_back(process);
        if (whose == Whose::Strangers) carriers.strangers.push_back(process);
    }
    return carriers;
}

StrayHunt::Processes StrayHunt::carriers() {
    return findCarriers().value_or(Carriers()).ours;
}

// Of a session only when its leader carries the marker: a person who tries the program by hand, in
// the environment of the agent, would else lose the shell with it.
absl::StatusOr<StrayHunt::Processes> StrayHunt::everybody(const Processes& carriers) const {
    Processes strays = carriers;
    for (const platform::ProcessId& carrier : carriers) {
        const auto status = m_processes.status(carrier);
        if (base::isExhaustion(status.status())) return status.status();
        if (!status.ok() || status->sessionId != carrier.pid) continue;
        for (const platform::ProcessId& member : m_processes.sessionMembers(carrier))
            if (member.pid != m_processes.ownPid() && !isIn(strays, member))
                strays.push_back(member);
    }
    // A member whose leader is gone is found in no other way.
    for (const Processes* known : {&m_family, &m_asked, &m_killed})
        for (const platform::ProcessId& one : *known)
            if (!isIn(strays, one) && m_processes.isAlive(one)) strays.push_back(one);
    return strays;
}

void StrayHunt::ask(const Processes& strays, Found& found) {
    Processes asked;
    for (const platform::ProcessId& stray : strays) {
        const bool known = isIn(m_asked, stray);
        const absl::Status sent = known ? absl::OkStatus() : m_signaller.signal(stray, m_signal);
        if (base::isExhaustion(sent)) found.want = sent;
        if (!sent.ok()) continue;
        asked.push_back(stray);
        if (known) continue;
        // A stopped process sees its signal only when it goes on.
        m_signaller.signal(stray, platform::Signal::Continue).IgnoreError();
        found.notes.push_back(
            {"stray-stopped",
             fmt::format("told process {} to end, which was left of an earlier run", stray.pid)});
    }
    m_asked = std::move(asked);
}

void StrayHunt::kill(const Processes& strays, Found& found) {
    Processes killed;
    for (const platform::ProcessId& stray : strays) {
        const absl::Status sent = m_signaller.signal(stray, platform::Signal::Kill);
        if (base::isExhaustion(sent)) found.want = sent;
        const bool known = isIn(m_killed, stray);
        if (sent.ok() || known) killed.push_back(stray);
        if (!sent.ok() || known) continue;
        found.notes.push_back(
            {"stray-killed",
             fmt::format("killed process {}, which was left of an earlier run", stray.pid)});
    }
    m_killed = std::move(killed);
    if (!m_group.isEmpty()) m_group.killAll();
}

void StrayHunt::killStrangers(const Processes& strangers, base::SteadyTime now, Found& found) {
    Processes killed;
    for (const platform::ProcessId& stranger : strangers)
        if (m_signaller.signal(stranger, platform::Signal::Kill).ok()) killed.push_back(stranger);
    if (killed.empty() || now < m_tellStrangers) return;
    m_tellStrangers = now + kStrangersTold;
    found.notes.push_back(
        {"stray-killed",
         fmt::format("killed process {}{}, of a user who is not the agent's, which carries its "
                     "{}: somebody started it with that, or it gave up its rights",
                     killed.front().pid,
                     killed.size() > 1 ? fmt::format(" and {} more", killed.size() - 1) : "",
                     kMarker)});
}

StrayHunt::Found StrayHunt::look(base::SteadyTime now) {
    Found found;
    const bool inGroup = !m_group.isEmpty();
    const auto carriers = findCarriers();
    if (carriers.ok()) killStrangers(carriers->strangers, now, found);
    const auto strays =
        carriers.ok() ? everybody(carriers->ours) : absl::StatusOr<Processes>(carriers.status());
    found.want = strays.status();
    found.any = inGroup || !strays.ok() || !strays->empty();
    // Those that are known are not forgotten for that nobody could look.
    if (now < m_graceEnd) {
        ask(strays.ok() ? *strays : m_asked, found);
    } else {
        // SIGKILL ends most at once: the patience with those that were asked is not for them.
        if (std::exchange(m_isAsking, false)) m_looks = 0;
        kill(strays.ok() ? *strays : m_killed, found);
    }
    m_looks = found.any ? m_looks + 1 : 0;
    return found;
}

base::SteadyTime StrayHunt::nextLook(base::SteadyTime now) const {
    const std::uint32_t doublings = std::min<std::uint32_t>(m_looks == 0 ? 0 : m_looks - 1, 16);
    const base::SteadyTime next = now + std::min(kFirstWait * (1U << doublings), kLongestWait);
    return now < m_graceEnd ? std::min(next, m_graceEnd) : next;
}

}  // namespace ifrit::agent::supervise
