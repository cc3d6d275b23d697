// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "agent/app/config.h"
#include "agent/app/config_environment.h"
#include "shared/base/status.h"

namespace ifrit::agent::app {

/// Strict: INVALID_ARGUMENT CONFIG_INVALID names `path`, line and key, and for an unknown key the
/// nearest known one.
absl::StatusOr<Config> parseConfig(std::string_view toml, const std::string& path);
/// What is in neither the file nor a variable is a default, and has no origin.
using LoadedConfig = config::Loaded<Config>;
/// With the environment over the file. An error that the file alone does not have names the
/// variables.
absl::StatusOr<LoadedConfig> parseConfig(std::string_view toml, const std::string& path,
                                         config::GetVariable get);
/// The same of a file and this process's environment. NOT_FOUND CONFIG_MISSING when there is no
/// such file.
absl::StatusOr<LoadedConfig> loadConfig(const std::string& path);
/// Of a machine whose file cannot be used, for who asks the ifrit-agent there: all as it is by
/// default, but for `root`; empty: that of the file, where its line can be understood.
Config configWithoutFile(const std::string& path, const std::string& root);
absl::StatusOr<Config> readConfigFile(const std::string& path);
/// As a file that parseConfig() reads back equal; the join token itself is not shown.
std::string formatConfig(const Config& config);

}  // namespace ifrit::agent::app
