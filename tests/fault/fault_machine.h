// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/install/layout.h"
#include "agent/journal/journal_state.h"
#include "tests/agent/support/package_factory.h"
#include "tests/fault/child_process.h"
#include "tests/fault/wire_master.h"

namespace ifrit::tests {

/// A fresh directory for roots: in memory where there is room for it, since the tests write the
/// same state thousands of times and ask nothing of a real disk. Gone with its owner.
class FaultDirectory {
public:
    FaultDirectory();
    ~FaultDirectory();
    FaultDirectory(const FaultDirectory&) = delete;
    FaultDirectory& operator=(const FaultDirectory&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// A machine with the real ifrit-agent and one managed agent, "exporter", whose disk a test can put
/// back to an earlier state. One thread each.
class FaultMachine {
public:
    /// `port`: of the master, or of what stands between. `more` is added to agent.toml.
    FaultMachine(std::filesystem::path directory, std::string uuid, int port,
                 const std::string& more = "");
    ~FaultMachine();

    const std::string& uuid() const { return m_uuid; }
    const agent::install::Layout& layout() const { return m_layout; }
    const std::string& configFile() const { return m_config; }
    std::string logFile() const { return (m_directory / "agent.log").string(); }
    std::string logText() const;

    /// Ends what runs here and makes the disk equal to `image`.
    void resetTo(const std::filesystem::path& image);
    /// `wrapper`: a command that runs the agent instead of running it directly.
    std::unique_ptr<ChildProcess> start(std::vector<std::string> wrapper = {}) const;

    agent::journal::AgentRecord record(const std::string& agent = "exporter") const;
    /// The version that the journal names is the one that runs, and nothing is in progress.
    bool isSettled(const std::string& version) const;  ///< "": nothing is installed
    /// Pids of everything that was started from the exporter's directory; looks at every process.
    std::vector<pid_t> managed() const;
    /// Ends what runs of every managed agent, and waits for it.
    void killManaged() const;

    /// "" or what is wrong: `current` and the journal agree, the version is there to the last byte,
    /// and it runs exactly once. Where a process has just ended, the ifrit-agent has a while to
    /// hear of it.
    std::string inconsistency() const;
    /// The same without what runs: of a machine whose ifrit-agent may be away.
    std::string inconsistencyOnDisk() const;
    /// "" or what lies about that no version needs.
    std::string garbage() const;

private:
    /// Which file, and which writing of it.
    struct Stamp {
        ino_t inode = 0;
        std::int64_t modified = 0;
        bool operator==(const Stamp&) const = default;
    };
    /// What the journal says, and which programs run of the exporter.
    struct Moment {
        agent::journal::AgentRecord record;
        std::map<pid_t, std::string> programs;
        bool operator==(const Moment&) const = default;
    };
    Moment moment() const;
    std::string damage(const std::filesystem::path& version, const std::string& digest) const;
    std::string inconsistencyOf(const Moment& now) const;

    const std::filesystem::path m_directory;
    const std::string m_uuid;
    const agent::install::Layout m_layout;
    std::string m_config;
    // A test asks every few milliseconds; most of the processor would go into reading the same.
    mutable Stamp m_stamp;
    mutable std::string m_agent;
    mutable agent::journal::AgentRecord m_record;
};

domain::DesiredEntry installOf(const TestPackage& package);
domain::DesiredEntry purgeOf(const std::string& agent);

}  // namespace ifrit::tests
