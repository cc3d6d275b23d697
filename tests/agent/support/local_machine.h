// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "agent/app/local_machine.h"

namespace ifrit::tests {

/// A machine called m1 whose files lie below `root`, with the publishers' keys of `root`/keys.
inline std::unique_ptr<agent::app::LocalMachine> openLocalMachine(const std::string& root) {
    agent::app::Config config;
    config.root = root;
    config.masters = {"master:1"};
    config.uuid = "m1";
    config.machineType = "LINUX";
    config.trustedKeys = root + "/keys";
    auto opened = agent::app::LocalMachine::open(config, "test");
    if (!opened.ok()) throw std::runtime_error(opened.status().ToString());
    return *std::move(opened);
}

}  // namespace ifrit::tests
