// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "master/app/backup_peers.h"
#include "master/app/config.h"
#include "master/app/master_files.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

/// A folder with everything that a cluster's master needs to begin again elsewhere: the database
/// as an SQLite file whatever it was, keys and certificates, settings, archives, and SHA256SUMS
/// over all of them. As secret as the master's own directory.
struct BackupSummary {
    std::string cluster;
    std::uint64_t generation = 0;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    /// Packages that the database names and whose archives are not there, a line each. None of
    /// a backup that was asked for without archives.
    std::vector<std::string> missing;
};

struct BackupOptions {
    bool packages = true;  ///< with the archives
    std::function<void(const std::string& step)> progress = nullptr;
    /// Asked for archives that this master's directory does not hold; null: nobody is.
    std::function<absl::StatusOr<std::vector<ArchiveSource>>()> others = nullptr;
};

/// Of a cluster that may be served meanwhile: one consistent state of the database, and the
/// archives that this master holds or others give. `out` comes to be whole or not at all.
/// ALREADY_EXISTS (DIRECTORY_NOT_EMPTY), INVALID_ARGUMENT (BACKUP_INSIDE).
absl::StatusOr<BackupSummary> makeBackup(const MasterFiles& files, const Config& config,
                                         const std::filesystem::path& out,
                                         const BackupOptions& options, const base::Clock& clock);

/// What a number that only grows (generation, lease) goes on from in a cluster that is restored
/// `now` with `kept` in its backup: the milliseconds of the clock, which are above whatever the
/// cluster came to since the backup and in earlier restores of it, as long as it counts less than a
/// thousand a second. Where the clock is behind, a million above what was kept.
std::uint64_t restoredNumber(std::uint64_t kept, base::WallTime now);

struct RestoreOptions {
    std::string configFile;  ///< instead of the backup's; its [store] says where the database goes
    std::function<void(const std::string& step)> progress = nullptr;
};

/// Into a directory that holds no master, and a database that holds no cluster. Everything is
/// checked against SHA256SUMS before anything is written. The generation goes so far ahead that
/// machines take the restored state for the newest, also where the same backup was restored before
/// (restoredNumber()). It is frozen, and led by nobody, from its first moment. NOT_FOUND
/// (BACKUP_MISSING), DATA_LOSS (BACKUP_DAMAGED), ALREADY_EXISTS (MASTER_EXISTS), INVALID_ARGUMENT
/// (BACKUP_INSIDE), FAILED_PRECONDITION (BACKUP_STRANGER: a file that is none of the backup's,
/// CLUSTER_EXISTS).
absl::StatusOr<BackupSummary> restoreBackup(const std::filesystem::path& from,
                                            const MasterFiles& files, const RestoreOptions& options,
                                            const base::Clock& clock);

}  // namespace ifrit::master::app
