// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "agent/journal/journal_state.h"

namespace ifrit::agent::journal {

/// "install", "upgrade", "uninstall": in the journal, in logs and in reports.
std::string_view nameOf(Operation operation);
std::optional<Operation> operationFromName(std::string_view name);

}  // namespace ifrit::agent::journal
