// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ifrit::agent::platform {

/// Which fact says that this is a container, empty when none does. The facts are those that
/// systemd-detect-virt(1) --container looks at, strongest first, and for cgroup v1 the names that
/// container managers give their groups. `root` is put before every path; `ownVariable` is the
/// value of our own environment variable "container".
std::string containerEvidence(const std::string& root, const std::string& ownVariable);

}  // namespace ifrit::agent::platform
