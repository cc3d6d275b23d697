// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::config {

/// Reads one table of a configuration file strictly. The first problem wins and is kept; each is
/// one line with file, line and key. Keys that nobody asked for are found by finish().
class TomlSection {
public:
    /// `name` is empty for the file's top. Table and texts must outlive it.
    TomlSection(const toml::table& table, std::string_view file, std::string_view name);

    void read(std::string_view key, std::string& value);
    void read(std::string_view key, bool& value);
    void read(std::string_view key, std::int64_t& value, std::int64_t least, std::int64_t most);
    void read(std::string_view key, std::vector<std::string>& value);
    /// A table of texts with free keys.
    void read(std::string_view key, std::map<std::string, std::string>& value);
    /// nullptr when absent.
    const toml::table* section(std::string_view key);

    /// Notes a problem with a key that was read, for rules beyond its type.
    void reject(std::string_view key, const std::string& why);
    /// Notes what a nested section found.
    void note(const absl::Status& status);
    /// INVALID_ARGUMENT CONFIG_INVALID, also for an unknown key, with the nearest known one.
    absl::Status finish();

private:
    const toml::node* find(std::string_view key);
    std::string fullName(std::string_view key) const;

    const toml::table& m_table;
    const std::string_view m_file;
    const std::string_view m_name;
    std::vector<std::string> m_known;
    absl::Status m_status;
};

/// The known word with the fewest edits to `word`, empty when none is near.
std::string nearestWord(std::string_view word, const std::vector<std::string>& known);

}  // namespace ifrit::config
