// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/machine_fleet.h"

#include <fmt/format.h>

#include <algorithm>

namespace ifrit::tests {
namespace {

using domain::MachineState;

// Texts that all machines share, by their place in the table: "" is the first of every table.
constexpr const char* kShared[] = {"LINUX",       "CONTAINER",     "ARM64",         "acme",
                                   "zed",         "core",          "rack=7,zone=b", "rack=9,zone=a",
                                   "0.1.0",       "node-exporter", "1.5.0",         "1.6.1",
                                   "downloading", "probe refused", "rack=3,zone=c", "watching"};
enum Shared : std::uint32_t {
    kLinux = 1,
    kAcme = 4,
    kLabels = 7,
    kIfrit = 9,
    kAgent = 10,
    kOldVersion = 11,
    kNewVersion = 12,
    kDownloading = 13,
    kProbe = 14
};
constexpr std::uint32_t kOwnTexts = std::size(kShared) + 1;

MachineState stateOf(std::uint32_t machine, std::uint32_t turn) {
    const std::uint32_t kind = (machine * 7 + turn * 13) % 100;
    if (kind < 1) return MachineState::Failed;
    if (kind < 2) return MachineState::Silent;
    if (kind < 5) return MachineState::Downloading;
    return kind < 8 ? MachineState::Watching : MachineState::Healthy;
}

}  // namespace

void MachineFleet::add(services::MachinesUpdate& update, std::uint32_t machine,
                       std::uint32_t turn) {
    const std::uint32_t own = kOwnTexts + textsEach() * machine;
    services::MachineColumns& columns = update.upserts;
    const MachineState state = stateOf(machine, turn);
    // As long as the instance ids of a cloud, in no order.
    columns.uuid.push_back(fmt::format("i-{:017x}", machine * 0x9e3779b97f4a7c15ULL >> 4));
    columns.address.push_back(own);
    columns.machineType.push_back(kLinux + machine % 3);
    columns.pin.push_back(kAcme + machine / 3 % 3);
    columns.labels.push_back(m_labels == Labels::Own ? own + 2 : kLabels + machine % 2);
    const bool offline = machine % 211 == 5;
    columns.state.push_back(offline ? MachineState::Silent : state);
    columns.lastSeenMs.push_back(m_nowMs - (machine * 7) % 29'000 + turn);
    columns.offline.push_back(offline ? 1 : 0);
    columns.batch.push_back(1 + machine % 20);
    columns.hostname.push_back(own + 1);
    columns.ifritVersion.push_back(kIfrit);
    columns.agentCount.push_back(1);
    services::AgentColumns& agents = columns.agents;
    agents.agent.push_back(kAgent);
    agents.runningVersion.push_back(machine % 10 == 0 ? kNewVersion : kOldVersion);
    agents.desiredVersion.push_back(kNewVersion);
    agents.state.push_back(state);
    agents.step.push_back(state == MachineState::Downloading ? std::uint32_t{kDownloading} : 0U);
    agents.error.push_back(state == MachineState::Failed ? std::uint32_t{kProbe} : 0U);
    agents.errorReason.push_back(0);
    agents.sinceMs.push_back(m_nowMs);
    agents.cpuCentipercent.push_back(10 + (machine * 13 + turn) % 60);
    agents.rssBytes.push_back(17'000'000 + (machine * 7919ULL + turn * 4096ULL) % 5'000'000);
    agents.restarts.push_back(0);
    agents.releaseId.push_back(0);
}

services::MachinesUpdate MachineFleet::snapshotPart(std::uint32_t first, std::uint32_t rows) {
    services::MachinesUpdate update;
    update.snapshotBegins = first == 0;
    update.total = m_machines;
    if (first == 0) update.newStrings.assign(std::begin(kShared), std::end(kShared));
    const std::uint32_t behind = std::min(m_machines, first + rows);
    for (std::uint32_t machine = first; machine < behind; ++machine) {
        update.newStrings.push_back(
            fmt::format("10.{}.{}.{}", machine >> 16, machine >> 8 & 255, machine & 255));
        update.newStrings.push_back(fmt::format("web-{:07}", machine));
        if (m_labels == Labels::Own) {
            update.newStrings.push_back(fmt::format("host=h{:07},rack=r{:05},zone=z{}", machine,
                                                    machine / 40, machine % 3));
        }
        add(update, machine, 0);
    }
    update.snapshotEnds = behind == m_machines;
    update.generation = update.snapshotEnds ? 1 : 0;
    return update;
}

services::MachinesUpdate MachineFleet::delta(std::uint32_t rows) {
    services::MachinesUpdate update;
    ++m_turn;
    for (std::uint32_t i = 0; i < rows; ++i) {
        m_random = m_random * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        const auto machine = static_cast<std::uint32_t>((m_random >> 33) % m_machines);
        add(update, machine, m_turn);
    }
    update.generation = 1 + m_turn;
    return update;
}

}  // namespace ifrit::tests
