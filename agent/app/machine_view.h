// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/journal/journal_state.h"
#include "agent/link/link_board.h"
#include "agent/platform/process_table.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::app {

/// All that a person on the machine is shown: what the journal remembers, and, while ifrit-agent
/// runs, what it knows beyond that.
struct MachineView {
    struct Running {
        std::string version;
        std::int32_t pid = 0;
        base::WallTime started{};
        link::LinkState link;
        std::vector<domain::AgentReport> agents;
    };
    domain::MachineFacts facts;
    std::string uuidSource;                         ///< where the uuid comes from
    std::optional<base::WallTime> certificateEnds;  ///< absent: not enrolled
    journal::JournalState journal;
    std::optional<Running> running;  ///< absent: ifrit-agent does not run, or does not answer
    bool hangs = false;              ///< it runs, and does not answer
    std::set<std::string> gone;      ///< agents whose process, of the journal, is there no more
};

/// MachineView::gone.
std::set<std::string> goneProcesses(const journal::JournalState& journal,
                                    const platform::ProcessTable& processes);

/// "90 s", "5 min", "3 h", "12 d": how far apart the two are.
std::string ageText(base::WallTime then, base::WallTime now);

}  // namespace ifrit::agent::app
