// SPDX-License-Identifier: Apache-2.0
#include "shared/config/toml_section.h"

#include <algorithm>
#include <numeric>

namespace ifrit::config {
namespace {

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string nearestWord(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = editDistance(word, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

TomlSection::TomlSection(const toml::table& table, std::string_view file, std::string_view name)
    : m_table(table), m_file(file), m_name(name) {}

std::string TomlSection::fullName(std::string_view key) const {
    return m_name.empty() ? std::string(key) : fmt::format("{}.{}", m_name, key);
}

void TomlSection::reject(std::string_view key, const std::string& why) {
    if (!m_status.ok()) return;
    const toml::node* node = m_table.get(key);
    const auto line = node == nullptr ? m_table.source().begin.line : node->source().begin.line;
    m_status = base::invalidArgument("CONFIG_INVALID", fullName(key), "{}:{}: {}: {}", m_file, line,
                                     fullName(key), why);
}

void TomlSection::note(const absl::Status& status) {
    if (m_status.ok()) m_status = status;
}

const toml::node* TomlSection::find(std::string_view key) {
    m_known.emplace_back(key);
    return m_table.get(key);
}

void TomlSection::read(std::string_view key, std::string& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto text = node->value_exact<std::string>()) {
        value = *text;
    } else {
        reject(key, "must be a text in quotes");
    }
}

void TomlSection::read(std::string_view key, bool& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto flag = node->value_exact<bool>()) {
        value = *flag;
    } else {
        reject(key, "must be true or false");
    }
}

void TomlSection::read(std::string_view key, std::int64_t& value, std::int64_t least,
                       std::int64_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto number = node->value_exact<std::int64_t>();
    if (number && *number >= least && *number <= most) {
        value = *number;
    } else {
        reject(key, fmt::format("must be a whole number from {} to {}", least, most));
    }
}

void TomlSection::read(std::string_view key, std::vector<std::string>& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    if (list == nullptr) return reject(key, "must be a list of texts");
    value.clear();
    for (const toml::node& element : *list) {
        const auto text = element.value_exact<std::string>();
        if (!text) return reject(key, "must be a list of texts");
        value.push_back(*text);
    }
}

void TomlSection::read(std::string_view key, std::map<std::string, std::string>& value) {
    const toml::table* table = section(key);
    if (table == nullptr) return;
    value.clear();
    for (const auto& [name, node] : *table) {
        const auto text = node.value_exact<std::string>();
        if (!text) {
            return reject(key, fmt::format("{} must be a text in quotes", name.str()));
        }
        value[std::string(name.str())] = *text;
    }
}

const toml::table* TomlSection::section(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) reject(key, "must be a table");
    return node->as_table();
}

absl::Status TomlSection::finish() {
    for (const auto& [key, node] : m_table) {
        const std::string name(key.str());
        if (std::find(m_known.begin(), m_known.end(), name) != m_known.end()) continue;
        const std::string nearest = nearestWord(name, m_known);
        reject(name, nearest.empty()
                         ? "is not a known key"
                         : fmt::format("is not a known key; did you mean {}?", fullName(nearest)));
    }
    return m_status;
}

}  // namespace ifrit::config
