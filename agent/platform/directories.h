// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// Whom a file belongs to, by number. Where the system has no such numbers, 0 and 0.
struct Owner {
    std::uint32_t userId = 0;
    std::uint32_t groupId = 0;
    bool operator==(const Owner&) const = default;
};

/// Changes of the directory tree that are on disk when the call returns: a power cut afterwards
/// does not undo them. Each single call is atomic or can be repeated. Thread-safe for different
/// paths. Errors are base::errnoStatus with the path.
class Directories {
public:
    virtual ~Directories() = default;

    /// With parents. OK when it is there already (its mode is then left alone).
    virtual absl::Status create(const std::string& path, std::uint32_t mode) = 0;
    /// Removes a file, link or tree, without following links. OK when there is nothing.
    virtual absl::Status removeTree(const std::string& path) = 0;
    /// Atomic within one file system; replaces a file or an empty directory.
    virtual absl::Status rename(const std::string& from, const std::string& to) = 0;
    /// Makes `link` point to `target` in one step: at every instant it is the old or the new one.
    virtual absl::Status switchLink(const std::string& target, const std::string& link) = 0;
    /// Where the link points to, as written. NOT_FOUND when there is none.
    virtual absl::StatusOr<std::string> readLink(const std::string& link) const = 0;
    /// Entries without "." and "..", sorted.
    virtual absl::StatusOr<std::vector<std::string>> list(const std::string& path) const = 0;
    /// Of a directory; what is not one, or a link to one, is an error.
    virtual absl::StatusOr<Owner> owner(const std::string& directory) const = 0;
    /// Of the directory alone, not of what is in it; no link is followed.
    virtual absl::Status setOwner(const std::string& directory, const Owner& owner) = 0;
    /// Whom what is made here belongs to.
    virtual Owner ourselves() const = 0;
};

}  // namespace ifrit::agent::platform
