// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace ifrit::agent::platform {

/// Windows hands a program one line; this is the one that its run-time library splits into exactly
/// `command` again (CommandLineToArgvW).
std::wstring commandLineOf(const std::vector<std::string>& command);

/// NAME=VALUE entries, each ended by a NUL, sorted without regard to case as the system wants them,
/// and a NUL at the end. SystemRoot is added from ours when it is not there: without it a program
/// finds no sockets.
std::wstring environmentBlock(const std::map<std::string, std::string>& environment);

}  // namespace ifrit::agent::platform
