// SPDX-License-Identifier: Apache-2.0
#include "shared/package/strict_table.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "shared/base/status.h"
#include "shared/package/duration.h"

namespace ifrit::package {
namespace {

constexpr std::size_t kMaxTexts = 1024;
constexpr std::size_t kMaxTextBytes = 4096;

/// Levenshtein distance: what to suggest for a misspelt key.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
        }
    }
    return row[b.size()];
}

}  // namespace

void FirstError::add(const toml::node* where, const std::string& message) {
    add(where, base::invalidArgument("PACKAGE_MANIFEST", "", "{}", message));
}

void FirstError::add(const toml::node* where, const absl::Status& status) {
    if (status.ok() || !m_status.ok()) return;
    const auto line = where != nullptr ? where->source().begin.line : 0;
    m_status =
        base::invalidArgument(base::errorInfo(status).reason, m_source, "{}:{}: {}", m_source,
                              std::max<std::size_t>(line, 1), base::messageOf(status));
}

StrictTable::StrictTable(const toml::table& table, std::string path, FirstError& errors)
    : m_table(table), m_path(std::move(path)), m_errors(errors) {}

std::string StrictTable::pathOf(const char* key) const {
    return m_path.empty() ? key : m_path + "." + key;
}

bool StrictTable::has(const char* key) {
    m_known.insert(key);
    return m_table.contains(key);
}

const toml::node* StrictTable::find(const char* key, Presence presence) {
    m_known.insert(key);
    const toml::node* found = m_table.get(key);
    if (found == nullptr && presence == Presence::Required) {
        m_errors.add(&m_table, fmt::format("'{}' is missing", pathOf(key)));
    }
    return found;
}

std::string StrictTable::text(const char* key, Presence presence) {
    const toml::node* found = find(key, presence);
    if (found == nullptr) return {};
    const auto value = found->value_exact<std::string>();
    if (!value || value->size() > kMaxTextBytes || value->find('\0') != std::string::npos) {
        m_errors.add(found, fmt::format("'{}' must be a text of at most {} bytes", pathOf(key),
                                        kMaxTextBytes));
        return {};
    }
    return *value;
}

std::uint64_t StrictTable::number(const char* key, Presence presence, std::uint64_t limit) {
    const toml::node* found = find(key, presence);
    if (found == nullptr) return 0;
    const auto value = found->value_exact<std::int64_t>();
    if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > limit) {
        m_errors.add(found,
                     fmt::format("'{}' must be a whole number from 0 to {}", pathOf(key), limit));
        return 0;
    }
    return static_cast<std::uint64_t>(*value);
}

std::chrono::milliseconds StrictTable::duration(const char* key,
                                                std::chrono::milliseconds fallback) {
    if (!has(key)) return fallback;
    const std::string value = text(key, Presence::Optional);
    const auto parsed = parseDuration(value);
    if (!parsed.ok()) {
        m_errors.add(m_table.get(key),
                     fmt::format("'{}': {}", pathOf(key), base::messageOf(parsed.status())));
        return fallback;
    }
    return *parsed;
}

std::vector<std::string> StrictTable::texts(const char* key, Presence presence) {
    std::vector<std::string> out;
    const toml::node* found = find(key, presence);
    if (found == nullptr) return out;
    const toml::array* array = found->as_array();
    if (array == nullptr || array->size() > kMaxTexts) {
        m_errors.add(
            found, fmt::format("'{}' must be a list of at most {} texts", pathOf(key), kMaxTexts));
        return out;
    }
    for (const toml::node& item : *array) {
        const auto value = item.value_exact<std::string>();
        if (!value || value->size() > kMaxTextBytes || value->find('\0') != std::string::npos) {
            m_errors.add(&item, fmt::format("'{}' must hold only texts", pathOf(key)));
            return out;
        }
        out.push_back(*value);
    }
    return out;
}

std::map<std::string, std::string> StrictTable::textMap(const char* key) {
    std::map<std::string, std::string> out;
    const toml::table* found = table(key, Presence::Optional);
    if (found == nullptr) return out;
    StrictTable inner(*found, pathOf(key), m_errors);
    for (const auto& [name, node] : *found) {
        const std::string field(name.str());
        out[field] = inner.text(field.c_str(), Presence::Required);
    }
    return out;
}

const toml::table* StrictTable::table(const char* key, Presence presence) {
    const toml::node* found = find(key, presence);
    if (found == nullptr) return nullptr;
    if (!found->is_table()) m_errors.add(found, fmt::format("'{}' must be a table", pathOf(key)));
    return found->as_table();
}

const toml::array* StrictTable::tables(const char* key, Presence presence) {
    const toml::node* found = find(key, presence);
    if (found == nullptr) return nullptr;
    const toml::array* array = found->as_array();
    if (array == nullptr || (!array->empty() && !array->is_homogeneous(toml::node_type::table))) {
        m_errors.add(found, fmt::format("'{}' must be a list of tables", pathOf(key)));
        return nullptr;
    }
    return array;
}

void StrictTable::finish() {
    for (const auto& [name, node] : m_table) {
        const std::string_view key = name.str();
        if (m_known.find(key) != m_known.end()) continue;
        std::string nearest;
        std::size_t best = std::numeric_limits<std::size_t>::max();
        for (const std::string& known : m_known) {
            const std::size_t candidate = distance(key, known);
            if (candidate < best) {
                best = candidate;
                nearest = known;
            }
        }
        const std::string hint =
            best <= 3 ? fmt::format("; did you mean '{}'?", nearest) : std::string();
        m_errors.add(&node,
                     fmt::format("unknown field '{}'{}", pathOf(std::string(key).c_str()), hint));
        return;
    }
}

}  // namespace ifrit::package
