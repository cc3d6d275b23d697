// SPDX-License-Identifier: Apache-2.0
#include "master/services/held_machine.h"

#include <algorithm>

#include "shared/domain/machine_limits.h"

namespace ifrit::master::services {
namespace {

std::size_t mixed(std::size_t hash, const std::string& text) noexcept {
    constexpr std::size_t kGolden = 0x9e3779b97f4a7c15;
    return hash ^ (std::hash<std::string>()(text) + kGolden + (hash << 6) + (hash >> 2));
}

void putAgent(std::vector<HeldAgent>& agents, const domain::AgentReport& report) {
    const auto at = std::lower_bound(
        agents.begin(), agents.end(), report.agent,
        [](const HeldAgent& a, const std::string& name) { return a.names->agent < name; });
    if (at != agents.end() && at->names->agent == report.agent)
        *at = report;
    else
        agents.insert(at, report);
}

void eraseAgent(std::vector<HeldAgent>& agents, const std::string& name) {
    agents.erase(std::remove_if(agents.begin(), agents.end(),
                                [&name](const auto& agent) { return agent.names->agent == name; }),
                 agents.end());
}

}  // namespace

std::size_t LabelsHash::operator()(
    const std::map<std::string, std::string>& labels) const noexcept {
    std::size_t hash = 0;
    for (const auto& [key, value] : labels)
        hash = mixed(mixed(hash, key), value);
    return hash;
}

std::size_t AgentNamesHash::operator()(const AgentNames& names) const noexcept {
    std::size_t hash = 0;
    for (const std::string* text : {&names.agent, &names.runningVersion, &names.runningDigest,
                                    &names.desiredVersion, &names.desiredDigest, &names.releaseId})
        hash = mixed(hash, *text);
    return hash;
}

HeldFacts::HeldFacts(const domain::MachineFacts& facts)
    : uuid(facts.uuid),
      machineType(facts.machineType),
      pin(facts.pin),
      labels(facts.labels),
      kernel(facts.kernel),
      libc(facts.libc),
      architecture(facts.architecture),
      ifritVersion(facts.ifritVersion),
      address(facts.address),
      hostname(facts.hostname) {}

HeldFacts::operator domain::MachineFacts() const {
    domain::MachineFacts out;
    out.uuid = uuid;
    out.machineType = machineType;
    out.pin = pin;
    out.labels = labels;
    out.address = address;
    out.hostname = hostname;
    out.kernel = kernel;
    out.libc = libc;
    out.architecture = architecture;
    out.ifritVersion = ifritVersion;
    return out;
}

HeldAgent::HeldAgent(const domain::AgentReport& report)
    : names(AgentNames{report.agent, report.runningVersion, report.runningDigest,
                       report.desiredVersion, report.desiredDigest, report.releaseId}),
      since(report.since),
      sample(report.sample),
      attempt(report.attempt),
      pid(report.pid),
      restarts(report.restarts),
      state(report.state),
      integrity(report.integrity),
      crashLooping(report.crashLooping) {
    AgentTrouble trouble{report.step,      report.nextRetry,     report.deadline,
                         report.lastError, report.integrityNote, report.knownBad};
    if (!(trouble == AgentTrouble()))
        m_trouble = std::make_shared<const AgentTrouble>(std::move(trouble));
}

const AgentTrouble& HeldAgent::trouble() const {
    static const AgentTrouble& none = *new AgentTrouble();
    return m_trouble ? *m_trouble : none;
}

domain::AgentReport HeldAgent::report() const {
    domain::AgentReport out;
    out.agent = names->agent;
    out.runningVersion = names->runningVersion;
    out.runningDigest = names->runningDigest;
    out.desiredVersion = names->desiredVersion;
    out.desiredDigest = names->desiredDigest;
    out.releaseId = names->releaseId;
    out.state = state;
    out.attempt = attempt;
    out.pid = pid;
    out.restarts = restarts;
    out.crashLooping = crashLooping;
    out.since = since;
    out.sample = sample;
    out.integrity = integrity;
    const AgentTrouble& more = trouble();
    out.step = more.step;
    out.nextRetry = more.nextRetry;
    out.deadline = more.deadline;
    out.lastError = more.lastError;
    out.integrityNote = more.integrityNote;
    out.knownBad = more.knownBad;
    return out;
}

HeldMachine::HeldMachine(const StoredMachine& machine)
    : facts(machine.facts),
      firstSeen(machine.firstSeen),
      lastSeen(machine.lastSeen),
      // An earlier master may have stored more.
      agents(machine.agents.begin(),
             machine.agents.begin() + static_cast<std::ptrdiff_t>(std::min(
                                          machine.agents.size(), domain::kMaxAgentsPerMachine))),
      ifrit(machine.ifrit),
      streamId(machine.streamId),
      ackedSeq(machine.ackedSeq) {}

bool isFullFor(const HeldMachine& machine, const std::string& agent,
               const std::set<std::string>& others) {
    if (machine.agents.size() + others.size() < domain::kMaxAgentsPerMachine) return false;
    std::size_t count = others.size();
    for (const HeldAgent& held : machine.agents) {
        if (held.names->agent == agent) return false;
        if (others.count(held.names->agent) == 0) ++count;
    }
    return count >= domain::kMaxAgentsPerMachine;
}

void merge(HeldMachine& machine, const MachineReport& report) {
    if (report.facts) machine.facts = *report.facts;
    if (!(machine.facts.uuid == report.uuid)) machine.facts.uuid = report.uuid;
    if (report.full) machine.agents.clear();
    for (const auto& agent : report.agents)
        putAgent(machine.agents, agent);
    for (const auto& name : report.removedAgents)
        eraseAgent(machine.agents, name);
    if (machine.agents.size() > domain::kMaxAgentsPerMachine)
        machine.agents.resize(domain::kMaxAgentsPerMachine);
    machine.agents.shrink_to_fit();
    machine.ifrit = report.ifrit;
    machine.streamId = report.streamId;
    machine.ackedSeq = report.seq;
}

}  // namespace ifrit::master::services
