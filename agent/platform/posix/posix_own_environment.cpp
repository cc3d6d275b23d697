// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/own_environment.h"

extern char** environ;

namespace ifrit::agent::platform {

std::map<std::string, std::string> ownEnvironment() {
    std::map<std::string, std::string> variables;
    for (char** at = environ; *at != nullptr; ++at) {
        const std::string entry = *at;
        const auto equals = entry.find('=');
        if (equals != std::string::npos)
            variables[entry.substr(0, equals)] = entry.substr(equals + 1);
    }
    return variables;
}

}  // namespace ifrit::agent::platform
