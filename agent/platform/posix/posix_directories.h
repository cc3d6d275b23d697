// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/directories.h"

namespace ifrit::agent::platform {

/// Over POSIX calls, each change followed by an fsync of the directory that it is in.
class PosixDirectories final : public Directories {
public:
    absl::Status create(const std::string& path, std::uint32_t mode) override;
    absl::Status removeTree(const std::string& path) override;
    absl::Status rename(const std::string& from, const std::string& to) override;
    absl::Status switchLink(const std::string& target, const std::string& link) override;
    absl::StatusOr<std::string> readLink(const std::string& link) const override;
    absl::StatusOr<std::vector<std::string>> list(const std::string& path) const override;
    absl::StatusOr<Owner> owner(const std::string& directory) const override;
    absl::Status setOwner(const std::string& directory, const Owner& owner) override;
    Owner ourselves() const override;
};

}  // namespace ifrit::agent::platform
