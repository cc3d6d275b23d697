// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "agent/app/config.h"
#include "shared/base/status.h"

namespace ifrit::agent::app {

/// Strict: INVALID_ARGUMENT CONFIG_INVALID names `path`, line and key, and for an unknown key the
/// nearest known one.
absl::StatusOr<Config> parseConfig(std::string_view toml, const std::string& path);
/// NOT_FOUND CONFIG_MISSING when there is no such file.
absl::StatusOr<Config> readConfigFile(const std::string& path);
/// As a file that parseConfig() reads back equal; the join token itself is not shown.
std::string formatConfig(const Config& config);

}  // namespace ifrit::agent::app
