// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "shared/base/status.h"

namespace ifrit::master::app {

/// Set by the parsed subcommand; returns the exit code.
using Action = std::function<int()>;

/// NOT_FOUND (DIRECTORY_MISSING) where `directory` is none, before a command looks for its files:
/// no cluster was made there, whatever its configuration would be.
absl::Status checkDirectory(const std::string& directory);

/// For CLI::Option::check(): what a rule refuses was typed wrong, which is a matter of usage.
template <typename Rule>
std::function<std::string(const std::string&)> byRule(Rule rule) {
    return [rule](const std::string& text) { return base::messageOf(rule(text)); };
}

/// init, serve, add-master, migrate, check-config, print-config.
void addClusterCommands(CLI::App& app, Action& action);
/// backup, restore.
void addBackupCommands(CLI::App& app, Action& action);
/// join-token, revoke-machine, user, publisher-key.
void addPeopleCommands(CLI::App& app, Action& action);

/// Prints "ifrit-master: <sentence> (<CODE> <REASON>)" and gives the exit code: 78 for
/// configuration, 75 for a locked directory, 3 for what the cluster does not have, else 1: also for
/// a file or folder of this machine that is missing.
int fail(const absl::Status& status);

}  // namespace ifrit::master::app
