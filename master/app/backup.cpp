// SPDX-License-Identifier: Apache-2.0
#include "master/app/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "master/app/backup_archives.h"
#include "master/app/open_stores.h"
#include "master/app/staged_directory.h"
#include "master/audit/audit_trail.h"
#include "master/services/archive_store.h"
#include "master/storage/sql/copy_database.h"
#include "shared/base/atomic_file.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"

namespace ifrit::master::app {
namespace {

namespace fs = std::filesystem;
using storage::sql::SqlDatabase;

constexpr char kSums[] = "SHA256SUMS";
constexpr std::size_t kMaxSumsBytes = 64 * 1024 * 1024;
constexpr std::uint64_t kAheadWithoutClock = 1'000'000;

/// What lies beside database and archives.
std::vector<fs::path> smallFiles(const MasterFiles& files) {
    return {files.config(),    files.caCertificate(), files.caKey(), files.serverCertificate(),
            files.serverKey(), files.adminBundle()};
}

void say(const std::function<void(const std::string&)>& progress, const std::string& step) {
    if (progress) progress(step);
}

absl::Status copySmallFiles(const MasterFiles& from, const MasterFiles& to) {
    const std::vector<fs::path> sources = smallFiles(from);
    const std::vector<fs::path> targets = smallFiles(to);
    std::error_code error;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        // An admin bundle may have been moved to where it is needed.
        if (!fs::exists(sources[i], error) && sources[i] == from.adminBundle()) continue;
        IFRIT_RETURN_IF_ERROR(copyFile(sources[i], targets[i]));
    }
    return absl::OkStatus();
}

SqlDatabase::Options asFile(const fs::path& file) {
    SqlDatabase::Options options;
    options.file = file.string();
    return options;
}

absl::Status migrateFile(const fs::path& file, const base::Clock& clock) {
    SqlDatabase::Options options = asFile(file);
    options.schema = SqlDatabase::Schema::Migrate;
    return SqlDatabase::open(options, clock).status();
}

absl::StatusOr<std::map<std::string, std::string>> sumsOf(const fs::path& directory) {
    std::map<std::string, std::string> sums;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
        const std::string name = fs::relative(entry.path(), directory).string();
        if (!entry.is_regular_file() || name == kSums) continue;
        IFRIT_ASSIGN_OR_RETURN(sums[name], crypto::sha256File(entry.path()));
    }
    return sums;
}

std::string formatSums(const std::map<std::string, std::string>& sums) {
    std::string text;
    for (const auto& [name, sum] : sums)
        text += fmt::format("{}  {}\n", sum, name);
    return text;
}

absl::Status damaged(const fs::path& backup, const std::string& what) {
    return base::makeError(absl::StatusCode::kDataLoss, "BACKUP_DAMAGED", backup.string(),
                           fmt::format("{}: {}; use another backup", backup.string(), what));
}

/// Names and sums as formatSums() writes them; nullopt: it did not write this.
std::optional<std::map<std::string, std::string>> parseSums(const std::string& text) {
    std::map<std::string, std::string> sums;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t end = line.find("  ");
        if (end == std::string::npos) return std::nullopt;
        sums[line.substr(end + 2)] = line.substr(0, end);
    }
    if (formatSums(sums) != text) return std::nullopt;
    return sums;
}

absl::Status checkSums(const fs::path& backup) {
    if (!fs::exists(backup / kSums)) {
        return base::notFound("BACKUP_MISSING", backup.string(),
                              "{} is no backup: it has no file {}", backup.string(), kSums);
    }
    IFRIT_ASSIGN_OR_RETURN(const std::string text,
                           base::readFile((backup / kSums).string(), kMaxSumsBytes));
    const auto wanted = parseSums(text);
    if (!wanted) return damaged(backup, fmt::format("{} is not as it was written", kSums));
    IFRIT_ASSIGN_OR_RETURN(const auto sums, sumsOf(backup));
    for (const auto& [name, sum] : *wanted) {
        const auto found = sums.find(name);
        if (found == sums.end()) return damaged(backup, name + " is missing");
        if (found->second != sum) return damaged(backup, name + " is not as it was written");
    }
    for (const auto& [name, sum] : sums) {
        if (wanted->count(name) == 0) {
            return base::failedPrecondition(
                "BACKUP_STRANGER", name,
                "{} holds {}, which is none of its files; take it out and try again",
                backup.string(), name);
        }
    }
    return absl::OkStatus();
}

/// SQLite's side files have no place in a backup, and their absence must be seen: they are merged.
void removeSideFiles(const fs::path& database) {
    std::error_code ignored;
    for (const char* end : {"-wal", "-shm"})
        fs::remove(database.string() + end, ignored);
}

absl::StatusOr<BackupSummary> summaryOf(SqlDatabase& database) {
    BackupSummary summary;
    IFRIT_RETURN_IF_ERROR(database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const storage::ClusterSettings settings, in.settings().get());
        summary.cluster = settings.name;
        IFRIT_ASSIGN_OR_RETURN(summary.generation, in.desired().generation());
        return absl::OkStatus();
    }));
    return summary;
}

/// Once the database is closed: what it works with is not there afterwards.
void countFiles(const fs::path& directory, BackupSummary& summary) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
        if (!entry.is_regular_file()) continue;
        ++summary.files;
        summary.bytes += entry.file_size();
    }
}

/// With what the backup does not know of: nothing changes until somebody has looked.
absl::Status freezeRestored(storage::Transaction& in, const storage::AuditEntry& restored) {
    return in.changes().addFreeze(
        {base::randomUuid(), restored.actor,
         "the cluster was restored from a backup: revoke again what was revoked since, look at "
         "its releases, then unfreeze it",
         restored.at, restored.address, restored.via, ""});
}

/// The masters of the backup serve it no more: one that still runs would go on leading.
absl::Status dismissMasters(storage::Transaction& in, base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const std::vector<storage::MemberRecord> masters, in.masters().list());
    for (const storage::MemberRecord& master : masters)
        IFRIT_RETURN_IF_ERROR(in.masters().erase(master.id));
    IFRIT_ASSIGN_OR_RETURN(const storage::LeaseRecord kept, in.masters().lease());
    storage::LeaseRecord lease;
    lease.token = restoredNumber(kept.token, now);
    lease.renewals = kept.renewals + 1;
    return in.masters().putLease(lease);
}

absl::Status noteRestore(storage::Transaction& in, const fs::path& from, base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const storage::ClusterSettings settings, in.settings().get());
    storage::AuditEntry entry;
    entry.at = now;
    entry.actor = "root@localhost";
    entry.via = "ifrit-master";
    entry.address = "local";
    entry.verb = "cluster.restore";
    entry.object = settings.name;
    entry.result = "allowed";
    entry.reason = fmt::format("from {}; frozen", from.string());
    IFRIT_RETURN_IF_ERROR(freezeRestored(in, entry));
    IFRIT_RETURN_IF_ERROR(dismissMasters(in, now));
    return audit::AuditTrail(settings.name).append(in, entry);
}

std::function<void(const std::string&, std::uint64_t)> rowProgress(
    const std::function<void(const std::string&)>& progress) {
    return [progress](const std::string& table, std::uint64_t rows) {
        if (rows > 0) say(progress, fmt::format("{}: {} rows", table, rows));
    };
}

/// All of a restore that is of the cluster itself; as the copy's last, for without it the copy
/// would be a cluster that works on.
storage::sql::CopyOptions restoring(const SqlDatabase::Options& from,
                                    const SqlDatabase::Options& to, const fs::path& backup,
                                    const RestoreOptions& options, base::WallTime now) {
    storage::sql::CopyOptions copy{from, to, rowProgress(options.progress)};
    copy.generation = [now, progress = options.progress](std::uint64_t kept) {
        const std::uint64_t next = restoredNumber(kept, now);
        if (next == kept + kAheadWithoutClock) {
            say(progress,
                "warning: this host's clock is behind the backup. Where it was restored before, "
                "machines may keep what they were told then (GENERATION_BACKWARDS): set the clock "
                "and restore it again");
        }
        return next;
    };
    copy.finish = [backup, now](storage::Transaction& in) { return noteRestore(in, backup, now); };
    return copy;
}

/// What is made in `directory` would be copied into itself, or be a stranger in a backup.
absl::Status refuseInside(const fs::path& made, const fs::path& directory, const char* what) {
    std::error_code error;
    const fs::path inner = fs::weakly_canonical(made, error);
    const fs::path outer = fs::weakly_canonical(directory, error);
    const auto [end, ignored] =
        std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    if (end != outer.end() && !(std::next(end) == outer.end() && end->empty()))
        return absl::OkStatus();
    return base::invalidArgument("BACKUP_INSIDE", made.string(),
                                 "{} is inside {} {}; give a place "
                                 "outside of it",
                                 made.string(), what, directory.string());
}

/// Those of `missing` that nobody gave.
std::vector<storage::PackageRecord> fetchMissing(const std::vector<storage::PackageRecord>& missing,
                                                 const fs::path& packages,
                                                 const BackupOptions& options) {
    if (missing.empty() || !options.others) return missing;
    const auto others = options.others();
    if (!others.ok()) {
        say(options.progress, "other masters: " + base::messageOf(others.status()));
        return missing;
    }
    services::ArchiveStore archives(packages);
    auto left = fetchArchives(missing, *others, archives,
                              [&options](const std::string& step) { say(options.progress, step); });
    removeParts(packages);
    return left;
}

}  // namespace

std::uint64_t restoredNumber(std::uint64_t kept, base::WallTime now) {
    const auto clock =
        static_cast<std::uint64_t>(std::max<std::int64_t>(base::toUnixMillis(now), 0));
    return clock > kept ? clock : kept + kAheadWithoutClock;
}

absl::StatusOr<BackupSummary> makeBackup(const MasterFiles& files, const Config& config,
                                         const fs::path& out, const BackupOptions& options,
                                         const base::Clock& clock) {
    IFRIT_RETURN_IF_ERROR(refuseInside(out, files.directory(), "the master's directory"));
    IFRIT_ASSIGN_OR_RETURN(StagedDirectory staged, StagedDirectory::begin(out));
    const MasterFiles copy(staged.path());
    IFRIT_RETURN_IF_ERROR(copySmallFiles(files, copy));
    IFRIT_RETURN_IF_ERROR(
        storage::sql::copyDatabase({databaseOptions(files, config.store), asFile(copy.database()),
                                    rowProgress(options.progress)},
                                   clock));
    // After the database: what is published meanwhile may be too much, and is not too little.
    if (options.packages) {
        say(options.progress, "packages");
        IFRIT_RETURN_IF_ERROR(copyArchives(files.packages(), copy.packages()));
    }
    BackupSummary summary;
    {
        IFRIT_ASSIGN_OR_RETURN(const auto database,
                               SqlDatabase::open(asFile(copy.database()), clock));
        std::vector<storage::PackageRecord> missing;
        if (options.packages) {
            IFRIT_ASSIGN_OR_RETURN(missing, missingArchives(*database, copy.packages()));
            missing = fetchMissing(missing, copy.packages(), options);
        }
        IFRIT_ASSIGN_OR_RETURN(summary, summaryOf(*database));
        summary.missing = describe(missing);
    }
    removeSideFiles(copy.database());
    IFRIT_ASSIGN_OR_RETURN(const auto sums, sumsOf(staged.path()));
    IFRIT_RETURN_IF_ERROR(
        base::writeFileAtomically((staged.path() / kSums).string(), formatSums(sums), 0600));
    countFiles(staged.path(), summary);
    IFRIT_RETURN_IF_ERROR(staged.moveIntoPlace());
    return summary;
}

absl::StatusOr<BackupSummary> restoreBackup(const fs::path& from, const MasterFiles& files,
                                            const RestoreOptions& options,
                                            const base::Clock& clock) {
    say(options.progress, "checking " + from.string());
    IFRIT_RETURN_IF_ERROR(refuseInside(files.directory(), from, "the backup"));
    IFRIT_RETURN_IF_ERROR(checkSums(from));
    IFRIT_ASSIGN_OR_RETURN(StagedDirectory staged, StagedDirectory::begin(files.directory()));
    const MasterFiles backup(from);
    const MasterFiles made(staged.path());
    IFRIT_RETURN_IF_ERROR(copySmallFiles(backup, made));
    if (!options.configFile.empty()) {
        fs::remove(made.config());
        IFRIT_RETURN_IF_ERROR(copyFile(options.configFile, made.config()));
    }
    IFRIT_ASSIGN_OR_RETURN(const Config config, loadConfig(made.config().string()));
    IFRIT_RETURN_IF_ERROR(copyArchives(backup.packages(), made.packages()));
    // An older program's backup is brought forward in a copy; the backup itself is never written.
    const fs::path work = staged.path() / "restoring.db";
    IFRIT_RETURN_IF_ERROR(copyFile(backup.database(), work));
    IFRIT_RETURN_IF_ERROR(migrateFile(work, clock));
    // The last: what was committed on a server is not undone with the directory.
    IFRIT_RETURN_IF_ERROR(storage::sql::copyDatabase(
        restoring(asFile(work), databaseOptions(made, config.store), from, options, clock.now()),
        clock));
    fs::remove(work);
    removeSideFiles(work);
    BackupSummary summary;
    {
        IFRIT_ASSIGN_OR_RETURN(
            const auto database,
            openDatabase(made, config.store, SqlDatabase::Schema::Require, clock));
        IFRIT_ASSIGN_OR_RETURN(summary, summaryOf(*database));
        IFRIT_ASSIGN_OR_RETURN(const auto missing, missingArchives(*database, made.packages()));
        summary.missing = describe(missing);
    }
    countFiles(staged.path(), summary);
    IFRIT_RETURN_IF_ERROR(staged.moveIntoPlace());
    return summary;
}

}  // namespace ifrit::master::app
