// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ifrit::master::storage::sql {

/// What an engine's error means for us.
enum class Fault {
    Duplicate,
    ForeignKey,
    Retry,    ///< lost lock or deadlock: the whole transaction again
    Away,     ///< not reachable, or not the one that takes writes
    Full,     ///< no space
    Broken,   ///< damaged
    Unfit,    ///< a value that its column cannot hold
    NoTable,  ///< there is no such table
    Exists,   ///< table, column or index is there already
    Other
};

/// Everything in which engines differ. Stores and migrations are written once, in the SQL that all
/// engines share, and ask here for the rest; another engine is another value of this type.
/// Immutable.
struct Dialect {
    const char* driver;         ///< QtSql's name
    const char* driverPackage;  ///< Debian's, for whoever has not installed it
    const char* beginWrite;
    const char* beginRead;
    const char* lockRow;  ///< after a SELECT in a writing transaction, to hold the row to its end
    std::vector<const char*> onWriter;  ///< after connecting
    std::vector<const char*> onReader;
    /// Column types of the migrations: "{text}" and its like, see schema(); whose index one is that
    /// is dropped, which SQLite does not take; and how much of a text is in an index.
    std::vector<std::pair<const char*, const char*>> types;
    Fault (*classify)(int nativeCode, std::string_view message);
    std::string (*onConflict)(const std::vector<std::string>& keys,
                              const std::vector<std::string>& others);
    /// UPDATE of one column of many rows by key, where it grows: placeholders key, value, key...
    std::string (*raiseMany)(std::string_view table, std::string_view key, std::string_view column,
                             std::string_view with, std::size_t rows);
    /// A transaction undoes CREATE and ALTER too. Where it does not, migrations remember each
    /// statement (migrate.cpp).
    bool transactionalSchema;
    /// How many values a statement of many rows is given at most (bulk.h).
    std::size_t valuesAtOnce;

    /// The migration's statement with this engine's types.
    std::string schema(std::string_view statement) const;
    /// INSERT of some rows that replaces the other columns where `keys` exist.
    std::string upsert(std::string_view table, const std::vector<std::string>& keys,
                       const std::vector<std::string>& others, std::size_t rows = 1) const;
};

const Dialect& sqliteDialect();
const Dialect& mariadbDialect();

/// "a, b, c" and "?, ?, ?".
std::string columnList(const std::vector<std::string>& columns);
std::string placeholders(std::size_t count);
/// `item`, `count` times with commas between.
std::string repeated(std::string_view item, std::size_t count);

}  // namespace ifrit::master::storage::sql
