// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/config.h"
#include "agent/app/finding.h"
#include "agent/install/layout.h"
#include "agent/journal/journal_state.h"
#include "agent/link/identity_store.h"
#include "agent/link/link_settings.h"
#include "agent/local/local_message.h"
#include "agent/platform/host.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::app {

/// Looks at everything that the work of ifrit-agent stands on, from the file system to a call to
/// each master, those of agent.toml and those in use instead, and says what to do about what is
/// wrong. Changes nothing; works beside a running ifrit-agent and without one. Blocks for the
/// network's timeouts.
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
    /// `file`: why `config` is not what its file says, but only its root is.
    Doctor(Parts parts, Config config, absl::Status file = absl::OkStatus());

    std::vector<Finding> examine();

private:
    using Result = Finding::Result;

    void add(std::string check, Result result, std::string detail, std::string advice = "");
    void add(std::string check, const absl::Status& status, std::string good,
             std::string_view fallbackAdvice);

    void checkService();
    void checkIdentity();
    /// Where agent.toml cannot say who this machine is.
    void guessIdentity();
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
    /// One master, and with what it is called.
    struct Master {
        std::string address;
        std::string serverName;
        std::string caPem;   ///< empty: that of our certificate
        std::string suffix;  ///< of the check's name
        std::string mend;    ///< what to do about an address that is wrong
        bool isSame(const Master& other) const {
            return address == other.address && serverName == other.serverName &&
                   caPem == other.caPem;
        }
    };
    /// Which settings are in use, those of agent.toml or those that last worked.
    link::SettingsChoice checkSettings();
    /// How the running ifrit-agent fares with them.
    void checkLink();
    /// Those in use, and those that are tried beside them.
    void checkMasters(const link::SettingsChoice& settings);
    void checkMaster(const Master& master);
    bool isReachable(const Master& master);
    void checkSync(const Master& master);
    void checkClock(base::WallTime masterTime);

    const Parts m_parts;
    const Config m_config;
    const absl::Status m_file;
    const install::Layout m_layout;
    std::optional<link::StoredIdentity> m_identity;
    std::optional<journal::JournalState> m_journal;
    bool m_answers = false;                 ///< the ifrit-agent that runs
    bool m_isEnrolled = false;              ///< with a certificate that ifrit-agent would use
    std::map<std::string, bool> m_reached;  ///< by address
    std::string m_states;                   ///< what the running ifrit-agent says of its agents
    std::vector<Finding> m_findings;
};

}  // namespace ifrit::agent::app
