// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <toml++/toml.h>

#include <map>
#include <string>
#include <vector>

namespace ifrit::config {

/// Value of a variable of the environment; nullptr: it is not set.
using GetVariable = const char* (*)(const char* name);

/// A variable that says a text instead of the file.
struct Variable {
    const char* name;
    const char* section;  ///< "" for the top
    const char* key;
    /// A key that says the same in another way, or that only goes with what the file says here: it
    /// is gone with it, unless a variable before this one says it.
    const char* other = "";
};

/// Where a value comes from, by its full key ("log.level"), for those that are not defaults.
using Origins = std::map<std::string, std::string>;

/// Puts what the variables say over what the file says; an empty one counts as not set. Adds the
/// variable of each key that was put to `put`.
void putVariables(toml::table& table, const std::vector<Variable>& variables, GetVariable get,
                  Origins& put);

/// Full keys of what a file says, with `origin` for each.
Origins originsOf(const toml::table& table, const std::string& origin);

/// A printed configuration with the origin of each value behind it; also behind
/// "# <key> is set and not shown".
std::string withOrigins(const std::string& text, const Origins& origins);

/// A sentence for each variable of `environment` ("NAME=value", ends with nullptr) that begins with
/// IFRIT_ and is none of `known`: it changes nothing, and may be misspelt.
std::vector<std::string> unknownVariables(const char* const* environment,
                                          const std::vector<std::string>& known);

/// What is wrong only with what variables say over a file: they have no line of it.
absl::Status withVariables(const absl::Status& status, const Origins& put);

}  // namespace ifrit::config
