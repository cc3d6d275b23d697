// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <map>
#include <string>

namespace ifrit::agent::app {

/// Value of a variable of the environment; nullptr: it is not set.
using GetVariable = const char* (*)(const char* name);

/// Where a value comes from, by its full key ("log.level"), for those that are not defaults.
using Origins = std::map<std::string, std::string>;

/// Puts what IFRIT_* variables say over what the file says; an empty one counts as not set. The
/// variable of each key that was put.
Origins putEnvironment(toml::table& table, GetVariable get);

/// Full keys of what a file says, with `origin` for each.
Origins originsOf(const toml::table& table, const std::string& origin);

/// What formatConfig() made, with the origin of each value behind it.
std::string withOrigins(const std::string& text, const Origins& origins);

}  // namespace ifrit::agent::app
