// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <QSqlDatabase>
#include <QSqlQuery>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "master/storage/sql/dialect.h"
#include "master/storage/sql/values.h"

namespace ifrit::master::storage::sql {

/// One result row, read column by column from the left.
class Row {
public:
    explicit Row(const QSqlQuery& query) : m_query(query) {}

    std::string text();
    std::string bytes();
    std::int64_t integer();
    template <typename Integer>
    Integer as() {
        return static_cast<Integer>(integer());
    }
    bool flag() { return integer() != 0; }
    double real();
    base::WallTime time() { return base::fromUnixMillis(integer()); }
    std::optional<base::WallTime> optionalTime();

private:
    const QSqlQuery& m_query;
    int m_column = 0;
};

/// One connection with its prepared statements. Belongs to the thread that opened it (QtSql's
/// rule). Errors: ALREADY_EXISTS (SQL_DUPLICATE), FAILED_PRECONDITION (SQL_FOREIGN_KEY), ABORTED
/// (SQL_RETRY), INVALID_ARGUMENT (TEXT_INVALID), and those of storage::Database.
class Connection {
public:
    enum class Use { Write, Read };
    using OnRow = std::function<absl::Status(Row&)>;

    static absl::StatusOr<std::unique_ptr<Connection>> open(const Dialect& dialect,
                                                            const std::string& file, Use use,
                                                            std::chrono::milliseconds busyTimeout);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    const Dialect& dialect() const { return m_dialect; }
    /// Dialect::upsert(), built once per table.
    const std::string& upsert(const std::string& table, const std::vector<std::string>& keys,
                              const std::vector<std::string>& others);

    /// A statement without values and result.
    absl::Status execute(const std::string& sql);
    /// How many rows it changed.
    absl::StatusOr<std::uint64_t> run(const std::string& sql, const Values& values);
    /// `onRow` may run other statements; its error ends the loop.
    absl::Status each(const std::string& sql, const Values& values, const OnRow& onRow);

    /// Runs `work` between begin and commit. A statement that failed for anything but a duplicate
    /// dooms the transaction, also where `work` did not look at the error.
    absl::Status transaction(const std::function<absl::Status()>& work);

    /// The connection is of no more use; open a new one.
    bool isLost() const { return m_lost; }

private:
    Connection(const Dialect& dialect, Use use, std::string name);
    absl::Status connect(const std::string& file, std::chrono::milliseconds busyTimeout);
    absl::StatusOr<QSqlQuery> start(const std::string& sql, const Values& values);
    void finish(const std::string& sql, QSqlQuery query);
    absl::Status failure(const QSqlError& error, std::string_view what);

    const Dialect& m_dialect;
    const Use m_use;
    const std::string m_name;
    QSqlDatabase m_database;
    std::unordered_map<std::string, std::vector<QSqlQuery>> m_idle;  ///< prepared, by text
    std::unordered_map<std::string, std::string> m_upserts;          ///< by table
    absl::Status m_doomed;
    bool m_lost = false;
};

bool isDuplicate(const absl::Status& status);
bool isForeignKey(const absl::Status& status);
bool isRetry(const absl::Status& status);

}  // namespace ifrit::master::storage::sql
