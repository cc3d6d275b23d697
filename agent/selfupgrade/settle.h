// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "agent/guard/slots.h"
#include "agent/journal/journal_state.h"

namespace ifrit::agent::selfupgrade {

/// Brings the journal's record of ifrit-agent in line with what is true: the version that runs
/// (nullopt: the one that came with the machine) and what guard put back meanwhile. Can be repeated
/// after a kill: the second time it changes nothing. Pure.
void settle(const std::optional<journal::InstalledVersion>& running,
            const std::optional<guard::PutBack>& putBack, journal::JournalState& state);

}  // namespace ifrit::agent::selfupgrade
