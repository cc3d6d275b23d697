// SPDX-License-Identifier: Apache-2.0
#include "master/services/report_bounds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>

#include "shared/base/wording.h"
#include "shared/domain/machine_limits.h"

namespace ifrit::master::services {
namespace {

constexpr std::size_t kNamed = 5;
/// A row and its places in the indexes, beside what the event says.
constexpr std::size_t kRowBytes = 128;

std::size_t bytesOf(const domain::MachineEvent& event) {
    return kRowBytes + event.kind.size() + event.agent.size() + event.version.size() +
           event.message.size();
}

domain::MachineEvent agentsLeftOut(std::vector<std::string> names, base::WallTime now) {
    const std::size_t all = names.size();
    names.resize(std::min(all, kNamed));
    return {"agents-left-out", names.front(), "",
            fmt::format("{} beyond the {} that a master keeps of a machine: {}{}",
                        base::countOf(all, "agents"), domain::kMaxAgentsPerMachine,
                        fmt::join(names, ", "), all > kNamed ? "..." : ""),
            now};
}

domain::MachineEvent eventsLeftOut(std::uint64_t count, base::WallTime now) {
    return {
        "events-left-out", "", "",
        fmt::format("{} more than a master keeps of one machine", base::countOf(count, "events")),
        now};
}

}  // namespace

std::vector<std::string> cutAgents(MachineReport& report, const HeldMachine* held) {
    std::set<std::string> names;
    if (held != nullptr && !report.full) {
        for (const HeldAgent& agent : held->agents)
            names.insert(agent.names->agent);
    }
    const std::set<std::string> removed(report.removedAgents.begin(), report.removedAgents.end());
    for (const std::string& name : removed)
        names.erase(name);
    std::vector<std::string> out;
    const auto fits = [&](const domain::AgentReport& agent) {
        const std::string& name = agent.agent;
        if (removed.count(name) != 0 || names.count(name) != 0) return true;
        if (names.size() < domain::kMaxAgentsPerMachine) return names.insert(name).second;
        out.push_back(name);
        return false;
    };
    std::vector<domain::AgentReport> kept;
    for (domain::AgentReport& agent : report.agents)
        if (fits(agent)) kept.push_back(std::move(agent));
    report.agents = std::move(kept);
    return out;
}

ReportBounds::Spent ReportBounds::spentOf(const std::string& uuid, base::WallTime now) const {
    const auto found = m_spent.find(uuid);
    if (found == m_spent.end()) return {0, now, 0};
    Spent out = found->second;
    // A clock that was put back gives nothing back, and takes nothing.
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(
        std::clamp(now - out.asOf, base::WallTime::duration(0),
                   base::WallTime::duration(std::chrono::hours(24))));
    out.bytes -= std::min(
        out.bytes, static_cast<std::size_t>(passed.count()) * kBytesPerHour / std::size_t{3'600});
    // Else what is less than a second would be lost with each report.
    out.asOf = now < out.asOf ? now : out.asOf + passed;
    if (out.bytes == 0) out.asOf = now;
    return out;
}

ReportBounds::Cost ReportBounds::cut(MachineReport& report, const HeldMachine* held) const {
    const base::WallTime now = report.receivedAt;
    std::vector<std::string> agents = cutAgents(report, held);
    if (!agents.empty())
        report.events.insert(report.events.begin(), agentsLeftOut(std::move(agents), now));
    const Spent spent = spentOf(report.uuid, now);
    // What says how many were left out has its place before any of them.
    const std::size_t notice = bytesOf(eventsLeftOut(UINT64_MAX, now));
    const std::size_t room = kBurstBytes - std::min(kBurstBytes, spent.bytes);
    Cost out{0, spent.leftOut};
    std::size_t kept = 0;
    for (; kept < report.events.size(); ++kept) {
        const std::size_t bytes = bytesOf(report.events[kept]);
        if (out.bytes + bytes + notice > room) break;
        out.bytes += bytes;
    }
    // Beside an event, when it begins, and when the machine is quiet: else the allowance of one
    // that never is would go for these alone.
    const bool isDue = kept > 0 || spent.leftOut == 0 || report.events.empty();
    out.leftOut += report.events.size() - kept;
    report.events.resize(kept);
    if (out.leftOut == 0 || !isDue || out.bytes + notice > room) return out;
    report.events.push_back(eventsLeftOut(out.leftOut, now));
    out.bytes += notice;
    out.leftOut = 0;
    return out;
}

void ReportBounds::charge(const MachineReport& report, const Cost& cost) {
    Spent spent = spentOf(report.uuid, report.receivedAt);
    spent.bytes += cost.bytes;
    spent.leftOut = cost.leftOut;
    if (spent.bytes == 0 && spent.leftOut == 0) {
        m_spent.erase(report.uuid);
        return;
    }
    m_spent[report.uuid] = spent;
    if (m_spent.size() < m_nextLook) return;
    forgetWhole(report.receivedAt);
    m_nextLook = std::max<std::size_t>(1'024, 2 * m_spent.size());
}

void ReportBounds::forgetWhole(base::WallTime now) {
    for (auto at = m_spent.begin(); at != m_spent.end();) {
        const Spent spent = spentOf(at->first, now);
        at = spent.bytes == 0 && spent.leftOut == 0 ? m_spent.erase(at) : std::next(at);
    }
}

}  // namespace ifrit::master::services
