// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>
#include <toml++/toml.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/status.h"
#include "shared/config/toml_section.h"

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
/// IFRIT_ and is neither of `known` nor read by another program of ifrit: it changes nothing, and
/// may be misspelt.
std::vector<std::string> unknownVariables(const char* const* environment,
                                          const std::vector<std::string>& known);

/// What is wrong only with what variables say over a file: they have no line of it.
absl::Status withVariables(const absl::Status& status, const Origins& put);

/// A configuration, and where its values come from.
template <typename Config>
struct Loaded {
    Config config;
    Origins origins;
};

/// Reads a file's text with what variables say over it. `put` puts those into the table and adds to
/// the origins; `read` makes a Config of a table of the file `path`, or says what is wrong with it.
template <typename Config, typename Read, typename Put>
absl::StatusOr<Loaded<Config>> readWithVariables(std::string_view text, const std::string& path,
                                                 Read read, Put put) {
    IFRIT_ASSIGN_OR_RETURN(const toml::table file, parseToml(text, path));
    toml::table table = file;
    Origins variables;
    put(table, variables);
    absl::StatusOr<Config> config = read(table, path);
    if (!config.ok()) {
        // A value of a variable has no line; what is wrong with the file alone is said as ever.
        if (const absl::Status alone = read(file, path).status(); !alone.ok()) return alone;
        return withVariables(config.status(), variables);
    }
    Loaded<Config> loaded{*std::move(config), originsOf(file, path)};
    for (const auto& [key, name] : variables)
        loaded.origins[key] = name;
    return loaded;
}

}  // namespace ifrit::config
