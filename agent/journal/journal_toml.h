// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include "agent/journal/journal_state.h"
#include "shared/base/status.h"

namespace ifrit::agent::journal {

/// JournalState as a TOML document and back. Absent keys are defaults; a key of the wrong type is
/// DATA_LOSS JOURNAL_DAMAGED with its name.
toml::table toToml(const JournalState& state);
absl::StatusOr<JournalState> fromToml(const toml::table& document);
/// The top-level keys that fromToml() does not know.
toml::table unknownKeysOf(const toml::table& document);

}  // namespace ifrit::agent::journal
