// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/journal/journal_state.h"
#include "shared/base/clock.h"

namespace ifrit::agent::app {

/// The journal for a person at night: what is wanted, what runs, what failed and when it is tried
/// again. Pure.
std::string statusText(const journal::JournalState& state, const std::string& uuid,
                       base::WallTime now);
/// The same as one JSON object.
std::string statusJson(const journal::JournalState& state, const std::string& uuid);

}  // namespace ifrit::agent::app
