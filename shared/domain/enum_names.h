// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/domain/desired_state.h"
#include "shared/domain/machine.h"
#include "shared/domain/release.h"

namespace ifrit::domain {

// The one spelling of every state and verb in JSON, SQL, logs, filters and the CLI: the words of
// the documents, lower case with '_' or '-' as written there.
std::string_view nameOf(Level value);
std::string_view nameOf(DesiredAction value);
std::string_view nameOf(Verdict value);
std::string_view nameOf(MachineState value);
/// The one word for a machine where a program reads it: whoever misses its polls is "offline"
/// whatever it last said, unless the master has judged it silent.
std::string_view nameOfMachine(MachineState state, bool isOffline);
std::string_view nameOf(Integrity value);
std::string_view nameOf(ReleaseState value);
std::string_view nameOf(StageKind value);
std::string_view nameOf(ReleaseVerb value);
std::string_view nameOf(Outcome value);
std::string_view nameOf(BatchAdvance value);
std::string_view nameOf(GateKind value);

/// A name as a sentence has it: "rolling back".
std::string spoken(std::string_view name);

/// The value of a name, nullopt for an unknown one. Instantiated for the types above.
template <typename Enum>
std::optional<Enum> fromName(std::string_view name);

}  // namespace ifrit::domain
