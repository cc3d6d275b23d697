// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/config/environment.h"

namespace ifrit::agent::app {

/// Puts what IFRIT_* variables say over what the file says; an empty one counts as not set. The
/// variable of each key that was put.
config::Origins putEnvironment(toml::table& table, config::GetVariable get);

}  // namespace ifrit::agent::app
