// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/place.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

/// Whole seconds, at least one: 0 would wait for ever.
std::int64_t secondsOf(std::chrono::milliseconds time) {
    return std::max<std::int64_t>(1, (time.count() + 999) / 1'000);
}

absl::Status addFile(std::string& options, const char* name, const std::string& file) {
    if (file.empty()) return absl::OkStatus();
    // Options are parted by ';', and runs of blanks in them become one.
    if (file.find_first_of("; \t\r\n") != std::string::npos) {
        return base::invalidArgument("PLACE_INVALID", file,
                                     "'{}' cannot be given to the database driver: choose a path "
                                     "without blanks and ';'",
                                     file);
    }
    options += fmt::format(";{}={}", name, file);
    return absl::OkStatus();
}

}  // namespace

Place sqlitePlace(const std::string& file, std::chrono::milliseconds busyTimeout) {
    Place out;
    out.dialect = &sqliteDialect();
    out.database = file;
    out.options = fmt::format("QSQLITE_BUSY_TIMEOUT={}", busyTimeout.count());
    out.shown = file;
    return out;
}

Place readOnly(Place sqlite) {
    sqlite.options += ";QSQLITE_OPEN_READONLY";
    return sqlite;
}

absl::StatusOr<Place> mariadbPlace(const MariadbServer& server) {
    Place out;
    out.dialect = &mariadbDialect();
    out.database = server.database;
    out.host = server.host;
    out.port = server.port;
    out.user = server.user;
    out.password = server.password;
    out.shown = server.socket.empty()
                    ? fmt::format("database {} on {}:{}", server.database, server.host, server.port)
                    : fmt::format("database {} on {}", server.database, server.socket);
    // Found, not changed rows: a store must tell an equal row from none.
    out.options = fmt::format(
        "CLIENT_FOUND_ROWS=1;MYSQL_OPT_CONNECT_TIMEOUT={};MYSQL_OPT_READ_TIMEOUT={};"
        "MYSQL_OPT_WRITE_TIMEOUT={}",
        secondsOf(server.connectTimeout), secondsOf(server.answerTimeout),
        secondsOf(server.answerTimeout));
    out.isEncrypted = !server.tlsCa.empty();
    IFRIT_RETURN_IF_ERROR(addFile(out.options, "UNIX_SOCKET", server.socket));
    IFRIT_RETURN_IF_ERROR(addFile(out.options, "SSL_CA", server.tlsCa));
    IFRIT_RETURN_IF_ERROR(addFile(out.options, "SSL_CERT", server.tlsCertificate));
    IFRIT_RETURN_IF_ERROR(addFile(out.options, "SSL_KEY", server.tlsKey));
    return out;
}

}  // namespace ifrit::master::storage::sql
