// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ifrit::master::storage::sql {

/// What an engine's error means for us.
enum class Fault { Duplicate, ForeignKey, Retry, Away, Full, Broken, Other };

/// Everything in which engines differ. Stores and migrations are written once, in the SQL that all
/// engines share, and ask here for the rest; another engine is another value of this type.
/// Immutable.
struct Dialect {
    const char* driver;  ///< QtSql's name
    const char* beginWrite;
    const char* beginRead;
    const char* lockRow;  ///< after a SELECT in a writing transaction, to hold the row to its end
    std::vector<const char*> onWriter;  ///< after connecting
    std::vector<const char*> onReader;
    /// Column types of the migrations: "{text}" and its like, see schema().
    std::vector<std::pair<const char*, const char*>> types;
    Fault (*classify)(int nativeCode, std::string_view message);

    /// The migration's statement with this engine's types.
    std::string schema(std::string_view statement) const;
    /// INSERT that replaces the other columns where `keys` exist.
    std::string upsert(std::string_view table, const std::vector<std::string>& keys,
                       const std::vector<std::string>& others) const;
    std::string (*onConflict)(const std::vector<std::string>& keys,
                              const std::vector<std::string>& others);
};

const Dialect& sqliteDialect();

/// "a, b, c" and "?, ?, ?".
std::string columnList(const std::vector<std::string>& columns);
std::string placeholders(std::size_t count);

}  // namespace ifrit::master::storage::sql
