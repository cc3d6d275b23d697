// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/fleet_script.h"

#include <fmt/format.h>

namespace ifrit::tests {

std::uint32_t FleetScript::intern(services::MachinesUpdate& update, const std::string& text) {
    const auto [entry, isNew] = m_ids.try_emplace(text, static_cast<std::uint32_t>(m_ids.size()));
    if (isNew) update.newStrings.push_back(text);
    return entry->second;
}

void FleetScript::add(services::MachinesUpdate& update, const ScriptMachine& machine) {
    services::MachineColumns& columns = update.upserts;
    columns.uuid.push_back(machine.uuid);
    columns.address.push_back(intern(update, machine.address));
    columns.machineType.push_back(intern(update, machine.type));
    columns.pin.push_back(intern(update, machine.pin));
    columns.labels.push_back(intern(update, machine.labels));
    // As a master says it of one that misses its polls, whatever it said last.
    columns.state.push_back(machine.offline ? domain::MachineState::Silent : machine.state);
    columns.lastSeenMs.push_back(machine.lastSeenMs);
    columns.offline.push_back(machine.offline ? 1 : 0);
    columns.batch.push_back(machine.batch);
    columns.hostname.push_back(intern(update, "host-" + machine.uuid));
    columns.ifritVersion.push_back(intern(update, "0.1.0"));
    columns.agentCount.push_back(static_cast<std::uint32_t>(machine.agents.size()));
    for (const ScriptAgent& agent : machine.agents) {
        columns.agents.agent.push_back(intern(update, agent.name));
        columns.agents.runningVersion.push_back(intern(update, agent.running));
        columns.agents.desiredVersion.push_back(intern(update, agent.desired));
        columns.agents.state.push_back(agent.state);
        columns.agents.step.push_back(intern(update, agent.step));
        columns.agents.error.push_back(intern(update, agent.error));
        columns.agents.errorReason.push_back(0);
        columns.agents.sinceMs.push_back(machine.lastSeenMs);
        columns.agents.cpuCentipercent.push_back(agent.cpuCentipercent);
        columns.agents.rssBytes.push_back(agent.rssBytes);
        columns.agents.restarts.push_back(0);
        columns.agents.releaseId.push_back(0);
    }
}

services::MachinesUpdate FleetScript::snapshot(const std::vector<ScriptMachine>& machines,
                                               std::uint64_t generation) {
    m_ids = {{"", 0}};
    services::MachinesUpdate update;
    update.snapshotBegins = true;
    update.snapshotEnds = true;
    update.generation = generation;
    update.total = machines.size();
    for (const ScriptMachine& machine : machines)
        add(update, machine);
    return update;
}

services::MachinesUpdate FleetScript::delta(const std::vector<ScriptMachine>& machines,
                                            const std::vector<std::string>& removed,
                                            std::uint64_t generation) {
    services::MachinesUpdate update;
    update.generation = generation;
    for (const ScriptMachine& machine : machines)
        add(update, machine);
    update.removedUuids = removed;
    return update;
}

std::vector<ScriptMachine> plainMachines(std::size_t count) {
    std::vector<ScriptMachine> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i].uuid = fmt::format("i-{:05}", i);
    return out;
}

}  // namespace ifrit::tests
