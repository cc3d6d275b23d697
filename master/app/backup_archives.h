// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "master/storage/database.h"

namespace ifrit::master::app {

/// Copies one file, and makes the folder that it goes to.
absl::Status copyFile(const std::filesystem::path& from, const std::filesystem::path& to);

/// Archives are named by their content and never change: those that are there stay as they are.
/// Uploads that are not complete are left out, and so is what is removed meanwhile.
absl::Status copyArchives(const std::filesystem::path& from, const std::filesystem::path& to);

/// Packages of the database whose archives `packages` does not hold: they were lost, removed
/// meanwhile, or other masters hold them.
absl::StatusOr<std::vector<storage::PackageRecord>> missingArchives(
    storage::Database& database, const std::filesystem::path& packages);
/// "agent version (archive)" each.
std::vector<std::string> describe(const std::vector<storage::PackageRecord>& packages);

/// What broken-off fetches left, and folders that are empty.
void removeParts(const std::filesystem::path& packages);

}  // namespace ifrit::master::app
