// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::storage::sql {

class WorkerPool;

/// storage::Database over QtSql. One writing thread (SQLite has one writer; its transactions queue
/// here instead of failing in the file) and some reading ones, each with its own connection.
class SqlDatabase final : public Database {
public:
    enum class Schema {
        Migrate,  ///< bring it forward
        Require   ///< DATABASE_OLD when it is not at the newest
    };
    struct Options {
        std::string file;  ///< made, readable by the owner alone, where Schema is Migrate
        Schema schema = Schema::Require;
        std::size_t readers = 2;
        /// How long to wait for another process's lock, and how often to run a transaction again.
        std::chrono::milliseconds busyTimeout{5'000};
        int attempts = 5;
    };

    /// NOT_FOUND (DATABASE_MISSING), FAILED_PRECONDITION (DATABASE_OLD, DATABASE_NEWER),
    /// DATA_LOSS when the file is no database of ours.
    static absl::StatusOr<std::unique_ptr<SqlDatabase>> open(const Options& options,
                                                             const base::Clock& clock);
    /// Waits for the calls that run.
    ~SqlDatabase() override;

    absl::Status transact(const Work& work) override;
    absl::Status read(const Work& work) override;

private:
    explicit SqlDatabase(const Options& options);

    const Options m_options;
    std::unique_ptr<WorkerPool> m_writer;
    std::unique_ptr<WorkerPool> m_readers;
};

}  // namespace ifrit::master::storage::sql
