// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/config.h"
#include "agent/app/finding.h"
#include "agent/install/layout.h"
#include "agent/journal/journal_state.h"
#include "agent/link/identity_store.h"
#include "agent/local/local_message.h"
#include "agent/platform/host.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::app {

/// Looks at everything that the work of ifrit-agent stands on, from the file system to a call to
/// each master, and says what to do about what is wrong. Changes nothing; works beside a running
/// ifrit-agent and without one. Blocks for the network's timeouts.
class Doctor {
public:
    struct Parts {
        const base::Clock& clock;
        const platform::Host& host;
        const platform::ProcessTable& processes;
        link::MasterConnector& connector;
        std::function<absl::StatusOr<std::vector<std::string>>(const std::string& host)> lookUp;
        /// OK when a TCP connection to this address could be made.
        std::function<absl::Status(const std::string& address, std::uint16_t port)> connect;
        /// Asks the ifrit-agent that runs.
        std::function<absl::StatusOr<std::string>(const local::LocalRequest&)> ask;
    };
    Doctor(Parts parts, Config config);

    std::vector<Finding> examine();

private:
    using Result = Finding::Result;

    void add(std::string check, Result result, std::string detail, std::string advice = "");
    void add(std::string check, const absl::Status& status, std::string good,
             std::string_view fallbackAdvice);

    void checkService();
    void checkIdentity();
    void checkCertificate();
    void checkEnrolment();
    void checkKeys();
    void checkDisk();
    void checkJournal();
    void checkAgents();
    /// Whether a master hears of all of them.
    void checkNumber();
    /// Values in agent.toml that no package asks for.
    void checkVars();
    void checkAgent(const std::string& name, const std::string& stateLine);
    void checkMaster(const std::string& address);
    void checkSync(const std::string& address);
    void checkClock(base::WallTime masterTime);

    const Parts m_parts;
    const Config m_config;
    const install::Layout m_layout;
    std::optional<link::StoredIdentity> m_identity;
    std::optional<journal::JournalState> m_journal;
    std::string m_states;  ///< what the running ifrit-agent says of its agents
    std::vector<Finding> m_findings;
};

}  // namespace ifrit::agent::app
