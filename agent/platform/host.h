// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/status.h"

namespace ifrit::agent::platform {

struct HostFacts {
    std::string hostname;
    std::string kernel;        ///< "6.1.0-18-amd64"
    std::string libc;          ///< "glibc 2.36"
    std::string architecture;  ///< "x86_64", "aarch64"
    std::string address;       ///< of the interface with the default route, else any but loopback
    std::string machineId;     ///< /etc/machine-id, empty if there is none
    std::string instanceId;    ///< as the cloud's tools left it in a file, empty if there is none
    std::string productId;     ///< of the board (DMI), empty in a container or without privileges
    std::string hardwareAddress;  ///< of the interface with the default route, not in a container
    bool container = false;
    std::string containerEvidence;  ///< which fact said so, for `doctor`: "/.dockerenv exists"
};

struct FreeSpace {
    std::uint64_t bytes = 0;  ///< for a process without privileges
    /// nullopt: the file system makes them as it goes (btrfs, NTFS), so that they never run out.
    std::optional<std::uint64_t> inodes{};
};

/// `FreeSpace::inodes` by the counts of statvfs: who makes inodes as he goes says 0 of both, and
/// who has run out of them says 0 of the free ones alone.
inline std::optional<std::uint64_t> freeInodes(std::uint64_t all, std::uint64_t free) {
    return all == 0 ? std::nullopt : std::optional<std::uint64_t>(free);
}

/// What the machine is. Thread-safe; reads files, never the network.
class Host {
public:
    virtual ~Host() = default;
    /// Never fails: what cannot be read stays empty.
    virtual HostFacts facts() const = 0;
    /// Of the file system that holds `path`, which must exist.
    virtual absl::StatusOr<FreeSpace> freeSpace(const std::string& path) const = 0;
};

}  // namespace ifrit::agent::platform
