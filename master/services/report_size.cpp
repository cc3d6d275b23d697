// SPDX-License-Identifier: Apache-2.0
#include "master/services/report_size.h"

#include <string>
#include <vector>

namespace ifrit::master::services {
namespace {

/// Of the object that holds the text, and what the allocator adds.
std::size_t sizeOf(const std::string& text) {
    return sizeof(std::string) + text.size();
}

std::size_t sizeOf(const std::vector<std::string>& texts) {
    std::size_t out = 0;
    for (const std::string& text : texts)
        out += sizeOf(text);
    return out;
}

std::size_t sizeOf(const domain::MachineFacts& facts) {
    std::size_t out = sizeof(facts) + facts.kernel.size() + facts.libc.size() +
                      facts.hostname.size() + facts.address.size() + facts.pin.size() +
                      facts.ifritVersion.size() + facts.architecture.size();
    for (const auto& [key, value] : facts.labels)
        out += sizeOf(key) + sizeOf(value);
    return out;
}

std::size_t sizeOf(const domain::AgentReport& agent) {
    std::size_t out = sizeof(agent) + agent.agent.size() + agent.runningVersion.size() +
                      agent.runningDigest.size() + agent.desiredVersion.size() +
                      agent.desiredDigest.size() + agent.releaseId.size() + agent.step.size() +
                      agent.integrityNote.size() + sizeOf(agent.knownBad);
    if (agent.lastError)
        out += agent.lastError->message.size() + agent.lastError->reason.size() +
               agent.lastError->step.size();
    return out;
}

std::size_t sizeOf(const domain::MachineEvent& event) {
    return sizeof(event) + event.kind.size() + event.agent.size() + event.version.size() +
           event.message.size();
}

}  // namespace

std::size_t sizeOf(const storage::MachineReport& report) {
    std::size_t out =
        sizeof(report) + report.uuid.size() + report.streamId.size() + sizeOf(report.removedAgents);
    if (report.facts) out += sizeOf(*report.facts);
    for (const domain::AgentReport& agent : report.agents)
        out += sizeOf(agent);
    for (const domain::MachineEvent& event : report.events)
        out += sizeOf(event);
    return out;
}

}  // namespace ifrit::master::services
