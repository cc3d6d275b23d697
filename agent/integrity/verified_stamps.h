// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "agent/platform/posix/file_stamp.h"
#include "shared/base/clock.h"

namespace ifrit::agent::integrity {

using platform::FileStamp;

/// Which files of one version were read and found to be as signed, and how they looked then: saves
/// reading them again after a notice. The periodic scan never asks it, so that a change which
/// leaves no trace in a stamp (a disk's, a kernel's, root's with a raw device) lives for one
/// interval at most. One thread.
class VerifiedStamps {
public:
    /// Over it nothing more is remembered; those files are read again.
    static constexpr std::size_t kMaxFiles = 50'000;

    bool holds(std::string_view path, const FileStamp& stamp) const;
    /// Nothing is remembered of a file that changed less than two seconds before `now`: a second
    /// write in the same tick of the file system's clock would not show in the stamp.
    void remember(std::string_view path, const FileStamp& stamp, base::WallTime now);
    void forget(std::string_view path);
    std::size_t size() const { return m_stamps.size(); }

private:
    std::unordered_map<std::uint64_t, FileStamp> m_stamps;  ///< by hash of the path
};

}  // namespace ifrit::agent::integrity
