// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "master/storage/database.h"
#include "master/storage/sql/place.h"
#include "shared/base/clock.h"

namespace ifrit::master::storage::sql {

class Connector;
class ConnectionThreads;

/// storage::Database over QtSql: threads that write and threads that read, each with its own
/// connection. SQLite has one writer; its transactions queue here instead of failing in the file.
class SqlDatabase final : public Database {
public:
    enum class Schema {
        Migrate,  ///< bring it forward
        Require,  ///< DATABASE_OLD when it is not at the newest
        Look      ///< as Require; a file is opened for reading alone, whoever else serves from it
    };
    struct Options {
        std::string file;  ///< made, readable by the owner alone, where Schema is Migrate
        std::optional<MariadbServer> server;  ///< instead of the file
        Schema schema = Schema::Require;
        /// Committed changes are noted for other masters as this one's; nullopt: there are none.
        std::optional<std::string> origin;
        std::size_t writers = 1;  ///< with a server; a file has one
        std::size_t readers = 2;
        /// How long to wait for another process's lock on the file (a server: 5 s), and how often
        /// to run a transaction again.
        std::chrono::milliseconds busyTimeout{5'000};
        int attempts = 5;
    };

    /// NOT_FOUND (DATABASE_MISSING), FAILED_PRECONDITION (DATABASE_OLD, DATABASE_NEWER,
    /// DATABASE_FOREIGN, DATABASE_UNSUPPORTED, DATABASE_SETTINGS), UNAVAILABLE (DATABASE_AWAY),
    /// DATA_LOSS when the file is no database of ours.
    static absl::StatusOr<std::unique_ptr<SqlDatabase>> open(const Options& options,
                                                             const base::Clock& clock);
    /// Waits for the calls that run.
    ~SqlDatabase() override;

    absl::Status transact(const Work& work) override;
    absl::Status read(const Work& work) override;

private:
    static absl::StatusOr<std::unique_ptr<SqlDatabase>> openFile(const Options& options,
                                                                 const base::Clock& clock);
    static absl::StatusOr<std::unique_ptr<SqlDatabase>> openServer(const Options& options,
                                                                   const base::Clock& clock);
    SqlDatabase(int attempts, std::size_t writers, std::size_t readers, Place place);

    const int m_attempts;
    std::optional<std::string> m_origin;  ///< set before the first transaction
    std::unique_ptr<Connector> m_connector;
    std::unique_ptr<ConnectionThreads> m_writer;
    std::unique_ptr<ConnectionThreads> m_readers;
};

}  // namespace ifrit::master::storage::sql
