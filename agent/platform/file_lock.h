// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// An exclusive lock on a file, held until destruction or the process's end, so that of two
/// instances on one state directory exactly one runs. Movable; not thread-safe.
class FileLock {
public:
    /// Makes the file (mode 0600) and writes our pid into it, for people. Never waits:
    /// FAILED_PRECONDITION LOCKED with the holder's pid when another process has it.
    static absl::StatusOr<FileLock> acquire(const std::string& path);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

}  // namespace ifrit::agent::platform
