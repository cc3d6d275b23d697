// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to shared/package: reading a payload against its manifest.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// Where the files of a payload go. An error ends the walk and is handed on.
class EntrySink {
public:
    virtual ~EntrySink() = default;
    virtual absl::Status begin(const domain::FileEntry& file) = 0;
    virtual absl::Status data(std::string_view bytes) = 0;
    virtual absl::Status end(const domain::FileEntry& file) = 0;
};

/// A piece of an open file.
struct FileRange {
    int fd = -1;  ///< not owned; its position is not used
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::string name;  ///< for messages
};

/// Reads the tar.zst in `range` once, front to back, and hands its files to `sink` as the manifest
/// describes them. Refuses (PACKAGE_ARCHIVE) anything that the manifest does not list, or lists
/// otherwise: kind, size, mode, digest, duplicates, absences; and PACKAGE_DIGEST where the
/// archive's own size or SHA-256 differs; SYSTEM where the file cannot be read. The archive's paths
/// are only ever compared, never used.
absl::Status walkPayload(const FileRange& range, const domain::Manifest& manifest, EntrySink& sink);

}  // namespace ifrit::package
