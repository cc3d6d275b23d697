// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>

namespace ifrit::agent::platform {

/// What changes when a file is written to, replaced or given other times.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t sizeBytes = 0;
    std::int64_t modified = 0;  ///< nanoseconds since the Unix epoch, as `changed`
    std::int64_t changed = 0;
    bool operator==(const FileStamp&) const = default;
};

FileStamp stampOf(const struct stat& info);

}  // namespace ifrit::agent::platform
