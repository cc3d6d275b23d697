// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/platform/command_runner.h"
#include "shared/base/status.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::selfupgrade {

/// Asks a new ifrit-agent, before it takes over, what can be known without running it for long.
/// Thread-safe; blocks for as long as the program takes, at most a minute.
class ProgramCheck {
public:
    /// `commands` must outlive it. `configFile`: of this machine; empty: it is not asked about it.
    ProgramCheck(platform::CommandRunner& commands, std::string configFile)
        : m_commands(commands), m_configFile(std::move(configFile)) {}

    /// SELF_CHECK_FAILED with what is wrong: a file in `directory` is not the signed one, the
    /// program does not run here, is of another version than its package, or does not take this
    /// machine's configuration.
    absl::Status check(const domain::Manifest& manifest, const std::string& directory) const;

private:
    absl::StatusOr<std::string> ask(const std::string& program,
                                    std::vector<std::string> arguments) const;

    platform::CommandRunner& m_commands;
    const std::string m_configFile;
};

/// A package's version is that of the program in it, maybe with a revision: "1.4.0" is right for
/// "1.4.0", "1.4.0-2" and "1.4.0+b1".
bool isVersionOf(const std::string& compiled, const std::string& package);

}  // namespace ifrit::agent::selfupgrade
