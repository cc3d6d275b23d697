// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>

#include "master/storage/sql/dialect.h"

namespace ifrit::master::storage::sql {

/// Where a database is and how to get in, as QtSql wants it.
struct Place {
    const Dialect* dialect = nullptr;
    std::string database;  ///< SQLite: the file
    std::string host;
    int port = 0;
    std::string user;
    std::string password;
    std::string options;
    bool isEncrypted = false;  ///< else the connection is refused
    std::string shown;         ///< for messages; no secret in it
};

/// A MariaDB server and the database on it that is the cluster's alone.
struct MariadbServer {
    std::string host;    ///< one of host
    std::string socket;  ///< and socket
    int port = 3306;
    std::string database;
    std::string user;
    std::string password;
    // Files. With `tlsCa` the connection is encrypted, or not made. Whose certificate the server
    // has is not checked: Qt's driver cannot ask for that.
    std::string tlsCa;
    std::string tlsCertificate;
    std::string tlsKey;
    std::chrono::milliseconds connectTimeout{3'000};
    /// A server that says nothing for so long is given up. Longer than the longest statement.
    std::chrono::milliseconds answerTimeout{10'000};
};

Place sqlitePlace(const std::string& file, std::chrono::milliseconds busyTimeout);
/// The same, where nothing is ever written.
Place readOnly(Place sqlite);
/// INVALID_ARGUMENT (PLACE_INVALID): a file or socket that QtSql's options cannot spell.
absl::StatusOr<Place> mariadbPlace(const MariadbServer& server);

}  // namespace ifrit::master::storage::sql
