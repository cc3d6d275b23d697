// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to shared/package: reading TOML where an unknown key is an error.

#include <absl/status/status.h>
#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ifrit::package {

/// Keeps the first error of a whole document; what is read after it does not matter.
class FirstError {
public:
    explicit FirstError(std::string source) : m_source(std::move(source)) {}

    /// PACKAGE_MANIFEST, "<source>:<line>: <message>".
    void add(const toml::node* where, const std::string& message);
    /// The same with the reason of `status`; OK is none.
    void add(const toml::node* where, const absl::Status& status);
    const absl::Status& status() const { return m_status; }

private:
    std::string m_source;
    absl::Status m_status;
};

enum class Presence { Required, Optional };

/// One table of the document. Each read marks its key as known; the destructor's job is done by
/// finish(), which names a key that nobody read, and the nearest that somebody did.
class StrictTable {
public:
    StrictTable(const toml::table& table, std::string path, FirstError& errors);

    /// Also makes the key known, so that it is suggested for a misspelt one.
    bool has(const char* key);
    std::string text(const char* key, Presence presence);
    std::uint64_t number(const char* key, Presence presence, std::uint64_t limit);
    std::chrono::milliseconds duration(const char* key, std::chrono::milliseconds fallback);
    std::vector<std::string> texts(const char* key, Presence presence);
    std::map<std::string, std::string> textMap(const char* key);
    /// nullptr when absent (an error when required).
    const toml::table* table(const char* key, Presence presence);
    const toml::array* tables(const char* key, Presence presence);
    std::string pathOf(const char* key) const;
    void finish();

    FirstError& errors() { return m_errors; }
    const toml::node* node() const { return &m_table; }

private:
    const toml::node* find(const char* key, Presence presence);

    const toml::table& m_table;
    std::string m_path;
    FirstError& m_errors;
    std::set<std::string, std::less<>> m_known;
};

}  // namespace ifrit::package
