// SPDX-License-Identifier: Apache-2.0
#include "shared/config/environment.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string_view>

#include "shared/base/status.h"
#include "shared/config/toml_section.h"

namespace ifrit::config {
namespace {

/// What the programs of ifrit and its container's entry point read, and what they give to those
/// that they start: a shell, a unit's file or a container may hold one for a sister.
constexpr std::string_view kOfAnyProgram[] = {
    // ifritctl
    "IFRIT_BUNDLE", "IFRIT_CONTEXT", "IFRIT_KEY_PASSPHRASE",
    // ifrit-master
    "IFRIT_LISTEN", "IFRIT_ADVERTISE", "IFRIT_METRICS_LISTEN", "IFRIT_STORE_HOST",
    "IFRIT_STORE_DATABASE", "IFRIT_STORE_USER", "IFRIT_STORE_PASSWORD", "IFRIT_CACHE_HOST",
    "IFRIT_CACHE_USER", "IFRIT_CACHE_PASSWORD",
    // ifrit-master and ifrit-agent
    "IFRIT_LOG_LEVEL", "IFRIT_LOG_FORMAT", "IFRIT_LOG_FILE",
    // ifrit-agent
    "IFRIT_MASTERS", "IFRIT_SERVER_NAME", "IFRIT_CLUSTER", "IFRIT_CA_FILE", "IFRIT_JOIN_TOKEN",
    "IFRIT_TOKEN_FILE", "IFRIT_UUID", "IFRIT_INSTANCE_ID_FILE", "IFRIT_MACHINE_TYPE", "IFRIT_PIN",
    "IFRIT_KEYS", "IFRIT_AGENTS_UNIT",
    // its container
    "IFRIT_ROOT", "IFRIT_CONFIG", "IFRIT_PROGRAMS",
    // what it starts
    "IFRIT_SUPERVISED", "IFRIT_AGENT", "IFRIT_VERSION", "IFRIT_DATA_DIR"};

constexpr std::string_view kNotShown = " is set and not shown";

std::string fullKey(const std::string& section, const std::string& key) {
    return section.empty() ? key : section + '.' + key;
}

void addOrigins(const toml::table& table, const std::string& section, const std::string& origin,
                Origins& origins) {
    for (const auto& [key, node] : table) {
        const std::string name = fullKey(section, std::string(key.str()));
        // A table too: it may be printed in one line.
        origins[name] = origin;
        if (const toml::table* inner = node.as_table()) addOrigins(*inner, name, origin, origins);
    }
}

std::string unquoted(const std::string& key) {
    const bool isQuoted = key.size() >= 2 && (key.front() == '"' || key.front() == '\'');
    return isQuoted ? key.substr(1, key.size() - 2) : key;
}

/// The key whose value a printed line says; empty: it says none.
std::string keyOf(const std::string& line) {
    if (line.empty()) return {};
    if (line.front() != '#') {
        const auto equals = line.find(" = ");
        return equals == std::string::npos ? std::string() : unquoted(line.substr(0, equals));
    }
    const auto words = line.rfind(kNotShown);
    const bool isSecret =
        words != std::string::npos && words > 2 && words + kNotShown.size() == line.size();
    return isSecret ? line.substr(2, words - 2) : std::string();
}

}  // namespace

void putVariables(toml::table& table, const std::vector<Variable>& variables, GetVariable get,
                  Origins& put) {
    for (const Variable& variable : variables) {
        const char* value = get(variable.name);
        if (value == nullptr || *value == '\0') continue;
        toml::table* section = &table;
        if (*variable.section != '\0') {
            // A file that has no table there is refused for it later.
            table.insert(variable.section, toml::table());
            section = table[variable.section].as_table();
            if (section == nullptr) continue;
        }
        // Not the other variable's: two that contradict each other are refused.
        if (put.count(fullKey(variable.section, variable.other)) == 0)
            section->erase(variable.other);
        section->insert_or_assign(variable.key, std::string(value));
        put[fullKey(variable.section, variable.key)] = variable.name;
    }
}

Origins originsOf(const toml::table& table, const std::string& origin) {
    Origins origins;
    addOrigins(table, "", origin, origins);
    return origins;
}

std::string withOrigins(const std::string& text, const Origins& origins) {
    std::string out;
    std::string section;
    bool isOneOfMany = false;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.front() == '[') {
            isOneOfMany = line.compare(0, 2, "[[") == 0;
            const std::size_t from = isOneOfMany ? 2 : 1;
            section = line.substr(from, line.find(']') - from);
        } else if (const std::string key = keyOf(line); !key.empty()) {
            // A list of tables comes as a whole from one place.
            const auto found = origins.find(isOneOfMany ? section : fullKey(section, key));
            line += "  # " + (found == origins.end() ? "default" : found->second);
        }
        out += line + '\n';
    }
    return out;
}

std::vector<std::string> unknownVariables(const char* const* environment,
                                          const std::vector<std::string>& known) {
    std::vector<std::string> out;
    for (; *environment != nullptr; ++environment) {
        const std::string_view set = *environment;
        const std::string name(set.substr(0, set.find('=')));
        if (name.compare(0, 6, "IFRIT_") != 0 ||
            std::find(known.begin(), known.end(), name) != known.end() ||
            std::find(std::begin(kOfAnyProgram), std::end(kOfAnyProgram), name) !=
                std::end(kOfAnyProgram))
            continue;
        const std::string nearest = nearestWord(name, known);
        out.push_back(name + " is no variable that is read" +
                      (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
    }
    return out;
}

absl::Status withVariables(const absl::Status& status, const Origins& put) {
    std::string names;
    for (const auto& [key, name] : put)
        names += (names.empty() ? "" : ", ") + name;
    return base::annotate(status, "with the environment (" + names + ")");
}

}  // namespace ifrit::config
