// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to shared/package: writing tar archives, the same bytes for the same input.

#include <absl/status/status.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// Writes `files`, read from `folder`, as tar.zst: sorted as given, owner 0:0, time 0.
absl::Status writePayload(const std::filesystem::path& folder,
                          const std::vector<domain::FileEntry>& files,
                          const std::filesystem::path& output);

/// Writes the three members of a package file.
absl::Status writePackage(std::string_view manifest, std::string_view signature,
                          const std::filesystem::path& payload,
                          const std::filesystem::path& output);

}  // namespace ifrit::package
