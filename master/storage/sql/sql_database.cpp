// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "master/storage/sql/migrations.h"
#include "master/storage/sql/sql_transaction.h"
#include "master/storage/sql/worker_pool.h"
#include "shared/base/backoff.h"
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

/// What a caller sees of a lock that was never given.
absl::Status gaveUp(const absl::Status& status) {
    if (!isRetry(status)) return status;
    return base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "",
                           base::messageOf(status) + "; another program holds it, try again");
}

}  // namespace

SqlDatabase::SqlDatabase(const Options& options) : m_options(options) {
    const auto opener = [&options](Connection::Use use) {
        return [file = options.file, timeout = options.busyTimeout, use] {
            return Connection::open(sqliteDialect(), file, use, timeout);
        };
    };
    m_writer = std::make_unique<WorkerPool>(opener(Connection::Use::Write), 1);
    m_readers = std::make_unique<WorkerPool>(opener(Connection::Use::Read), options.readers);
}

SqlDatabase::~SqlDatabase() = default;

absl::StatusOr<std::unique_ptr<SqlDatabase>> SqlDatabase::open(const Options& options,
                                                               const base::Clock& clock) {
    const bool migrating = options.schema == Schema::Migrate;
    IFRIT_RETURN_IF_ERROR(migrating ? ensureFile(options.file) : checkFile(options.file));
    std::unique_ptr<SqlDatabase> out(new SqlDatabase(options));
    IFRIT_RETURN_IF_ERROR(out->m_writer->run([&](Connection& connection) {
        return migrating ? migrate(connection, clock, {}) : checkSchema(connection);
    }));
    return out;
}

absl::Status SqlDatabase::transact(const Work& work) {
    return m_writer->run([&](Connection& connection) {
        base::Backoff backoff(kRetry, base::systemUniformRandom());
        absl::Status status;
        for (int attempt = 0; attempt < m_options.attempts; ++attempt) {
            if (attempt > 0) std::this_thread::sleep_for(backoff.next());
            SqlTransaction transaction(connection);
            status = connection.transaction([&] { return work(transaction); });
            if (!isRetry(status)) break;
        }
        return gaveUp(status);
    });
}

absl::Status SqlDatabase::read(const Work& work) {
    return m_readers->run([&](Connection& connection) {
        SqlTransaction transaction(connection);
        return gaveUp(connection.transaction([&] { return work(transaction); }));
    });
}

}  // namespace ifrit::master::storage::sql
