// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/dialect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ifrit::master::storage::sql {
namespace {

// Primary and extended result codes, https://www.sqlite.org/rescode.html
constexpr int kSqliteBusy = 5;
constexpr int kSqliteLocked = 6;
constexpr int kSqliteReadOnly = 8;
constexpr int kSqliteIo = 10;
constexpr int kSqliteCorrupt = 11;
constexpr int kSqliteFull = 13;
constexpr int kSqliteCannotOpen = 14;
constexpr int kSqliteConstraint = 19;
constexpr int kSqliteNotADatabase = 26;

Fault classifySqlite(int code, std::string_view message) {
    const auto says = [message](std::string_view what) {
        return message.find(what) != std::string_view::npos;
    };
    switch (code & 0xff) {
        case kSqliteBusy:
        case kSqliteLocked:
            return Fault::Retry;
        case kSqliteConstraint:
            // The words are stable; whether the code is the extended one is the driver's choice.
            if (says("UNIQUE constraint")) return Fault::Duplicate;
            return says("FOREIGN KEY constraint") ? Fault::ForeignKey : Fault::Other;
        case kSqliteFull:
            return Fault::Full;
        case kSqliteCorrupt:
        case kSqliteNotADatabase:
            return Fault::Broken;
        case kSqliteReadOnly:
        case kSqliteIo:
        case kSqliteCannotOpen:
            return Fault::Away;
        default:
            return Fault::Other;
    }
}

std::string onConflictSqlite(const std::vector<std::string>& keys,
                             const std::vector<std::string>& others) {
    std::vector<std::string> sets;
    for (const std::string& column : others)
        sets.push_back(fmt::format("{0} = excluded.{0}", column));
    return fmt::format("ON CONFLICT ({}) DO UPDATE SET {}", fmt::join(keys, ", "),
                       fmt::join(sets, ", "));
}

void replaceAll(std::string& in, std::string_view from, std::string_view to) {
    for (std::size_t at = in.find(from); at != std::string::npos; at = in.find(from, at))
        in.replace(at, from.size(), to);
}

}  // namespace

std::string columnList(const std::vector<std::string>& columns) {
    return fmt::format("{}", fmt::join(columns, ", "));
}

std::string placeholders(std::size_t count) {
    return columnList(std::vector<std::string>(count, "?"));
}

std::string Dialect::schema(std::string_view statement) const {
    std::string out(statement);
    for (const auto& [name, type] : types)
        replaceAll(out, name, type);
    return out;
}

std::string Dialect::upsert(std::string_view table, const std::vector<std::string>& keys,
                            const std::vector<std::string>& others) const {
    std::vector<std::string> all = keys;
    all.insert(all.end(), others.begin(), others.end());
    return fmt::format("INSERT INTO {} ({}) VALUES ({}) {}", table, columnList(all),
                       placeholders(all.size()), onConflict(keys, others));
}

const Dialect& sqliteDialect() {
    static const Dialect dialect{
        "QSQLITE",
        // The write lock at once: a transaction that reads first cannot lose it half-way.
        "BEGIN IMMEDIATE",
        "BEGIN",
        "",
        {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
         "PRAGMA trusted_schema = OFF"},
        {"PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF"},
        {{"{name}", "TEXT"},
         {"{text}", "TEXT"},
         {"{blob}", "BLOB"},
         {"{int}", "INTEGER"},
         {"{real}", "REAL"},
         {"{autokey}", "INTEGER PRIMARY KEY AUTOINCREMENT"},
         {"{rows}", "STRICT"},
         {"{keyed}", "STRICT, WITHOUT ROWID"}},
        &classifySqlite,
        &onConflictSqlite};
    return dialect;
}

}  // namespace ifrit::master::storage::sql
