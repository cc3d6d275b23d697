// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace ifrit::agent::integrity {

enum class FileKind { Regular, Symlink, Directory, Other };

/// What was found under one name, without following links.
struct ObservedFile {
    FileKind kind = FileKind::Regular;
    std::uint64_t sizeBytes = 0;  ///< Regular only
    std::uint32_t mode = 0;       ///< permission bits with setuid, setgid, sticky; not of a Symlink
    std::uint32_t userId = 0;
    std::uint32_t groupId = 0;
    std::string sha256;      ///< of a Regular whose content matters; empty: it was not read
    std::string linkTarget;  ///< Symlink only
    std::string unreadable;  ///< why its content could not be read; empty: it could
    bool operator==(const ObservedFile&) const = default;
};

/// One version's directory as it is on the disk, by path relative to it; "." is itself.
using ObservedTree = std::map<std::string, ObservedFile>;

}  // namespace ifrit::agent::integrity
