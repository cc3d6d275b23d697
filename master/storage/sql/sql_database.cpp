// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "master/storage/sql/connection_threads.h"
#include "master/storage/sql/connector.h"
#include "master/storage/sql/mariadb_check.h"
#include "master/storage/sql/migrations.h"
#include "master/storage/sql/sql_error.h"
#include "master/storage/sql/sql_master_store.h"
#include "master/storage/sql/sql_transaction.h"
#include "shared/base/backoff.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr base::Backoff::Policy kRetry{std::chrono::milliseconds(5), std::chrono::milliseconds(200),
                                       std::chrono::milliseconds(1)};

/// SQLite makes its other files with the rights of this one.
absl::Status ensureFile(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return base::errnoStatus(errno, file);
    ::close(descriptor);
    return absl::OkStatus();
}

absl::Status checkFile(const std::string& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) == 0) return absl::OkStatus();
    if (errno != ENOENT) return base::errnoStatus(errno, file);
    return base::notFound("DATABASE_MISSING", file,
                          "there is no database {}; make the cluster with `ifrit-master init` or "
                          "give the right directory",
                          file);
}

/// On a connection and a thread of its own: to change a large table takes longer than any answer.
absl::Status migrateServer(const SqlDatabase::Options& options, const base::Clock& clock) {
    MariadbServer patient = *options.server;
    patient.answerTimeout = std::chrono::hours(6);
    IFRIT_ASSIGN_OR_RETURN(const Place place, mariadbPlace(patient));
    ConnectionThreads worker([&place] { return Connection::open(place, Connection::Use::Write); },
                             1);
    return worker.run([&clock](Connection& connection) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(checkMariadb(connection));
        return migrate(connection, clock, {});
    });
}

/// What a caller sees of a lock that was never given.
absl::Status gaveUp(const absl::Status& status) {
    if (!isRetry(status)) return status;
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "",
                        base::messageOf(status) + "; another program holds it, try again"),
        {{}, kComeAgainAfter});
}

}  // namespace

SqlDatabase::SqlDatabase(int attempts, std::size_t writers, std::size_t readers, Place place)
    : m_attempts(attempts), m_connector(std::make_unique<Connector>(std::move(place))) {
    const auto opener = [this](Connection::Use use) {
        return [connector = m_connector.get(), use] { return connector->open(use); };
    };
    m_writer = std::make_unique<ConnectionThreads>(opener(Connection::Use::Write), writers);
    m_readers = std::make_unique<ConnectionThreads>(opener(Connection::Use::Read), readers);
}

SqlDatabase::~SqlDatabase() = default;

absl::StatusOr<std::unique_ptr<SqlDatabase>> SqlDatabase::open(const Options& options,
                                                               const base::Clock& clock) {
    IFRIT_ASSIGN_OR_RETURN(auto out,
                           options.server ? openServer(options, clock) : openFile(options, clock));
    out->m_origin = options.origin;
    return out;
}

absl::StatusOr<std::unique_ptr<SqlDatabase>> SqlDatabase::openFile(const Options& options,
                                                                   const base::Clock& clock) {
    const bool migrating = options.schema == Schema::Migrate;
    IFRIT_RETURN_IF_ERROR(migrating ? ensureFile(options.file) : checkFile(options.file));
    const bool looking = options.schema == Schema::Look;
    const Place place = sqlitePlace(options.file, options.busyTimeout);
    std::unique_ptr<SqlDatabase> out(
        new SqlDatabase(options.attempts, 1, options.readers, looking ? readOnly(place) : place));
    // A writer's connection changes the file as it is made.
    ConnectionThreads& first = looking ? *out->m_readers : *out->m_writer;
    IFRIT_RETURN_IF_ERROR(first.run([&](Connection& connection) {
        return migrating ? migrate(connection, clock, {}) : checkSchema(connection);
    }));
    return out;
}

absl::StatusOr<std::unique_ptr<SqlDatabase>> SqlDatabase::openServer(const Options& options,
                                                                     const base::Clock& clock) {
    if (options.schema == Schema::Migrate) IFRIT_RETURN_IF_ERROR(migrateServer(options, clock));
    IFRIT_ASSIGN_OR_RETURN(Place place, mariadbPlace(*options.server));
    std::unique_ptr<SqlDatabase> out(
        new SqlDatabase(options.attempts, options.writers, options.readers, std::move(place)));
    const absl::Status fits = out->m_writer->run([](Connection& connection) {
        const absl::Status server = checkMariadb(connection);
        return server.ok() ? checkSchema(connection) : server;
    });
    IFRIT_RETURN_IF_ERROR(fits);
    return out;
}

absl::Status SqlDatabase::transact(const Work& work) {
    SqlTransaction::Afterwards afterwards;
    const absl::Status written = m_writer->run([&](Connection& connection) {
        base::Backoff backoff(kRetry, base::systemUniformRandom());
        absl::Status status;
        for (int attempt = 0; attempt < m_attempts; ++attempt) {
            if (attempt > 0) std::this_thread::sleep_for(backoff.next());
            SqlTransaction transaction(connection);
            status = connection.transaction([&]() -> absl::Status {
                IFRIT_RETURN_IF_ERROR(work(transaction));
                return m_origin ? writeChanges(connection, *m_origin) : absl::OkStatus();
            });
            if (status.ok()) afterwards = transaction.takeAfterwards();
            if (!isRetry(status)) break;
        }
        return gaveUp(status);
    });
    // Here, where nobody else waits for the connection meanwhile.
    for (const auto& [what, done] : afterwards)
        done();
    return written;
}

absl::Status SqlDatabase::read(const Work& work) {
    return m_readers->run([&](Connection& connection) {
        SqlTransaction transaction(connection);
        return gaveUp(connection.transaction([&] { return work(transaction); }));
    });
}

}  // namespace ifrit::master::storage::sql
