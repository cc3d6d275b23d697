// SPDX-License-Identifier: Apache-2.0
#include "agent/package/file_names.h"

#include <filesystem>
#include <system_error>

namespace ifrit::agent::package {

absl::StatusOr<std::vector<std::string>> fileNamesIn(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code error;
    // Not by a range-for, which throws where a disk fails in the middle.
    std::filesystem::directory_iterator at(directory, error);
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error))
        names.push_back(at->path().filename().string());
    if (error) return base::errnoStatus(error.value(), "listing " + directory);
    return names;
}

}  // namespace ifrit::agent::package
