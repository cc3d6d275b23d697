// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/host.h"

namespace ifrit::agent::platform {

class LinuxHost final : public Host {
public:
    /// `root` is put before the paths that are read ("" is the machine itself);
    /// `containerVariable` is the value of our own environment variable "container", which
    /// container managers set.
    explicit LinuxHost(std::string root = "", std::string containerVariable = "");

    HostFacts facts() const override;
    absl::StatusOr<FreeSpace> freeSpace(const std::string& path) const override;

private:
    std::string instanceId() const;

    const std::string m_root;
    const std::string m_containerVariable;
};

}  // namespace ifrit::agent::platform
