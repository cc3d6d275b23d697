// SPDX-License-Identifier: Apache-2.0
#include "master/services/machine_filter.h"

#include <vector>

#include "shared/base/status.h"

namespace ifrit::master::services {

absl::StatusOr<filter::MachineFilter> parseMachineFilter(std::string_view text) {
    constexpr std::size_t kMaxQuotedBytes = 64;
    filter::MachineFilter::Parsed parsed = filter::MachineFilter::parse(text);
    if (!parsed.error) return std::move(parsed.filter);
    const std::string_view wrong = text.substr(std::min(parsed.error->position, text.size()),
                                               std::min(parsed.error->length, kMaxQuotedBytes));
    return base::invalidArgument("FILTER", wrong, "filter, at '{}': {}", wrong,
                                 parsed.error->sentence);
}

bool matches(const filter::MachineFilter& machineFilter, const MachineView& machine,
             base::WallTime now) {
    if (machineFilter.empty()) return true;
    const HeldMachine& stored = machine.record->stored;
    std::vector<filter::AgentFields> agents;
    agents.reserve(stored.agents.size());
    for (const auto& agent : stored.agents)
        agents.push_back({agent.names->agent, agent.names->runningVersion, agent.state});
    filter::MachineFields fields;
    fields.uuid = *stored.facts.uuid;
    fields.machineType = *stored.facts.machineType;
    fields.pin = *stored.facts.pin;
    fields.hostname = stored.facts.hostname;
    fields.address = stored.facts.address;
    fields.ifritVersion = *stored.facts.ifritVersion;
    fields.labels = &*stored.facts.labels;
    fields.batch = machine.record->batch;
    fields.state = worstState(machine);
    fields.offline = machine.offline;
    fields.lastSeen = machine.lastSeen;
    fields.agents = agents;
    return machineFilter.matches(fields, now);
}

}  // namespace ifrit::master::services
