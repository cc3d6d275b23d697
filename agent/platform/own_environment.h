// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace ifrit::agent::platform {

/// What this process was given and has set, for LaunchSpec::environment, which inherits nothing.
/// While another thread sets a variable it must not be called.
std::map<std::string, std::string> ownEnvironment();

}  // namespace ifrit::agent::platform
