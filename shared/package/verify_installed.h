// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "shared/domain/manifest.h"

namespace ifrit::package {

enum class DeviationKind { Missing, Changed, Mode, Added };

struct Deviation {
    DeviationKind kind = DeviationKind::Changed;
    std::string path;
    bool operator==(const Deviation&) const = default;
};

/// Holds an installed version against its manifest: each listed file's kind, size, mode and digest,
/// and any file or link there that is not listed (an empty folder is none). Ordered by path. Reads
/// every file once. An error only where `root` cannot be read.
absl::StatusOr<std::vector<Deviation>> verifyInstalled(const std::filesystem::path& root,
                                                       const domain::Manifest& manifest);

}  // namespace ifrit::package
