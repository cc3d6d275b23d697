// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "master/storage/sql/dialect.h"

namespace ifrit::master::storage::sql {
namespace {

// Primary and extended result codes, https://www.sqlite.org/rescode.html
constexpr int kError = 1;
constexpr int kBusy = 5;
constexpr int kLocked = 6;
constexpr int kReadOnly = 8;
constexpr int kIo = 10;
constexpr int kCorrupt = 11;
constexpr int kFull = 13;
constexpr int kCannotOpen = 14;
constexpr int kConstraint = 19;
constexpr int kNotADatabase = 26;

Fault classify(int code, std::string_view message) {
    const auto says = [message](std::string_view what) {
        return message.find(what) != std::string_view::npos;
    };
    switch (code & 0xff) {
        case kError:
            return says("no such table") ? Fault::NoTable : Fault::Other;
        case kBusy:
        case kLocked:
            return Fault::Retry;
        case kConstraint:
            // The words are stable; whether the code is the extended one is the driver's choice.
            if (says("UNIQUE constraint")) return Fault::Duplicate;
            return says("FOREIGN KEY constraint") ? Fault::ForeignKey : Fault::Other;
        case kFull:
            return Fault::Full;
        case kCorrupt:
        case kNotADatabase:
            return Fault::Broken;
        case kReadOnly:
        case kIo:
        case kCannotOpen:
            return Fault::Away;
        default:
            return Fault::Other;
    }
}

std::string onConflict(const std::vector<std::string>& keys,
                       const std::vector<std::string>& others) {
    std::vector<std::string> sets;
    for (const std::string& column : others)
        sets.push_back(fmt::format("{0} = excluded.{0}", column));
    return fmt::format("ON CONFLICT ({}) DO UPDATE SET {}", fmt::join(keys, ", "),
                       fmt::join(sets, ", "));
}

std::string raiseMany(std::string_view table, std::string_view key, std::string_view column,
                      std::string_view with, std::size_t rows) {
    // column1 to column3 are SQLite's names for what VALUES gives.
    return fmt::format(
        "UPDATE {0} SET {2} = given.column2, {3} = given.column3 FROM (VALUES {4}) AS given "
        "WHERE {0}.{1} = given.column1 AND {0}.{2} <= given.column2",
        table, key, column, with, repeated("(?, ?, ?)", rows));
}

}  // namespace

const Dialect& sqliteDialect() {
    static const Dialect dialect{
        "QSQLITE",
        "libqt6sql6-sqlite",
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
         {"{keyed}", "STRICT, WITHOUT ROWID"},
         {"{of machine_events}", ""},
         {"{head of actor}", "actor"}},
        &classify,
        &onConflict,
        &raiseMany,
        true,
        // It takes 32,766. But QtSql gives each a name, which SQLite looks up among all before it:
        // to prepare a statement of 16,896 took a second.
        1'000};
    return dialect;
}

}  // namespace ifrit::master::storage::sql
