// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ifrit::agent::platform {

/// How a process ended.
struct ExitStatus {
    enum class Kind {
        Exited,   ///< code is what it returned
        Killed,   ///< code is the signal's number
        Unknown,  ///< it was not our child (adopted): only that it is gone is known
    };
    Kind kind = Kind::Unknown;
    int code = 0;
    bool success() const { return kind == Kind::Exited && code == 0; }
    bool operator==(const ExitStatus&) const = default;
};

/// "exited with code 3", "killed by signal 9 (SIGKILL)", "ended (it was...)".
std::string describe(const ExitStatus& status);

}  // namespace ifrit::agent::platform
