// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/bulk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr std::size_t kMaxRows = 512;

/// `work` with [begin, end) of each piece.
absl::Status inPieces(const Connection& connection, std::size_t rows, std::size_t valuesPerRow,
                      const std::function<absl::Status(std::size_t, std::size_t)>& work) {
    const std::size_t most = connection.dialect().valuesAtOnce;
    for (std::size_t done = 0; done < rows;) {
        std::size_t count = kMaxRows;
        while (count * valuesPerRow > most || count > rows - done)
            count /= 2;
        IFRIT_RETURN_IF_ERROR(work(done, done + count));
        done += count;
    }
    return absl::OkStatus();
}

Values joined(const std::vector<Values>& rows, std::size_t begin, std::size_t end) {
    Values out;
    for (std::size_t i = begin; i < end; ++i)
        out.insert(out.end(), rows[i].begin(), rows[i].end());
    return out;
}

Values texts(const std::vector<std::string>& keys, std::size_t begin, std::size_t end) {
    Values out;
    for (std::size_t i = begin; i < end; ++i)
        out.push_back(text(keys[i]));
    return out;
}

std::string amongOf(const std::string& sql, std::size_t count, const std::string& tail) {
    return fmt::format("{} IN ({}){}", sql, placeholders(count), tail);
}

}  // namespace

absl::Status upsertAll(Connection& connection, const std::string& table,
                       const std::vector<std::string>& keys, const std::vector<std::string>& others,
                       const std::vector<Values>& rows) {
    return inPieces(connection, rows.size(), keys.size() + others.size(),
                    [&](std::size_t begin, std::size_t end) {
                        const std::string sql =
                            connection.dialect().upsert(table, keys, others, end - begin);
                        return connection.run(sql, joined(rows, begin, end)).status();
                    });
}

absl::Status insertAll(Connection& connection, const std::string& table,
                       const std::vector<std::string>& columns, const std::vector<Values>& rows) {
    const std::string row = fmt::format("({})", placeholders(columns.size()));
    return inPieces(
        connection, rows.size(), columns.size(), [&](std::size_t begin, std::size_t end) {
            const std::string sql = fmt::format("INSERT INTO {} ({}) VALUES {}", table,
                                                columnList(columns), repeated(row, end - begin));
            return connection.run(sql, joined(rows, begin, end)).status();
        });
}

absl::Status eraseAll(Connection& connection, const std::string& table,
                      const std::vector<std::string>& keys, const std::vector<Values>& rows) {
    // Row values in a list are not looked up by key everywhere; this is.
    const std::string row = fmt::format("({} = ?)", fmt::join(keys, " = ? AND "));
    return inPieces(connection, rows.size(), keys.size(), [&](std::size_t begin, std::size_t end) {
        std::string sql = fmt::format("DELETE FROM {} WHERE {}", table, row);
        for (std::size_t i = begin + 1; i < end; ++i)
            sql += " OR " + row;
        return connection.run(sql, joined(rows, begin, end)).status();
    });
}

absl::Status eachOf(Connection& connection, const std::string& sql,
                    const std::vector<std::string>& keys, const std::string& tail,
                    const Connection::OnRow& onRow) {
    return inPieces(connection, keys.size(), 1, [&](std::size_t begin, std::size_t end) {
        return connection.each(amongOf(sql, end - begin, tail), texts(keys, begin, end), onRow);
    });
}

absl::StatusOr<std::uint64_t> runOf(Connection& connection, const std::string& sql,
                                    const Values& values, const std::vector<std::string>& keys) {
    std::uint64_t all = 0;
    const absl::Status status = inPieces(
        connection, keys.size(), 1, [&](std::size_t begin, std::size_t end) -> absl::Status {
            Values bound = values;
            const Values some = texts(keys, begin, end);
            bound.insert(bound.end(), some.begin(), some.end());
            IFRIT_ASSIGN_OR_RETURN(const std::uint64_t changed,
                                   connection.run(amongOf(sql, end - begin, ""), bound));
            all += changed;
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return all;
}

}  // namespace ifrit::master::storage::sql
