// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <QSqlDatabase>
#include <QSqlQuery>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "master/storage/sql/change_notes.h"
#include "master/storage/sql/dialect.h"
#include "master/storage/sql/place.h"
#include "master/storage/sql/sql_error.h"
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
    bool isNull() const { return m_query.isNull(m_column); }
    void skip() { ++m_column; }

private:
    const QSqlQuery& m_query;
    int m_column = 0;
};

/// One connection with its prepared statements. Belongs to the thread that opened it (QtSql's
/// rule). Errors: ALREADY_EXISTS (SQL_DUPLICATE, SQL_EXISTS), FAILED_PRECONDITION
/// (SQL_FOREIGN_KEY), ABORTED (SQL_RETRY), NOT_FOUND (SQL_NO_TABLE), INVALID_ARGUMENT
/// (TEXT_INVALID), and those of storage::Database.
class Connection {
public:
    enum class Use { Write, Read };
    using OnRow = std::function<absl::Status(Row&)>;

    static absl::StatusOr<std::unique_ptr<Connection>> open(const Place& place, Use use);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    const Dialect& dialect() const { return m_dialect; }
    /// Dialect::lockRow where this connection writes; else empty.
    const char* lockRow() const { return m_use == Use::Write ? m_dialect.lockRow : ""; }
    /// Dialect::upsert() of one row, built once per table.
    const std::string& upsert(const std::string& table, const std::vector<std::string>& keys,
                              const std::vector<std::string>& others);

    /// A statement without values and result.
    absl::Status execute(const std::string& sql);
    /// How many rows it changed.
    absl::StatusOr<std::uint64_t> run(const std::string& sql, const Values& values);
    /// `onRow` may run other statements; its error ends the loop.
    absl::Status each(const std::string& sql, const Values& values, const OnRow& onRow);

    /// What this transaction changed, for other masters; SqlDatabase writes it before the commit.
    ChangeNotes& notes() { return m_notes; }

    /// Runs `work` between begin and commit. A statement that failed for anything but a duplicate
    /// dooms the transaction, also where `work` did not look at the error: no further statement
    /// runs in it, since an engine that has rolled back would commit that one by itself.
    absl::Status transaction(const std::function<absl::Status()>& work);

    /// The connection is of no more use; open a new one.
    bool isLost() const { return m_lost; }
    /// It was found lost before the last transaction had begun: that one may run on another.
    bool isLostBeforeBegin() const { return m_lost && !m_begun; }

private:
    Connection(const Dialect& dialect, Use use, std::string name);
    absl::Status connect(const Place& place);
    absl::Status checkEncrypted(const Place& place);
    absl::StatusOr<QSqlQuery> start(const std::string& sql, const Values& values);
    void finish(const std::string& sql, QSqlQuery query);
    absl::Status failure(const QSqlError& error, std::string_view what);

    const Dialect& m_dialect;
    const Use m_use;
    const std::string m_name;
    QSqlDatabase m_database;
    std::unordered_map<std::string, std::vector<QSqlQuery>> m_idle;  ///< prepared, by text
    std::unordered_map<std::string, std::string> m_upserts;          ///< by table
    ChangeNotes m_notes;
    absl::Status m_doomed;
    bool m_inTransaction = false;
    bool m_begun = true;  ///< the last transaction; true before the first
    bool m_lost = false;
};

}  // namespace ifrit::master::storage::sql
