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
/// a file that is missing.
int fail(const absl::Status& status);

}  // namespace ifrit::master::app
