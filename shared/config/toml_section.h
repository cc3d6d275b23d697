// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/duration.h"
#include "shared/base/status.h"

namespace ifrit::config {

/// What holds for a whole document.
struct TomlRules {
    std::string reason = "CONFIG_INVALID";  ///< of the errors
    std::size_t maxTextBytes = 64 * 1024;
    std::size_t maxTexts = 100'000;  ///< in one list
};

/// INVALID_ARGUMENT with the reason of `rules` and "<file>:<line>: not TOML: ...".
absl::StatusOr<toml::table> parseToml(std::string_view text, std::string_view file,
                                      const TomlRules& rules = {});

enum class Presence { Required, Optional };

/// Reads one table of a document strictly: configuration, bundles, manifests, release files. The
/// first problem of the document wins and is kept; each is one line with file, line and key. What
/// is absent or wrong leaves its value as it was. Keys that nobody asked for are found by finish().
class TomlSection {
public:
    /// `name` is empty for the document's top. Table and texts must outlive it.
    TomlSection(const toml::table& table, std::string_view file, std::string_view name,
                TomlRules rules = {});
    /// A table within `parent`, whose problems are the parent's.
    TomlSection(const toml::table& table, TomlSection& parent, std::string_view key);
    TomlSection(const TomlSection&) = delete;
    TomlSection& operator=(const TomlSection&) = delete;

    /// Makes the key known, so that it is suggested for a misspelt one.
    bool has(std::string_view key);
    void read(std::string_view key, std::string& value, Presence presence = Presence::Optional);
    void read(std::string_view key, bool& value);
    template <std::integral Number>
    void read(std::string_view key, Number& value, std::int64_t least, std::int64_t most,
              Presence presence = Presence::Optional) {
        auto number = static_cast<std::int64_t>(value);
        readNumber(key, number, least, most, presence);
        value = static_cast<Number>(number);
    }
    /// A number with or without a fraction.
    void read(std::string_view key, double& value, double least, double most);
    /// A text such as "10s" (shared/base/duration.h), at most `most`, which is whole days.
    void read(std::string_view key, std::chrono::milliseconds& value,
              std::chrono::hours most = base::kMostDuration);
    /// A whole number of milliseconds.
    void readMillis(std::string_view key, std::chrono::milliseconds& value, std::int64_t least,
                    std::int64_t most) {
        std::int64_t millis = value.count();
        read(key, millis, least, most);
        value = std::chrono::milliseconds(millis);
    }
    void read(std::string_view key, std::vector<std::string>& value,
              Presence presence = Presence::Optional);
    /// A list of whole numbers, each from `least` to `most`.
    void read(std::string_view key, std::vector<std::uint32_t>& value, std::uint32_t least,
              std::uint32_t most);
    /// A table of texts with free keys.
    void read(std::string_view key, std::map<std::string, std::string>& value);
    /// nullptr when absent, which is a problem when it is required.
    const toml::table* section(std::string_view key, Presence presence = Presence::Optional);
    /// A list of tables.
    const toml::array* sections(std::string_view key, Presence presence = Presence::Optional);

    /// Notes a problem with a key that was read, for rules beyond its type.
    void reject(std::string_view key, const std::string& why);
    /// The same for what a check of the values found, in its words and with its reason. OK is none;
    /// without a node the first line is named.
    void reject(const toml::node* where, const absl::Status& status);
    /// Notes what a section with problems of its own found.
    void note(const absl::Status& status);
    /// The first problem of the document so far, also an unknown key of this table, with the
    /// nearest known one.
    absl::Status finish();

private:
    const toml::node* find(std::string_view key, Presence presence);
    void readNumber(std::string_view key, std::int64_t& value, std::int64_t least,
                    std::int64_t most, Presence presence);
    bool isText(const toml::node& node) const;
    std::string textRule() const;
    std::string fullName(std::string_view key) const;

    const toml::table& m_table;
    const std::string_view m_file;
    const std::string m_name;
    const TomlRules m_rules;
    std::vector<std::string> m_known;
    /// Said last: a misspelt key is the likelier cause, and more help, than the one it is not.
    std::vector<std::string> m_missing;
    absl::Status m_own;
    absl::Status& m_status;  ///< of the whole document
};

/// The known word with the fewest edits to `word`, empty when none is near.
std::string nearestWord(std::string_view word, const std::vector<std::string>& known);

}  // namespace ifrit::config
