// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_columns.h"

#include "shared/base/hashing.h"
#include "shared/base/ids.h"
#include "shared/codec/enum_codec.h"

namespace ifrit::master::rpc {
namespace {

/// Of the string object and of its place in the table.
constexpr std::size_t kPerText = 64;

/// In a message, at most: what is before a text, and the numbers of a row and of an agent.
constexpr std::size_t kTextHead = 6;
constexpr std::size_t kRowBytes = 70;
constexpr std::size_t kAgentBytes = 75;

std::string labelText(const std::map<std::string, std::string>& labels) {
    std::string out;
    for (const auto& [key, value] : labels) {
        if (!out.empty()) out += ',';
        out += key;
        out += '=';
        out += value;
    }
    return out;
}

}  // namespace

ColumnWriter::ColumnWriter() : m_seed(base::xxh3(base::randomUuid())) {
    reset();
}

void ColumnWriter::reset() {
    m_texts = {};
    m_bytes = 0;
    v1::MachineColumns none;
    indexOf("", none);
}

std::uint32_t ColumnWriter::indexOf(const std::string& text, v1::MachineColumns& out) {
    const std::uint64_t hash = base::xxh3(text, m_seed);
    const auto next = static_cast<std::uint32_t>(m_texts.size());
    const auto [at, isNew] = m_texts.insert(
        {static_cast<std::uint32_t>(hash >> 32U), static_cast<std::uint32_t>(hash), next});
    if (isNew && next > 0) {
        out.add_new_strings(text);
        m_bytes += kPerText + text.size();
        m_grown += kTextHead + text.size();
    }
    return at->index;
}

std::size_t ColumnWriter::add(const services::MachineView& machine, v1::MachineColumns& out) {
    const services::HeldMachine& stored = machine.record->stored;
    const services::HeldFacts& facts = stored.facts;
    m_grown = kRowBytes + facts.uuid->size() + stored.agents.size() * kAgentBytes;
    out.add_uuid(facts.uuid);
    out.add_address(indexOf(facts.address, out));
    out.add_machine_type(indexOf(facts.machineType, out));
    out.add_pin(indexOf(facts.pin, out));
    out.add_labels(indexOf(labelText(facts.labels), out));
    out.add_state(codec::toWire(services::worstState(machine)));
    out.add_last_seen_ms(base::toUnixMillis(machine.lastSeen));
    out.add_offline(machine.offline);
    out.add_batch(machine.record->batch);
    out.add_hostname(indexOf(facts.hostname, out));
    out.add_ifrit_version(indexOf(facts.ifritVersion, out));
    out.add_agent_count(static_cast<std::uint32_t>(stored.agents.size()));
    for (const services::HeldAgent& agent : stored.agents)
        addAgent(agent, out);
    return m_grown;
}

void ColumnWriter::addAgent(const services::HeldAgent& agent, v1::MachineColumns& out) {
    static const domain::AgentError kNone;
    const services::AgentTrouble& trouble = agent.trouble();
    const domain::AgentError& error = trouble.lastError ? *trouble.lastError : kNone;
    v1::AgentColumns& agents = *out.mutable_agents();
    agents.add_agent(indexOf(agent.names->agent, out));
    agents.add_running_version(indexOf(agent.names->runningVersion, out));
    agents.add_desired_version(indexOf(agent.names->desiredVersion, out));
    agents.add_state(codec::toWire(agent.state));
    agents.add_step(indexOf(trouble.step, out));
    agents.add_error(indexOf(error.message, out));
    agents.add_error_reason(indexOf(error.reason, out));
    agents.add_since_ms(base::toUnixMillis(agent.since));
    agents.add_cpu_centipercent(static_cast<std::uint32_t>(agent.sample.cpuPercent * 100.0));
    agents.add_rss_bytes(agent.sample.rssBytes);
    agents.add_restarts(agent.restarts);
    agents.add_release_id(indexOf(agent.names->releaseId, out));
}

}  // namespace ifrit::master::rpc
