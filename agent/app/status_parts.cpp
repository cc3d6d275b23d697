// SPDX-License-Identifier: Apache-2.0
#include "agent/app/status_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/domain/enum_names.h"

namespace ifrit::agent::app {

std::string wanted(const std::optional<domain::DesiredEntry>& entry) {
    if (!entry) return "nothing (left alone)";
    if (entry->action == domain::DesiredAction::Install) return entry->version;
    return std::string(domain::nameOf(entry->action));
}

std::map<std::string, std::optional<domain::DesiredEntry>> chosen(
    const journal::JournalState& state) {
    std::map<std::string, std::optional<domain::DesiredEntry>> agents;
    for (const auto& [name, record] : state.agents)
        agents[name];
    if (state.desired) {
        for (domain::DesiredEntry& entry : domain::chosenEntries(*state.desired)) {
            const std::string name = entry.agent;
            agents[name] = std::move(entry);
        }
    }
    return agents;
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

const domain::AgentReport* reportOf(const MachineView& machine, const std::string& agent) {
    if (!machine.running) return nullptr;
    const auto& agents = machine.running->agents;
    const auto found = std::find_if(agents.begin(), agents.end(),
                                    [&](const auto& report) { return report.agent == agent; });
    return found == agents.end() ? nullptr : &*found;
}

std::string doingOf(const domain::AgentReport& report) {
    constexpr std::string_view kLoop = "crash loop";
    // Its step says it and why, unless something else is done about it.
    if (!report.crashLooping || report.step.rfind(kLoop, 0) == 0) return report.step;
    return std::string(kLoop) + (report.step.empty() ? "" : ", " + report.step);
}

const std::optional<domain::AgentError>& lastErrorOf(const journal::AgentRecord& record,
                                                     const domain::AgentReport* report) {
    return report != nullptr ? report->lastError : record.lastError;
}

std::set<std::string> goneProcesses(const journal::JournalState& journal,
                                    const platform::ProcessTable& processes) {
    std::set<std::string> gone;
    for (const auto& [name, record] : journal.agents)
        if (record.process && !processes.isAlive(record.process->process)) gone.insert(name);
    return gone;
}

const journal::AgentRecord& recordOf(const journal::JournalState& state, const std::string& name) {
    static const journal::AgentRecord kNone;
    const auto found = state.agents.find(name);
    return found == state.agents.end() ? kNone : found->second;
}

std::string ageText(base::WallTime then, base::WallTime now) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now < then ? then - now : now - then);
    const std::int64_t count = seconds.count();
    if (count < 120) return fmt::format("{} s", count);
    if (count < 7200) return fmt::format("{} min", count / 60);
    if (count < 48 * 3600) return fmt::format("{} h", count / 3600);
    return fmt::format("{} d", count / 86400);
}

}  // namespace ifrit::agent::app
