// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <CLI/CLI.hpp>
#include <string>

#include "gui/ctl/shell.h"

namespace ifrit::gui::ctl {

/// Where the person's own password comes from, of commands that make or widen access: a master asks
/// for it where the connection speaks by a token, so that a stolen one makes nothing that outlives
/// it.
struct OwnPasswordOptions {
    bool fromStdin = false;
};
void addOwnPasswordOption(CLI::App& verb, OwnPasswordOptions& options);

/// Empty, and nobody is asked, where the connection speaks by a certificate. Else a line of the
/// standard input, or what a person types without echo; USAGE where there is neither.
absl::StatusOr<std::string> ownPassword(const Shell& shell, const OwnPasswordOptions& options);

/// Shell::mutation() with it.
absl::StatusOr<services::Mutation> wideningMutation(const Shell& shell,
                                                    const OwnPasswordOptions& options);

}  // namespace ifrit::gui::ctl
