// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/base/status.h"

namespace ifrit::agent::journal {

/// A file that holds 512 KiB of a disk for the moment when nothing else of it is free. It is given
/// away in four pieces: whoever filled the disk may take the first before it is stopped. Not
/// thread-safe.
class DiskReserve {
public:
    explicit DiskReserve(std::string path) : m_path(std::move(path)) {}

    /// Makes it whole again, really allocated. Does nothing where it is whole, and where that would
    /// take from a disk that has hardly anything left (OK, too).
    absl::Status fill();
    /// As fill(); also where it only looks whole: a copy of a disk may have it as a hole.
    absl::Status make();
    /// One piece becomes free; false when there is none any more.
    bool giveAway();

private:
    const std::string m_path;
};

}  // namespace ifrit::agent::journal
