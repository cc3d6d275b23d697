// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gui/services/fleet.h"

namespace ifrit::tests {

namespace services = gui::services;

struct ScriptAgent {
    std::string name;
    std::string running;
    std::string desired;
    domain::MachineState state = domain::MachineState::Healthy;
    std::string step;
    std::string error;
    std::uint32_t cpuCentipercent = 20;
    std::uint64_t rssBytes = 19'000'000;
};

struct ScriptMachine {
    std::string uuid;
    std::string address = "10.4.18.21";
    std::string type = "LINUX";
    std::string pin = "acme";
    std::string labels;
    domain::MachineState state = domain::MachineState::Healthy;
    bool offline = false;
    std::uint32_t batch = 1;
    std::int64_t lastSeenMs = 1'000;
    std::vector<ScriptAgent> agents;
};

/// Writes machines as the updates of a machine stream, interning as a real one does.
class FleetScript {
public:
    services::MachinesUpdate snapshot(const std::vector<ScriptMachine>& machines,
                                      std::uint64_t generation = 1);
    services::MachinesUpdate delta(const std::vector<ScriptMachine>& machines,
                                   const std::vector<std::string>& removed = {},
                                   std::uint64_t generation = 2);

private:
    std::uint32_t intern(services::MachinesUpdate& update, const std::string& text);
    void add(services::MachinesUpdate& update, const ScriptMachine& machine);
    std::map<std::string, std::uint32_t> m_ids = {{"", 0}};
};

/// Machines uuid i-00000 ... with everything else the same.
std::vector<ScriptMachine> plainMachines(std::size_t count);

}  // namespace ifrit::tests
