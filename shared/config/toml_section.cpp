// SPDX-License-Identifier: Apache-2.0
#include "shared/config/toml_section.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "shared/base/duration.h"

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

absl::StatusOr<toml::table> parseToml(std::string_view text, std::string_view file,
                                      const TomlRules& rules) {
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        return base::invalidArgument(rules.reason, file, "{}:{}: not TOML: {}", file,
                                     error.source().begin.line, error.description());
    }
}

TomlSection::TomlSection(const toml::table& table, std::string_view file, std::string_view name,
                         TomlRules rules)
    : m_table(table), m_file(file), m_name(name), m_rules(std::move(rules)), m_status(m_own) {}

TomlSection::TomlSection(const toml::table& table, TomlSection& parent, std::string_view key)
    : m_table(table),
      m_file(parent.m_file),
      m_name(parent.fullName(key)),
      m_rules(parent.m_rules),
      m_status(parent.m_status) {}

std::string TomlSection::fullName(std::string_view key) const {
    return m_name.empty() ? std::string(key) : fmt::format("{}.{}", m_name, key);
}

void TomlSection::reject(std::string_view key, const std::string& why) {
    const toml::node* node = m_table.get(key);
    // What is wrong with an absent value is that it is absent.
    if (node == nullptr && std::find(m_missing.begin(), m_missing.end(), key) != m_missing.end())
        return;
    const std::string name = fullName(key);
    reject(node == nullptr ? &m_table : node,
           base::invalidArgument(m_rules.reason, name, "{}: {}", name, why));
}

void TomlSection::reject(const toml::node* where, const absl::Status& status) {
    if (status.ok() || !m_status.ok()) return;
    const auto line = where == nullptr ? 1 : where->source().begin.line;
    const base::ErrorInfo info = base::errorInfo(status);
    m_status =
        base::invalidArgument(info.reason, info.subject, "{}:{}: {}", m_file,
                              std::max<toml::source_index>(line, 1), base::messageOf(status));
}

void TomlSection::note(const absl::Status& status) {
    if (m_status.ok()) m_status = status;
}

bool TomlSection::has(std::string_view key) {
    m_known.emplace_back(key);
    return m_table.contains(key);
}

const toml::node* TomlSection::find(std::string_view key, Presence presence) {
    if (!has(key) && presence == Presence::Required) m_missing.emplace_back(key);
    return m_table.get(key);
}

bool TomlSection::isText(const toml::node& node) const {
    const auto text = node.value_exact<std::string>();
    return text && text->size() <= m_rules.maxTextBytes && text->find('\0') == std::string::npos;
}

std::string TomlSection::textRule() const {
    return fmt::format("of at most {} bytes without NUL", m_rules.maxTextBytes);
}

void TomlSection::read(std::string_view key, std::string& value, Presence presence) {
    const toml::node* node = find(key, presence);
    if (node == nullptr) return;
    if (!node->is_string()) return reject(key, "must be a text in quotes");
    if (!isText(*node)) return reject(key, "must be a text " + textRule());
    value = **node->as_string();
}

void TomlSection::read(std::string_view key, bool& value) {
    const toml::node* node = find(key, Presence::Optional);
    if (node == nullptr) return;
    if (const auto flag = node->value_exact<bool>()) {
        value = *flag;
    } else {
        reject(key, "must be true or false");
    }
}

void TomlSection::readNumber(std::string_view key, std::int64_t& value, std::int64_t least,
                             std::int64_t most, Presence presence) {
    const toml::node* node = find(key, presence);
    if (node == nullptr) return;
    const auto number = node->value_exact<std::int64_t>();
    if (number && *number >= least && *number <= most) {
        value = *number;
    } else {
        reject(key, fmt::format("must be a whole number from {} to {}", least, most));
    }
}

void TomlSection::read(std::string_view key, double& value, double least, double most) {
    const toml::node* node = find(key, Presence::Optional);
    if (node == nullptr) return;
    // Not a number is in no range.
    const auto number = node->value<double>();
    if (node->is_number() && number && *number >= least && *number <= most) {
        value = *number;
    } else {
        reject(key, fmt::format("must be a number from {:g} to {:g}", least, most));
    }
}

void TomlSection::read(std::string_view key, std::chrono::milliseconds& value,
                       std::chrono::hours most) {
    const toml::node* node = find(key, Presence::Optional);
    if (node == nullptr) return;
    if (!isText(*node)) return reject(key, "must be a duration in quotes, such as \"10s\"");
    const auto duration = base::parseDuration(**node->as_string(), most);
    if (!duration.ok()) return reject(key, base::messageOf(duration.status()));
    value = *duration;
}

void TomlSection::read(std::string_view key, std::vector<std::string>& value, Presence presence) {
    const toml::node* node = find(key, presence);
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    if (list == nullptr) return reject(key, "must be a list of texts");
    if (list->size() > m_rules.maxTexts) {
        return reject(key, fmt::format("must be a list of at most {} texts", m_rules.maxTexts));
    }
    value.clear();
    for (const toml::node& element : *list) {
        if (!element.is_string()) return reject(key, "must be a list of texts");
        if (!isText(element)) return reject(key, "must be a list of texts " + textRule());
        value.push_back(**element.as_string());
    }
}

void TomlSection::read(std::string_view key, std::vector<std::uint32_t>& value, std::uint32_t least,
                       std::uint32_t most) {
    const toml::node* node = find(key, Presence::Optional);
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    const auto wrong = [&] {
        reject(key, fmt::format("must be a list of whole numbers from {} to {}", least, most));
    };
    if (list == nullptr || list->size() > m_rules.maxTexts) return wrong();
    value.clear();
    for (const toml::node& element : *list) {
        const auto number = element.value_exact<std::int64_t>();
        if (!number || *number < least || *number > most) return wrong();
        value.push_back(static_cast<std::uint32_t>(*number));
    }
}

void TomlSection::read(std::string_view key, std::map<std::string, std::string>& value) {
    const toml::table* table = section(key);
    if (table == nullptr) return;
    value.clear();
    for (const auto& [name, node] : *table) {
        if (!node.is_string()) {
            return reject(key, fmt::format("{} must be a text in quotes", name.str()));
        }
        if (!isText(node)) {
            return reject(key, fmt::format("{} must be a text {}", name.str(), textRule()));
        }
        value[std::string(name.str())] = **node.as_string();
    }
}

const toml::table* TomlSection::section(std::string_view key, Presence presence) {
    const toml::node* node = find(key, presence);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) reject(key, "must be a table");
    return node->as_table();
}

const toml::array* TomlSection::sections(std::string_view key, Presence presence) {
    const toml::node* node = find(key, presence);
    if (node == nullptr) return nullptr;
    const toml::array* list = node->as_array();
    if (list == nullptr || (!list->empty() && !list->is_homogeneous(toml::node_type::table))) {
        reject(key, "must be a list of tables");
        return nullptr;
    }
    return list;
}

absl::Status TomlSection::finish() {
    for (const auto& [key, node] : m_table) {
        const std::string name(key.str());
        if (std::find(m_known.begin(), m_known.end(), name) != m_known.end()) continue;
        const std::string nearest = nearestWord(name, m_known);
        reject(name,
               nearest.empty()
                   ? fmt::format("is not a known key; known here: {}", fmt::join(m_known, ", "))
                   : fmt::format("is not a known key; did you mean {}?", fullName(nearest)));
    }
    const std::vector<std::string> missing = std::exchange(m_missing, {});
    for (const std::string& key : missing)
        reject(key, "is missing");
    return m_status;
}

}  // namespace ifrit::config
