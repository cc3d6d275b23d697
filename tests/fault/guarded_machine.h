// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/fault/fault_machine.h"

namespace ifrit::tests {

/// A FaultMachine whose ifrit-agent is started by a real ifrit-guard; the test is its init. One
/// thread each.
class GuardedMachine : public FaultMachine {
public:
    using FaultMachine::FaultMachine;
    ~GuardedMachine();
    GuardedMachine(const GuardedMachine&) = delete;
    GuardedMachine& operator=(const GuardedMachine&) = delete;

    /// As init does it. `wrapper` as FaultMachine::start().
    std::unique_ptr<ChildProcess> startGuard(std::vector<std::string> wrapper = {},
                                             const std::vector<std::string>& flags = {}) const;
    /// The live ifrit-agent that guard started last, and the guard that runs; 0: none.
    pid_t agentPid() const;
    pid_t guardPid() const;
    /// Version of the ifrit-agent that runs, by the directory that its program lies in;
    /// "installed": the one that came with the machine; empty: none runs.
    std::string agentVersion() const;
    /// Nothing is on trial or in progress, and this version (as agentVersion()) runs.
    bool isSelfSettled(const std::string& version) const;
    /// "" or what a switch of ifrit-agent left lying about.
    std::string selfGarbage() const;
    /// Ends guards and ifrit-agents of this machine, however they came to be.
    void killIfrit() const;
};

/// Packages of ifrit-agent, made of the program variant_agent.
class SelfPackages {
public:
    /// `factory` gives key and directory.
    explicit SelfPackages(const PackageFactory& factory);
    /// `behaviour` as in variant_agent.cpp; `limits` are lines of [limits].
    TestPackage make(const std::string& version, const std::string& behaviour,
                     const std::string& probation, const std::string& limits = "") const;

private:
    const PackageFactory& m_factory;
    std::filesystem::path m_program;
};

}  // namespace ifrit::tests
