// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/host.h"

namespace ifrit::agent::platform {

/// `libc` stays empty: there is no glibc to be newer than. `machineId` is the MachineGuid.
class WindowsHost final : public Host {
public:
    HostFacts facts() const override;
    /// NTFS makes file records as it goes.
    absl::StatusOr<FreeSpace> freeSpace(const std::string& path) const override;
};

}  // namespace ifrit::agent::platform
