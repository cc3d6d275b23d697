// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "tests/agent/support/wait_until.h"
#include "tests/fault/fault_machine.h"

namespace ifrit::tests {

/// A master, a publisher, and machines of theirs.
struct FaultScene {
    FaultDirectory directory;
    PackageFactory packages{directory.path() / "packages", MISBEHAVING_AGENT};
    WireMaster master{packages.directory()};

    /// One that is enrolled and trusts the publisher. `port` 0: it asks the master itself; `more`
    /// is added to agent.toml.
    std::unique_ptr<FaultMachine> machine(const std::string& uuid, const std::string& more = "",
                                          int port = 0) const {
        auto made = std::make_unique<FaultMachine>(directory.path() / uuid, uuid,
                                                   port == 0 ? master.port() : port, more);
        packages.trustOn(made->layout().root());
        master.enrol(uuid, made->layout().root());
        return made;
    }
};

}  // namespace ifrit::tests
