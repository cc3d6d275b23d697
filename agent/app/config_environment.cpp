// SPDX-License-Identifier: Apache-2.0
#include "agent/app/config_environment.h"

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ifrit::agent::app {
namespace {

// The container's entry point knows those of a machine by the same names.
const std::vector<config::Variable> kVariables = {
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

}  // namespace

config::Origins putEnvironment(toml::table& table, config::GetVariable get) {
    config::Origins origins;
    const char* masters = get(kMasters);
    if (masters != nullptr && *masters != '\0') {
        table.insert_or_assign("masters", listOf(masters));
        origins["masters"] = kMasters;
    }
    config::putVariables(table, kVariables, get, origins);
    return origins;
}

}  // namespace ifrit::agent::app
