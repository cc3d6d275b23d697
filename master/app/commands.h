// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <CLI/CLI.hpp>
#include <functional>

namespace ifrit::master::app {

/// Set by the parsed subcommand; returns the exit code.
using Action = std::function<int()>;

/// init, serve, add-master, migrate, check-config, print-config.
void addClusterCommands(CLI::App& app, Action& action);
/// backup, restore.
void addBackupCommands(CLI::App& app, Action& action);
/// join-token, revoke-machine, user, publisher-key.
void addPeopleCommands(CLI::App& app, Action& action);

/// Prints "ifrit-master: <sentence>" and gives the exit code: 78 for configuration, 75 for a locked
/// directory, 3 for what does not exist, else 1.
int fail(const absl::Status& status);

}  // namespace ifrit::master::app
