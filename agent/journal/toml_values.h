// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "shared/base/clock.h"
#include "shared/base/status.h"

namespace ifrit::agent::journal {

/// Text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string validUtf8(std::string_view text);

/// Writes values under keys and leaves out what is empty, so that the file stays short.
class TomlWriter {
public:
    explicit TomlWriter(toml::table& table) : m_table(table) {}
    void text(std::string_view key, std::string_view value);
    void number(std::string_view key, std::uint64_t value);
    void flag(std::string_view key, bool value);
    void time(std::string_view key, base::WallTime value);
    void time(std::string_view key, const std::optional<base::WallTime>& value);
    void table(std::string_view key, toml::table value);
    void array(std::string_view key, toml::array value);

private:
    toml::table& m_table;
};

/// Reads values by key; an absent key leaves the default. The first key of a wrong type is kept in
/// status() and names `where`.
class TomlReader {
public:
    TomlReader(const toml::table& table, std::string where, absl::Status& status)
        : m_table(table), m_where(std::move(where)), m_status(status) {}

    void text(std::string_view key, std::string& value);
    template <typename Number>
    void number(std::string_view key, Number& value) {
        std::uint64_t read = static_cast<std::uint64_t>(value);
        readNumber(key, read);
        value = static_cast<Number>(read);
    }
    void flag(std::string_view key, bool& value);
    void time(std::string_view key, base::WallTime& value);
    void time(std::string_view key, std::optional<base::WallTime>& value);
    /// nullptr when there is none.
    const toml::table* table(std::string_view key);
    const toml::array* array(std::string_view key);
    void fail(std::string_view key, std::string_view expected);
    TomlReader child(const toml::table& table, std::string_view key) {
        return {table, m_where + '.' + std::string(key), m_status};
    }
    absl::Status& status() { return m_status; }
    /// What is there and was never asked for: keys of a later format.
    toml::table unasked() const;

private:
    const toml::node* find(std::string_view key) const;
    void readNumber(std::string_view key, std::uint64_t& value);

    const toml::table& m_table;
    std::string m_where;
    mutable std::set<std::string, std::less<>> m_asked;
    absl::Status& m_status;
};

}  // namespace ifrit::agent::journal
