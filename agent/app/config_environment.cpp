// SPDX-License-Identifier: Apache-2.0
#include "agent/app/config_environment.h"

#include <sstream>
#include <string_view>

namespace ifrit::agent::app {
namespace {

struct Variable {
    const char* name;
    const char* section;  ///< "" for the top
    const char* key;
    const char* other = "";  ///< the key that says the same in another way, which it replaces
};

// The container's entry point knows those of a machine by the same names.
constexpr Variable kVariables[] = {
    {"IFRIT_SERVER_NAME", "", "server_name"},
    {"IFRIT_CLUSTER", "", "cluster"},
    {"IFRIT_CA_FILE", "", "ca_file"},
    {"IFRIT_JOIN_TOKEN", "", "join_token", "join_token_file"},
    {"IFRIT_TOKEN_FILE", "", "join_token_file", "join_token"},
    {"IFRIT_UUID", "", "uuid", "instance_id_file"},
    {"IFRIT_INSTANCE_ID_FILE", "", "instance_id_file", "uuid"},
    {"IFRIT_MACHINE_TYPE", "", "machine_type"},
    {"IFRIT_PIN", "", "pin"},
    {"IFRIT_KEYS", "", "trusted_keys"},
    {"IFRIT_LOG_LEVEL", "log", "level"},
    {"IFRIT_LOG_FORMAT", "log", "format"},
    {"IFRIT_LOG_FILE", "log", "file"},
};
constexpr char kMasters[] = "IFRIT_MASTERS";

toml::array listOf(std::string_view text) {
    toml::array list;
    std::istringstream words{std::string(text)};
    for (std::string word; std::getline(words, word, ',');) {
        if (!word.empty()) list.push_back(word);
    }
    return list;
}

std::string fullKey(const std::string& section, const std::string& key) {
    return section.empty() ? key : section + '.' + key;
}

void addOrigins(const toml::table& table, const std::string& section, const std::string& origin,
                Origins& origins) {
    for (const auto& [key, node] : table) {
        const std::string name = fullKey(section, std::string(key.str()));
        if (const toml::table* inner = node.as_table())
            addOrigins(*inner, name, origin, origins);
        else
            origins[name] = origin;
    }
}

std::string unquoted(const std::string& key) {
    const bool isQuoted = key.size() >= 2 && (key.front() == '"' || key.front() == '\'');
    return isQuoted ? key.substr(1, key.size() - 2) : key;
}

}  // namespace

Origins putEnvironment(toml::table& table, GetVariable get) {
    Origins origins;
    const auto valueOf = [get](const char* name) {
        const char* value = get(name);
        return std::string(value == nullptr ? "" : value);
    };
    if (const std::string masters = valueOf(kMasters); !masters.empty()) {
        table.insert_or_assign("masters", listOf(masters));
        origins["masters"] = kMasters;
    }
    for (const Variable& variable : kVariables) {
        const std::string value = valueOf(variable.name);
        if (value.empty()) continue;
        toml::table* section = &table;
        if (*variable.section != '\0') {
            // A file that has no table there is refused for it later.
            table.insert(variable.section, toml::table());
            section = table[variable.section].as_table();
            if (section == nullptr) continue;
        }
        // Not the other variable's: two that contradict each other are refused.
        if (origins.count(variable.other) == 0) section->erase(variable.other);
        section->insert_or_assign(variable.key, value);
        origins[fullKey(variable.section, variable.key)] = variable.name;
    }
    return origins;
}

Origins originsOf(const toml::table& table, const std::string& origin) {
    Origins origins;
    addOrigins(table, "", origin, origins);
    return origins;
}

std::string withOrigins(const std::string& text, const Origins& origins) {
    std::string out;
    std::string section;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find(" = ");
        if (!line.empty() && line.front() == '[') {
            section = line.substr(1, line.find(']') - 1);
        } else if (!line.empty() && line.front() != '#' && equals != std::string::npos) {
            const auto found = origins.find(fullKey(section, unquoted(line.substr(0, equals))));
            line += "  # " + (found == origins.end() ? "default" : found->second);
        }
        out += line + '\n';
    }
    return out;
}

}  // namespace ifrit::agent::app
