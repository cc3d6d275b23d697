// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// The file system of control groups, version 2 (cgroups(7)). A group is named by its path below
/// the mount, as /proc/<pid>/cgroup does: "/system.slice/ifrit-guard.service". Thread-safe.
class CgroupFiles {
public:
    virtual ~CgroupFiles() = default;

    virtual absl::StatusOr<std::string> read(const std::string& group,
                                             const std::string& file) const = 0;
    /// In one write, as the kernel wants it; the file must be there.
    virtual absl::Status write(const std::string& group, const std::string& file,
                               std::string_view text) = 0;
    virtual absl::Status make(const std::string& group) = 0;  ///< OK when it is there
    virtual absl::Status remove(const std::string& group) = 0;
    virtual std::vector<std::string> children(const std::string& group) const = 0;  ///< their names
};

/// Where the one cgroup2 file system is, from the text of /proc/self/mountinfo; empty when there is
/// none that shows the whole hierarchy.
std::string cgroupMountPoint(std::string_view mountInfo);

/// Of the process whose /proc/<pid>/cgroup this is; empty when it is in no version 2 hierarchy.
std::string cgroupOf(std::string_view processCgroups);

/// The machine's own, mounted at `mountPoint`.
std::unique_ptr<CgroupFiles> kernelCgroupFiles(std::string mountPoint);

}  // namespace ifrit::agent::platform
