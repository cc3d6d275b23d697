// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/mariadb_check.h"

#include <cstdio>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

// From here on a CREATE or ALTER that is killed is done or not, never half.
constexpr int kOldestMajor = 10;
constexpr int kOldestMinor = 6;
// The largest value is a release's document with 10,000 machines on its gray list.
constexpr std::int64_t kLeastPacket = 16 * 1024 * 1024;

absl::StatusOr<std::string> ask(Connection& connection, const std::string& expression) {
    std::string out;
    const absl::Status status =
        connection.each("SELECT " + expression, {}, [&out](Row& row) -> absl::Status {
            out = row.text();
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status checkVersion(const std::string& version) {
    int major = 0;
    int minor = 0;
    const bool isMariadb = version.find("MariaDB") != std::string::npos;
    const bool read = std::sscanf(version.c_str(), "%d.%d", &major, &minor) == 2;
    const bool isNew = major > kOldestMajor || (major == kOldestMajor && minor >= kOldestMinor);
    if (isMariadb && read && isNew) return absl::OkStatus();
    return base::failedPrecondition(
        "DATABASE_UNSUPPORTED", version,
        "the database server says that it is '{}'; ifrit-master needs MariaDB {}.{} or later",
        version, kOldestMajor, kOldestMinor);
}

/// A node that answers before it has applied what another one committed would let a session or a
/// release that was just acknowledged be unknown at the next master.
absl::Status checkGalera(Connection& connection) {
    // Not every server is built with it, and then has no such variable.
    IFRIT_ASSIGN_OR_RETURN(
        const std::string on,
        ask(connection,
            "COALESCE((SELECT variable_value FROM information_schema.global_variables "
            "WHERE variable_name = 'WSREP_ON'), 'OFF')"));
    if (on != "ON") return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const std::string waits, ask(connection, "@@wsrep_sync_wait"));
    if ((std::atoi(waits.c_str()) & 1) != 0) return absl::OkStatus();
    return base::failedPrecondition(
        "DATABASE_SETTINGS", "wsrep_sync_wait",
        "the database server is a Galera node with wsrep_sync_wait = {}, so that it answers before "
        "it has what the others committed; set it to 1",
        waits);
}

}  // namespace

absl::Status checkMariadb(Connection& connection) {
    IFRIT_ASSIGN_OR_RETURN(const std::string version, ask(connection, "VERSION()"));
    IFRIT_RETURN_IF_ERROR(checkVersion(version));
    IFRIT_ASSIGN_OR_RETURN(const std::string flush,
                           ask(connection, "@@innodb_flush_log_at_trx_commit"));
    if (flush != "1") {
        return base::failedPrecondition("DATABASE_SETTINGS", "innodb_flush_log_at_trx_commit",
                                        "the database server has innodb_flush_log_at_trx_commit = "
                                        "{}, so that a power cut loses "
                                        "what was acknowledged; set it to 1",
                                        flush);
    }
    IFRIT_ASSIGN_OR_RETURN(const std::string packet, ask(connection, "@@max_allowed_packet"));
    if (std::atoll(packet.c_str()) < kLeastPacket) {
        return base::failedPrecondition(
            "DATABASE_SETTINGS", "max_allowed_packet",
            "the database server has max_allowed_packet = {}; set it to {} or more", packet,
            kLeastPacket);
    }
    return checkGalera(connection);
}

}  // namespace ifrit::master::storage::sql
