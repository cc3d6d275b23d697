// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "master/storage/sql/dialect.h"

namespace ifrit::master::storage::sql {
namespace {

// Error codes, https://mariadb.com/kb/en/mariadb-error-code-reference/; 2000 and up are the
// client's.
Fault classifyLost(int code) {
    switch (code) {
        case 1040:  // too many connections
        case 1044:  // this user may not
        case 1045:  // wrong password
        case 1047:  // a Galera node without a majority, or not yet in step
        case 1049:  // unknown database
        case 1053:  // it is being shut down
        case 1129:  // this host is blocked
        case 1130:
        case 1152:  // the connection broke, and so until 1161
        case 1158:
        case 1159:
        case 1160:
        case 1161:
        case 1203:  // too many connections of this user
        case 1290:  // --read-only: a replica, or a former primary
        case 1317:  // the statement was killed
        case 1698:  // wrong way of signing in
        case 1836:  // read-only
        case 1927:  // the connection was killed
            return Fault::Away;
        default:
            return code >= 2000 && code < 3000 ? Fault::Away : Fault::Other;
    }
}

/// ENOSPC, as the server writes it: "Got error 28", "Errcode: 28", "errno: 28".
bool isOfNoSpace(std::string_view message) {
    for (const std::string_view before : {"error ", "Errcode: ", "errno: "}) {
        const std::size_t at = message.find(before);
        if (at == std::string_view::npos) continue;
        const std::string_view number = message.substr(at + before.size());
        if (number.substr(0, 2) == "28" &&
            (number.size() == 2 || number[2] < '0' || number[2] > '9'))
            return true;
    }
    return false;
}

Fault classify(int code, std::string_view message) {
    switch (code) {
        case 1022:
        case 1062:
        case 1169:
        case 1586:
            return Fault::Duplicate;
        case 1216:
        case 1217:
        case 1451:
        case 1452:
            return Fault::ForeignKey;
        case 1020:  // the row changed since the snapshot
        case 1205:  // lock wait timeout
        case 1213:  // deadlock
            return Fault::Retry;
        case 1021:
        case 1114:
            return Fault::Full;
        case 1030:  // "Got error 28 ..."
            return isOfNoSpace(message) ? Fault::Full : Fault::Broken;
        case 3:     // of the server's own files: "Error writing file ... (Errcode: 28 ..."
        case 1005:  // of a new table
        case 1026:
        case 1180:  // "Got error 28 ... during COMMIT"
            return isOfNoSpace(message) ? Fault::Full : Fault::Other;
        case 1034:
        case 1194:
        case 1712:
        case 1877:
        case 1932:
            return Fault::Broken;
        case 1153:  // longer than max_allowed_packet
        case 1264:
        case 1366:
        case 1406:
        case 2020:
            return Fault::Unfit;
        case 1050:
        case 1060:
        case 1061:
            return Fault::Exists;
        case 1146:
            return Fault::NoTable;
        default:
            return classifyLost(code);
    }
}

/// Any unique key would do here, not `keys` alone. Only `releases` has a second one, its number,
/// which comes from a counter under lock.
std::string onConflict(const std::vector<std::string>&, const std::vector<std::string>& others) {
    std::vector<std::string> sets;
    for (const std::string& column : others)
        sets.push_back(fmt::format("{0} = VALUES({0})", column));
    return fmt::format("ON DUPLICATE KEY UPDATE {}", fmt::join(sets, ", "));
}

std::string raiseMany(std::string_view table, std::string_view key, std::string_view column,
                      std::string_view with, std::size_t rows) {
    std::string given = "SELECT ? AS k, ? AS v, ? AS w";
    for (std::size_t i = 1; i < rows; ++i)
        given += " UNION ALL SELECT ?, ?, ?";
    return fmt::format(
        "UPDATE {0} JOIN ({4}) AS given ON {0}.{1} = given.k SET {0}.{2} = given.v, "
        "{0}.{3} = given.w WHERE {0}.{2} <= given.v",
        table, key, column, with, given);
}

constexpr char kTable[] =
    "ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin";

}  // namespace

const Dialect& mariadbDialect() {
    static const std::vector<const char*> session = {
        // Ours too, so that a value compares with a column as two columns do: byte by byte.
        "SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin",
        // A value that does not fit is an error, never a shorter value.
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
        "SET SESSION innodb_lock_wait_timeout = 5"};
    static const auto with = [](const char* isolation) {
        std::vector<const char*> out = session;
        out.push_back(isolation);
        return out;
    };
    static const Dialect dialect{
        "QMYSQL",
        "libqt6sql6-mysql",
        "START TRANSACTION READ WRITE",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        " FOR UPDATE",
        // A writer must see what the one before it committed while it waited for its lock (the
        // generation, the audit's head), so no snapshot; and no gap locks, which deadlock.
        with("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"),
        with("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"),
        // Names are compared as bytes, also their last spaces. Five of them and a number are the
        // longest key: 5 * (600 + 2) + 8 of 3072 bytes.
        {{"{name}", "VARBINARY(600)"},
         {"{text}", "MEDIUMTEXT"},
         {"{blob}", "MEDIUMBLOB"},
         {"{int}", "BIGINT"},
         {"{real}", "DOUBLE"},
         {"{autokey}", "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY"},
         {"{rows}", kTable},
         {"{keyed}", kTable},
         {"{of machine_events}", " ON machine_events"},
         // A MEDIUMTEXT is in no index whole.
         {"{head of actor}", "actor(128)"}},
        &classify,
        &onConflict,
        &raiseMany,
        false,
        20'000};  // it takes 65,535
    return dialect;
}

}  // namespace ifrit::master::storage::sql
