// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
    std::uint64_t inodes = 0;
};

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
