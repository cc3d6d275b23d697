// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/dialect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ifrit::master::storage::sql {
namespace {

void replaceAll(std::string& in, std::string_view from, std::string_view to) {
    for (std::size_t at = in.find(from); at != std::string::npos; at = in.find(from, at))
        in.replace(at, from.size(), to);
}

}  // namespace

std::string columnList(const std::vector<std::string>& columns) {
    return fmt::format("{}", fmt::join(columns, ", "));
}

std::string repeated(std::string_view item, std::size_t count) {
    std::string out;
    out.reserve(count * (item.size() + 2));
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) out += ", ";
        out += item;
    }
    return out;
}

std::string placeholders(std::size_t count) {
    return repeated("?", count);
}

std::string Dialect::schema(std::string_view statement) const {
    std::string out(statement);
    for (const auto& [name, type] : types)
        replaceAll(out, name, type);
    return out;
}

std::string Dialect::upsert(std::string_view table, const std::vector<std::string>& keys,
                            const std::vector<std::string>& others, std::size_t rows) const {
    std::vector<std::string> all = keys;
    all.insert(all.end(), others.begin(), others.end());
    return fmt::format("INSERT INTO {} ({}) VALUES {} {}", table, columnList(all),
                       repeated(fmt::format("({})", placeholders(all.size())), rows),
                       onConflict(keys, others));
}

}  // namespace ifrit::master::storage::sql
