// SPDX-License-Identifier: Apache-2.0
#include "agent/link/link_settings.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <utility>

#include "shared/base/atomic_file.h"
#include "shared/config/toml_section.h"

namespace ifrit::agent::link {
namespace {

constexpr std::size_t kMaxBytes = 1024 * 1024;
constexpr int kFileMode = 0600;

constexpr std::array<std::string_view, 3> kKeys{"masters", "server_name", "ca_pem"};

bool isOurs(std::string_view key) {
    return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

config::TomlRules rules() {
    config::TomlRules rules;
    rules.maxTextBytes = kMaxBytes;  // the CA may be many
    return rules;
}

/// What a later version wrote besides, which this one does not know. A version that was put back
/// goes on with what it does know, and leaves the rest to the one that comes again.
toml::table othersOf(const toml::table& table) {
    toml::table others = table;
    for (const std::string_view key : kKeys)
        others.erase(key);
    return others;
}

absl::StatusOr<LinkSettings> parse(std::string_view text, const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const toml::table whole, config::parseToml(text, path, rules()));
    toml::table table;
    for (const auto& [key, node] : whole) {
        if (isOurs(key.str())) table.insert(key, node);
    }
    LinkSettings settings;
    config::TomlSection top(table, path, "", rules());
    top.read("masters", settings.masters);
    top.read("server_name", settings.serverName);
    top.read("ca_pem", settings.caPem);
    IFRIT_RETURN_IF_ERROR(top.finish());
    if (settings.masters.empty())
        return base::invalidArgument("LINK_SETTINGS", path, "{}: it names no master", path);
    return settings;
}

}  // namespace

absl::StatusOr<std::optional<LinkSettings>> LinkSettingsStore::read() const {
    const absl::StatusOr<std::string> text = base::readFile(m_path, kMaxBytes);
    if (absl::IsNotFound(text.status())) return std::nullopt;
    IFRIT_RETURN_IF_ERROR(text.status());
    IFRIT_ASSIGN_OR_RETURN(LinkSettings settings, parse(*text, m_path));
    return std::optional(std::move(settings));
}

std::optional<LinkSettings> LinkSettingsStore::load() const {
    absl::StatusOr<std::optional<LinkSettings>> settings = read();
    if (settings.ok()) return *std::move(settings);
    spdlog::warn("the proven settings are not known any more: {}",
                 base::messageOf(settings.status()));
    return std::nullopt;
}

absl::Status LinkSettingsStore::save(const LinkSettings& settings) const {
    toml::array masters;
    for (const std::string& master : settings.masters)
        masters.push_back(master);
    toml::table table;
    if (const auto before = base::readFile(m_path, kMaxBytes); before.ok()) {
        const auto parsed = config::parseToml(*before, m_path, rules());
        if (parsed.ok()) table = othersOf(*parsed);
    }
    table.insert_or_assign("masters", masters);
    table.insert_or_assign("server_name", settings.serverName);
    table.insert_or_assign("ca_pem", settings.caPem);
    std::ostringstream out;
    out << "# The settings of agent.toml that a call to a master has succeeded with.\n"
        << table << '\n';
    return base::writeFileAtomically(m_path, out.str(), kFileMode);
}

SettingsChoice chooseSettings(LinkSettings configured, std::optional<LinkSettings> proven,
                              bool isEnrolled) {
    if (!isEnrolled || !proven || *proven == configured) return {std::move(configured), {}};
    return {*std::move(proven), std::move(configured)};
}

}  // namespace ifrit::agent::link
