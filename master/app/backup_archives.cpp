// SPDX-License-Identifier: Apache-2.0
#include "master/app/backup_archives.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "master/services/archive_store.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

namespace fs = std::filesystem;

}  // namespace

absl::Status copyFile(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (!error) fs::copy_file(from, to, error);
    if (!error) return absl::OkStatus();
    return base::errnoStatus(error.value(),
                             fmt::format("copy {} to {}", from.string(), to.string()));
}

absl::Status copyArchives(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) return absl::OkStatus();
    fs::recursive_directory_iterator entry(from, error);
    while (!error && entry != fs::recursive_directory_iterator()) {
        const fs::path file = entry->path();
        std::error_code look;
        if (entry->is_regular_file(look) && file.extension() != ".part") {
            const absl::Status copied = copyFile(file, to / fs::relative(file, from));
            // Its package was deleted since it was listed.
            if (!copied.ok() && fs::exists(file, look)) return copied;
        }
        entry.increment(error);
    }
    if (!error) return absl::OkStatus();
    return base::errnoStatus(error.value(), from.string());
}

absl::StatusOr<std::vector<storage::PackageRecord>> missingArchives(storage::Database& database,
                                                                    const fs::path& packages) {
    std::vector<storage::PackageRecord> all;
    IFRIT_RETURN_IF_ERROR(database.read([&all](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(all, in.packages().list(""));
        return absl::OkStatus();
    }));
    const services::ArchiveStore archives(packages);
    std::vector<storage::PackageRecord> out;
    for (storage::PackageRecord& package : all) {
        const auto held = archives.progress(package.archiveDigest);
        if (!held.ok() || !held->complete) out.push_back(std::move(package));
    }
    return out;
}

std::vector<std::string> describe(const std::vector<storage::PackageRecord>& packages) {
    std::vector<std::string> out;
    for (const storage::PackageRecord& package : packages)
        out.push_back(fmt::format("{} {} ({})", package.agent, package.version,
                                  package.archiveDigest.substr(0, 12)));
    return out;
}

void removeParts(const fs::path& packages) {
    std::error_code error;
    if (!fs::exists(packages, error)) return;
    std::vector<fs::path> parts;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(packages, error)) {
        if (entry.path().extension() == ".part") parts.push_back(entry.path());
    }
    for (const fs::path& part : parts) {
        fs::remove(part, error);
        // Only where it is empty.
        fs::remove(part.parent_path(), error);
    }
}

}  // namespace ifrit::master::app
