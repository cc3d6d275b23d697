// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace ifrit::agent::platform {

/// A whole small file, as those of /proc and /sys are, whose size is not known before; nullopt when
/// it cannot be read.
std::optional<std::string> readSmallFile(const std::string& path);

}  // namespace ifrit::agent::platform
