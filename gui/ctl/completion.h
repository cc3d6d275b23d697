// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace ifrit::gui::ctl {

/// A script for `shell` (bash, zsh or fish) that completes nouns, verbs and options. Made from the
/// commands themselves, so it is never behind them.
std::string completionScript(const CLI::App& app, const std::string& shell);

}  // namespace ifrit::gui::ctl
