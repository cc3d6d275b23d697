// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <optional>

#include "shared/domain/freeze_mark.h"

namespace ifrit::master::services {

/// A freeze on this master's own disk, so that a restart keeps it also without the database. TOML,
/// for people who find it there. Room for it is kept beside it, in "<path>.room": a full disk is no
/// time to be without it.
class FreezeFile {
public:
    /// Who froze the cluster by a file that cannot be read.
    static constexpr char kUnknown[] = "unknown";

    /// An empty path keeps nothing.
    explicit FreezeFile(std::filesystem::path path) : m_path(std::move(path)) {}

    /// Sets room aside where there is none. An error is worth a line in the log and no more.
    absl::Status keepRoom() const;
    /// On a full disk in the room that was kept.
    absl::Status write(const domain::FreezeMark& mark) const;
    /// No error when there is none.
    absl::Status remove() const;
    /// nullopt: none. A file that cannot be read is a freeze all the same, by nobody: whoever froze
    /// the cluster must not lose it to a damaged file.
    std::optional<domain::FreezeMark> read() const;

private:
    std::string room() const { return m_path.string() + ".room"; }

    const std::filesystem::path m_path;
};

}  // namespace ifrit::master::services
